// CountChanges: the least that a timetable can be said to change of the published one.

#include <algorithm>
#include <limits>

#include "services/courses/timetable/checker.h"

namespace klynge::courses::timetable {
namespace {

using Events = std::vector<const Event*>;
using Matrix = std::vector<std::vector<int64_t>>;

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

// The assignment of rows to columns with the least sum, one column a row: the Hungarian method with
// shortest augmenting paths. Expects a square.
int64_t LeastSum(const Matrix& cost) {
  const size_t n = cost.size();
  const int64_t far = std::numeric_limits<int64_t>::max() / 4;
  // Row and column 0 stand for "none yet".
  std::vector<int64_t> row_price(n + 1), column_price(n + 1);
  std::vector<size_t> row_of(n + 1);
  for (size_t row = 1; row <= n; ++row) {
    std::vector<int64_t> distance(n + 1, far);
    std::vector<size_t> before(n + 1);
    std::vector<bool> seen(n + 1);
    size_t column = 0;
    row_of[0] = row;
    do {
      seen[column] = true;
      const size_t from = row_of[column];
      size_t nearest = 0;
      for (size_t to = 1; to <= n; ++to) {
        if (seen[to]) continue;
        const int64_t reduced = cost[from - 1][to - 1] - row_price[from] - column_price[to];
        if (reduced < distance[to]) {
          distance[to] = reduced;
          before[to] = column;
        }
        if (nearest == 0 || distance[to] < distance[nearest]) nearest = to;
      }
      const int64_t step = distance[nearest];
      for (size_t to = 0; to <= n; ++to) {
        if (seen[to]) {
          row_price[row_of[to]] += step;
          column_price[to] -= step;
        } else {
          distance[to] -= step;
        }
      }
      column = nearest;
    } while (row_of[column] != 0);
    for (; column != 0; column = before[column]) row_of[column] = row_of[before[column]];
  }
  int64_t sum = 0;
  for (size_t to = 1; to <= n; ++to) sum += cost[row_of[to] - 1][to - 1];
  return sum;
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
    Matrix cost(size, std::vector<int64_t>(size));
    for (size_t p = 0; p < published.size(); ++p) {
      for (size_t n = 0; n < size; ++n) {
        cost[p][n] = Changes(problem, *published[p], n < now.size() ? now[n] : nullptr);
      }
    }
    sum += LeastSum(cost);
  }
  return sum;
}

}  // namespace klynge::courses::timetable
