// CountChanges: the least that a timetable can be said to change of the published one.

#include <algorithm>

#include "services/courses/timetable/assignment.h"
#include "services/courses/timetable/checker.h"

namespace klynge::courses::timetable {
namespace {

using Events = std::vector<const Event*>;

Events EventsOf(const Timetable& timetable, const std::string& series) {
  Events events;
  for (const Event& event : timetable.events) {
    if (event.series_id == series) events.push_back(&event);
  }
  return events;
}

// The teams of `published` that are still there and not in `now` (null: nowhere).
int64_t TeamsElsewhere(const Problem& problem, const Event& published, const Event* now) {
  int64_t elsewhere = 0;
  for (const Team& team : problem.teams) {
    const auto attends = [&team](const Event& event) {
      return std::count(event.team_ids.begin(), event.team_ids.end(), team.id) > 0;
    };
    if (attends(published) && (now == nullptr || !attends(*now))) ++elsewhere;
  }
  return elsewhere;
}

// What changes when `published` becomes `now` (null: it is not held any more).
int64_t Changes(const Problem& problem, const Event& published, const Event* now) {
  int64_t changes = TeamsElsewhere(problem, published, now);
  if (now == nullptr || now->date != published.date) ++changes;
  if (now == nullptr || now->venue_id != published.venue_id) ++changes;
  if (now == nullptr || now->lecturer_id != published.lecturer_id) ++changes;
  return changes;
}

}  // namespace

int64_t CountChanges(const Problem& problem, const Timetable& timetable) {
  int64_t sum = 0;
  for (const Series& series : problem.series) {
    const Events published = EventsOf(problem.published, series.id);
    if (published.empty()) continue;
    const Events now = EventsOf(timetable, series.id);
    // Squared with events that are not held any more and events that were not published; no match
    // is worse than none, so that as many match as can.
    const size_t size = std::max(published.size(), now.size());
    CostMatrix cost(size, std::vector<int64_t>(size));
    for (size_t p = 0; p < published.size(); ++p) {
      for (size_t n = 0; n < size; ++n) {
        cost[p][n] = Changes(problem, *published[p], n < now.size() ? now[n] : nullptr);
      }
    }
    const std::vector<size_t> match = CheapestAssignment(cost);
    for (size_t p = 0; p < size; ++p) sum += cost[p][match[p]];
  }
  return sum;
}

}  // namespace klynge::courses::timetable
