// Disclosure control: which figures of a round may be shown, so that no adding and subtracting of
// them is about a small group. The guarantee and the method are explained in README.md.
#pragma once

#include <cstdint>
#include <vector>

#include "services/observations/analytics/reporting_tree.h"

namespace klynge::observations::analytics {

// What is given up first where something must be.
enum class DetailPriority {
  kUnits,   // single units over the whole round come before months
  kMonths,  // months come before single units over the whole round
};

// How many observations rated one item, by leaf and month, and which figures are made of them: one
// per node of the tree for the whole round (period 0) and for each month (periods 1 to `months`).
struct ObservationCounts {
  const ReportingTree* tree = nullptr;
  int months = 1;
  std::vector<int64_t> counts;  // [leaf * months + month]

  size_t figures() const { return static_cast<size_t>(tree->size()) * (months + 1); }
};

// For each figure, at [node * (months + 1) + period], whether it may be shown. Figures without
// observations may. Depends on nothing but its arguments: not on who asks, nor for what.
// Time: a few passes over the counts for each level of the tree.
std::vector<bool> DecideShown(const ObservationCounts& observations, int threshold,
                              DetailPriority priority);

}  // namespace klynge::observations::analytics
