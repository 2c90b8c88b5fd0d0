#include "services/observations/analytics/statistics.h"

#include <cmath>

namespace klynge::observations::analytics {

Statistics Summarise(const Distribution& distribution, int favourable_from) {
  Statistics result;
  int64_t sum = 0;
  int64_t squares = 0;
  int64_t favourable = 0;
  for (size_t i = 0; i < distribution.counts.size(); ++i) {
    const int64_t count = distribution.counts[i];
    const int64_t value = distribution.minimum + static_cast<int64_t>(i);
    result.n += count;
    sum += count * value;
    squares += count * value * value;
    if (value >= favourable_from) favourable += count;
  }
  if (result.n == 0) return result;
  const double n = static_cast<double>(result.n);
  result.mean = static_cast<double>(sum) / n;
  result.share_favourable = static_cast<double>(favourable) / n;
  if (result.n > 1) {
    // n·Σx² − (Σx)² of whole numbers: equal ratings give exactly 0, never a tiny negative number.
    const long double spread =
        static_cast<long double>(result.n) * squares - static_cast<long double>(sum) * sum;
    result.standard_deviation = std::sqrt(static_cast<double>(spread / (n * (n - 1))));
  }
  return result;
}

absl::optional<Difference> Compare(const Statistics& before, const Statistics& after) {
  if (before.n == 0 || after.n == 0) return absl::nullopt;
  const auto variance_of_mean = [](const Statistics& s) {
    return s.standard_deviation * s.standard_deviation / static_cast<double>(s.n);
  };
  return Difference{after.mean - before.mean,
                    std::sqrt(variance_of_mean(before) + variance_of_mean(after))};
}

}  // namespace klynge::observations::analytics
