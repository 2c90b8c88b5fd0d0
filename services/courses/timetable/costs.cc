// CostTimetable: what a timetable costs, recounted from the events alone.

#include <algorithm>
#include <cstdlib>
#include <map>

#include "services/courses/timetable/checker.h"

namespace klynge::courses::timetable {
namespace {

template <class Item>
const Item& ById(const std::vector<Item>& items, const std::string& id) {
  return *std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
}

// A team's events in theme order.
std::vector<const Event*> EventsOf(const Problem& problem, const Timetable& timetable,
                                   const Team& team) {
  std::vector<const Event*> events;
  for (const Series& series : problem.series) {
    for (const Event& event : timetable.events) {
      const auto& teams = event.team_ids;
      if (event.series_id != series.id) continue;
      if (std::count(teams.begin(), teams.end(), team.id) > 0) events.push_back(&event);
    }
  }
  return events;
}

struct TeamCounts {
  int64_t spread = 0, travel = 0, venues = 0;
};

TeamCounts CountsOf(const Problem& problem, const Timetable& timetable, const Team& team) {
  int64_t even_gap = (problem.until - problem.from) / static_cast<int64_t>(problem.series.size());
  even_gap = std::max<int64_t>(even_gap, problem.limits.min_gap_days);
  even_gap = std::min<int64_t>(even_gap, problem.limits.max_gap_days);
  TeamCounts counts;
  std::set<std::string> visited;
  const Event* before = nullptr;
  for (const Event* event : EventsOf(problem, timetable, team)) {
    if (before != nullptr) {
      const Date last = before->date + (ById(problem.series, before->series_id).days - 1);
      counts.spread += std::abs(event->date - last - even_gap) / 7;
    }
    if (ById(problem.venues, event->venue_id).area_id != team.area_id) ++counts.travel;
    visited.insert(event->venue_id);
    before = event;
  }
  counts.venues = visited.empty() ? 0 : static_cast<int64_t>(visited.size()) - 1;
  return counts;
}

struct DayCounts {
  int64_t weekdays = 0, holidays = 0;
};

DayCounts CountDays(const Problem& problem, const Timetable& timetable) {
  const auto& preferred = problem.preferred_weekdays;
  DayCounts counts;
  for (const Event& event : timetable.events) {
    for (int d = 0; d < ById(problem.series, event.series_id).days; ++d) {
      const Date date = event.date + d;
      if (!preferred.empty() && preferred.count(absl::GetWeekday(date)) == 0) ++counts.weekdays;
      if (UseOf(date, problem.calendar) == DayUse::kAvoided) ++counts.holidays;
    }
  }
  return counts;
}

int64_t LecturersBeyondTheFirst(const Timetable& timetable) {
  std::map<std::string, std::set<std::string>> of_series;
  for (const Event& event : timetable.events) of_series[event.series_id].insert(event.lecturer_id);
  int64_t beyond = 0;
  for (const auto& each : of_series) beyond += static_cast<int64_t>(each.second.size()) - 1;
  return beyond;
}

}  // namespace

std::vector<ConstraintCost> CostTimetable(const Problem& problem, const Timetable& timetable) {
  TeamCounts sum;
  for (const Team& team : problem.teams) {
    const TeamCounts counts = CountsOf(problem, timetable, team);
    sum.spread += counts.spread;
    sum.travel += counts.travel;
    sum.venues += counts.venues;
  }
  const DayCounts days = CountDays(problem, timetable);
  const int64_t lecturers = LecturersBeyondTheFirst(timetable);
  const int64_t changes = CountChanges(problem, timetable);
  const Weights& weights = problem.weights;
  return {{"spread", sum.spread, sum.spread * weights.spread},
          {"preferred_weekdays", days.weekdays, days.weekdays * weights.preferred_weekdays},
          {"travel", sum.travel, sum.travel * weights.travel},
          {"venue_stability", sum.venues, sum.venues * weights.venue_stability},
          {"school_holidays", days.holidays, days.holidays * weights.school_holidays},
          {"lecturer_stability", lecturers, lecturers * weights.lecturer_stability},
          {"stay_published", changes, changes * weights.stay_published}};
}

}  // namespace klynge::courses::timetable
