#include "services/courses/timetable/ctt/ctt_changes.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace klynge::courses::timetable {

namespace {

bool SamePeriod(const CttLecture& a, const CttLecture& b) {
  return a.day == b.day && a.period == b.period;
}
bool SamePlace(const CttLecture& a, const CttLecture& b) {
  return SamePeriod(a, b) && a.room == b.room;
}
bool SameDay(const CttLecture& a, const CttLecture& b) { return a.day == b.day; }
bool Any(const CttLecture&, const CttLecture&) { return true; }

// Takes pairs of which `alike` holds out of both lists.
template <typename Alike>
std::vector<CttChange> TakePairs(CttTimetable& before, CttTimetable& after, Alike alike) {
  std::vector<CttChange> pairs;
  CttTimetable left;
  for (const CttLecture& from : before) {
    const auto to = std::find_if(after.begin(), after.end(),
                                 [&](const CttLecture& there) { return alike(from, there); });
    if (to == after.end()) {
      left.push_back(from);
    } else {
      pairs.push_back({from.course, from, *to});
      after.erase(to);
    }
  }
  before = std::move(left);
  return pairs;
}

std::vector<CttTimetable> ByCourse(const CttInstance& instance, const CttTimetable& timetable) {
  std::vector<CttTimetable> lectures(instance.courses.size());
  for (const CttLecture& lecture : timetable) lectures[lecture.course].push_back(lecture);
  for (CttTimetable& of_course : lectures) {
    std::sort(of_course.begin(), of_course.end(), [](const CttLecture& a, const CttLecture& b) {
      return std::tie(a.day, a.period, a.room) < std::tie(b.day, b.period, b.room);
    });
  }
  return lectures;
}

}  // namespace

std::vector<CttChange> CttChanges(const CttInstance& instance, const CttTimetable& before,
                                  const CttTimetable& after) {
  std::vector<CttTimetable> was = ByCourse(instance, before);
  std::vector<CttTimetable> is = ByCourse(instance, after);
  std::vector<CttChange> changes;
  for (size_t i = 0; i < was.size(); ++i) {
    TakePairs(was[i], is[i], SamePlace);
    for (auto alike : {SamePeriod, SameDay, Any}) {
      for (CttChange& change : TakePairs(was[i], is[i], alike)) changes.push_back(change);
    }
    for (const CttLecture& gone : was[i]) changes.push_back({gone.course, gone, absl::nullopt});
    for (const CttLecture& added : is[i]) changes.push_back({added.course, absl::nullopt, added});
  }
  return changes;
}

std::string DescribeCttPlace(const CttInstance& instance, const CttLecture& lecture) {
  return absl::StrCat("day ", lecture.day, ", period ", lecture.period, " in ",
                      instance.rooms[lecture.room].id);
}

std::string DescribeCttChange(const CttInstance& instance, const CttChange& change) {
  const auto place = [&](const absl::optional<CttLecture>& lecture) {
    return lecture ? DescribeCttPlace(instance, *lecture) : "nowhere";
  };
  return absl::StrCat(instance.courses[change.course].id, ": ", place(change.from), " -> ",
                      place(change.to));
}

}  // namespace klynge::courses::timetable
