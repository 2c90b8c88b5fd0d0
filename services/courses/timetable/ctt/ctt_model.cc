#include "services/courses/timetable/ctt/ctt_model.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "services/courses/timetable/engine/time_constraints.h"
#include "services/courses/timetable/engine/venue_constraints.h"

namespace klynge::courses::timetable {
namespace {

// What a unit of each soft constraint costs by the published rules.
constexpr int kCapacityWeight = 1;
constexpr int kMinimumDaysWeight = 5;
constexpr int kCompactnessWeight = 2;
constexpr int kStabilityWeight = 1;

void AddPeriods(const CttInstance& ctt, Instance& out) {
  for (int day = 0; day < ctt.days; ++day) {
    out.day_number.push_back(day);
    for (int slot = 0; slot < ctt.periods_per_day; ++slot) {
      out.day_of.push_back(day);
      out.slot_of.push_back(slot);
    }
  }
}

// Of each course; teachers are numbered as they come.
std::vector<int> TeachersOf(const CttInstance& ctt) {
  std::map<std::string, int> numbers;
  std::vector<int> teachers;
  for (const CttCourse& course : ctt.courses) {
    const int next = static_cast<int>(numbers.size());
    teachers.push_back(numbers.emplace(course.teacher, next).first->second);
  }
  return teachers;
}

void AddCourses(const CttInstance& ctt, Instance& out) {
  const std::vector<int> teachers = TeachersOf(ctt);
  for (const CttCourse& course : ctt.courses) {
    const int teacher = teachers[out.series.size()];
    out.lecturer_count = std::max(out.lecturer_count, teacher + 1);
    Instance::Series& series = out.series.emplace_back();
    for (int i = 0; i < course.lectures; ++i) {
      series.events.push_back(out.event_count());
      out.events.push_back({out.series_count() - 1, 1, course.students, {teacher}});
    }
  }
  for (const CttRoom& room : ctt.rooms) out.venues.push_back({room.capacity, kNone});
  out.groups.resize(ctt.curricula.size());
  for (size_t q = 0; q < ctt.curricula.size(); ++q) {
    for (int course : ctt.curricula[q].courses) {
      out.series[course].audience.push_back(static_cast<int>(q));
    }
  }
}

}  // namespace

Model CttModel(const CttInstance& ctt) {
  Model model;
  Instance& out = model.instance;
  AddPeriods(ctt, out);
  AddCourses(ctt, out);
  out.start_open = BitTable(out.event_count(), out.period_count(), true);
  out.venue_fits = BitTable(out.event_count(), out.venue_count(), true);
  out.venue_open = BitTable(out.venue_count(), out.period_count(), true);
  out.lecturer_open = BitTable(out.lecturer_count, out.period_count(), true);
  out.group_open = BitTable(out.group_count(), out.period_count(), true);
  for (const CttUnavailable& each : ctt.unavailable) {
    for (int event : out.series[each.course].events) {
      out.start_open.Set(event, each.day * ctt.periods_per_day + each.period, false);
    }
  }
  std::vector<int> days;
  for (const CttCourse& course : ctt.courses) days.push_back(course.min_days);
  model.rules = {
      MakeRule<Capacity>("room_capacity", false, kCapacityWeight),
      MakeRule<MinimumDays>("minimum_working_days", false, kMinimumDaysWeight, days),
      MakeRule<Compactness>("curriculum_compactness", false, kCompactnessWeight),
      MakeRule<SeriesVenues>("room_stability", false, kStabilityWeight),
  };
  return model;
}

Solution CttSolution(const CttInstance& ctt, const CttTimetable& timetable) {
  const std::vector<int> teachers = TeachersOf(ctt);
  std::vector<int> first;  // event of each course
  int events = 0;
  for (const CttCourse& course : ctt.courses) {
    first.push_back(events);
    events += course.lectures;
  }
  Solution solution;
  solution.placements.resize(events);
  std::vector<int> placed(ctt.courses.size());
  for (const CttLecture& lecture : timetable) {
    const int course = lecture.course;
    if (placed[course] == ctt.courses[course].lectures) continue;
    solution.placements[first[course] + placed[course]++] = {
        lecture.day * ctt.periods_per_day + lecture.period, lecture.room, teachers[course]};
  }
  return solution;
}

CttTimetable FromSolution(const CttInstance& ctt, const Solution& solution) {
  CttTimetable timetable;
  size_t event = 0;
  for (size_t c = 0; c < ctt.courses.size(); ++c) {
    for (int i = 0; i < ctt.courses[c].lectures; ++i) {
      const Placement& at = solution.placements[event++];
      if (at.period == kNone) continue;
      timetable.push_back({static_cast<int>(c), at.venue, at.period / ctt.periods_per_day,
                           at.period % ctt.periods_per_day});
    }
  }
  return timetable;
}

}  // namespace klynge::courses::timetable
