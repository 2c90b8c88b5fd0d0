#include "services/courses/timetable/oracle/places.h"

#include <algorithm>

namespace klynge::courses::timetable {
namespace {

bool Meets(const std::set<Date>& unavailable, Date first, int days) {
  for (int d = 0; d < days; ++d) {
    if (unavailable.count(first + d) > 0) return true;
  }
  return false;
}

// What the days cost, or -1 when one of them cannot be used.
int CostOfDays(const Problem& problem, Date first, int days) {
  int cost = 0;
  for (Date date = first; date < first + days; ++date) {
    const DayUse use = UseOf(date, problem.calendar);
    if (date > problem.until || use == DayUse::kClosed) return -1;
    if (use == DayUse::kAvoided) cost += problem.weights.school_holidays;
    const auto& preferred = problem.preferred_weekdays;
    if (!preferred.empty() && preferred.count(absl::GetWeekday(date)) == 0) {
      cost += problem.weights.preferred_weekdays;
    }
  }
  return cost;
}

}  // namespace

std::vector<Place> PlacesOf(const Problem& problem, const Series& series) {
  std::vector<Place> places(1);
  for (Date date = problem.from; date <= problem.until; ++date) {
    const int cost = CostOfDays(problem, date, series.days);
    if (cost < 0) continue;
    for (size_t v = 0; v < problem.venues.size(); ++v) {
      const Venue& venue = problem.venues[v];
      const auto& needed = series.required_features;
      if (Meets(venue.unavailable, date, series.days)) continue;
      if (!std::includes(venue.features.begin(), venue.features.end(), needed.begin(),
                         needed.end())) {
        continue;
      }
      for (size_t l = 0; l < problem.lecturers.size(); ++l) {
        const Lecturer& lecturer = problem.lecturers[l];
        if (lecturer.themes.count(series.theme) == 0) continue;
        if (Meets(lecturer.unavailable, date, series.days)) continue;
        places.push_back({static_cast<int>(date - problem.from), static_cast<int>(v),
                          static_cast<int>(l), cost});
      }
    }
  }
  std::stable_sort(places.begin() + 1, places.end(),
                   [](const Place& a, const Place& b) { return a.cost < b.cost; });
  return places;
}

}  // namespace klynge::courses::timetable
