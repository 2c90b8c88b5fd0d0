#include "services/courses/timetable/changes.h"

#include <algorithm>

#include "services/courses/timetable/assignment.h"
#include "services/courses/timetable/checker.h"

namespace klynge::courses::timetable {
namespace {

// The teams of `before` that are still there and not in `now` (null: nowhere).
int64_t TeamsElsewhere(const Problem& problem, const Event& before, const Event* now) {
  int64_t elsewhere = 0;
  for (const Team& team : problem.teams) {
    const auto attends = [&team](const Event& event) {
      return std::count(event.team_ids.begin(), event.team_ids.end(), team.id) > 0;
    };
    if (attends(before) && (now == nullptr || !attends(*now))) ++elsewhere;
  }
  return elsewhere;
}

}  // namespace

std::vector<const Event*> EventsOf(const Timetable& timetable, const std::string& series_id) {
  std::vector<const Event*> events;
  for (const Event& event : timetable.events) {
    if (event.series_id == series_id) events.push_back(&event);
  }
  return events;
}

int64_t ChangesOf(const Problem& problem, const Event& before, const Event* now) {
  int64_t changes = TeamsElsewhere(problem, before, now);
  if (now == nullptr || now->date != before.date) ++changes;
  if (now == nullptr || now->venue_id != before.venue_id) ++changes;
  if (now == nullptr || now->lecturer_id != before.lecturer_id) ++changes;
  return changes;
}

// The least that a timetable can be said to change of the published one.
int64_t CountChanges(const Problem& problem, const Timetable& timetable) {
  int64_t sum = 0;
  for (const Series& series : problem.series) {
    const std::vector<const Event*> published = EventsOf(problem.published, series.id);
    if (published.empty()) continue;
    const std::vector<const Event*> now = EventsOf(timetable, series.id);
    // Squared with events that are not held any more and events that were not published; no match
    // is worse than none, so that as many match as can.
    const size_t size = std::max(published.size(), now.size());
    CostMatrix cost(size, std::vector<int64_t>(size));
    for (size_t p = 0; p < published.size(); ++p) {
      for (size_t n = 0; n < size; ++n) {
        cost[p][n] = ChangesOf(problem, *published[p], n < now.size() ? now[n] : nullptr);
      }
    }
    const std::vector<size_t> match = CheapestAssignment(cost);
    for (size_t p = 0; p < size; ++p) sum += cost[p][match[p]];
  }
  return sum;
}

}  // namespace klynge::courses::timetable
