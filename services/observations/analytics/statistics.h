// Statistics of ratings on a scale of whole numbers, from how many there were of each.
#pragma once

#include <absl/types/optional.h>

#include <cstdint>
#include <vector>

namespace klynge::observations::analytics {

// counts[i] ratings had the value minimum + i.
struct Distribution {
  int minimum = 0;
  std::vector<int64_t> counts;
};

struct Statistics {
  int64_t n = 0;
  double mean = 0;                // points of the scale; 0 when n is 0
  double standard_deviation = 0;  // of the sample (n − 1); 0 when n < 2
  double share_favourable = 0;    // ratings of favourable_from and up, 0–1; 0 when n is 0
};

// Exact up to the last division: sums are of whole numbers.
Statistics Summarise(const Distribution& distribution, int favourable_from);

// What lies between an earlier and a later figure on the same scale.
struct Difference {
  double mean = 0;  // later less earlier
  // Standard error of the difference for unequal variances: √(s₁²/n₁ + s₂²/n₂) (Welch 1947).
  double standard_error = 0;
};

// Nothing when one of them has no ratings.
absl::optional<Difference> Compare(const Statistics& before, const Statistics& after);

}  // namespace klynge::observations::analytics
