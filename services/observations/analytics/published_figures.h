// The figures of one closed round, as they are published: once, and the same for everybody.
#pragma once

#include <absl/types/optional.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "services/observations/analytics/cube.h"
#include "services/observations/analytics/disclosure.h"
#include "services/observations/analytics/reporting_tree.h"

namespace klynge::observations::analytics {

struct ItemScale {
  int minimum = 1;
  int maximum = 1;
};

// `n` ratings of one value in one leaf and month (both from 0).
struct RatingCount {
  int leaf = 0;
  int item = 0;
  int month = 0;
  int value = 0;
  int64_t n = 0;
};

// Immutable and thread-safe. What may not be shown is not kept, so no mistake elsewhere can show
// it.
class PublishedFigures {
 public:
  // Items are numbered as in `scales`. Every count must be within the tree, months and scales.
  PublishedFigures(std::shared_ptr<const ReportingTree> tree, int months,
                   const std::vector<ItemScale>& scales, const std::vector<RatingCount>& counts,
                   int threshold, DetailPriority priority);

  // The ratings of some items on one scale (at least one item), together; nothing when that is
  // suppressed: when a figure of one of those items is. A sum is thus made of shown figures only,
  // and tells nothing that they do not. Period 0 is the round, 1 to months() its months.
  absl::optional<Distribution> At(int node, const std::vector<int>& items, int period) const;

  // Whether the figure of one item is shown.
  bool Shows(int node, int item, int period) const {
    return shown_[item][static_cast<size_t>(node) * (months_ + 1) + period];
  }
  // What a figure of the item is when nobody has rated it.
  Distribution NoRatings(int item) const { return cubes_[item].Nothing(); }

  const ReportingTree& tree() const { return *tree_; }
  int months() const { return months_; }

 private:
  std::shared_ptr<const ReportingTree> tree_;
  int months_;
  std::vector<ItemCube> cubes_;           // by item
  std::vector<std::vector<bool>> shown_;  // by item, then [node * (months + 1) + period]
};

}  // namespace klynge::observations::analytics
