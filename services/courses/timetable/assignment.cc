#include "services/courses/timetable/assignment.h"

#include <limits>

namespace klynge::courses::timetable {

// The Hungarian method with shortest augmenting paths.
std::vector<size_t> CheapestAssignment(const CostMatrix& cost) {
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
  std::vector<size_t> column_of(n);
  for (size_t to = 1; to <= n; ++to) column_of[row_of[to] - 1] = to - 1;
  return column_of;
}

}  // namespace klynge::courses::timetable
