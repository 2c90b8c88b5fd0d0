// The cube: how often each rating of one item was given, by unit of the tree and period.
#pragma once

#include <cstdint>
#include <vector>

#include "services/observations/analytics/disclosure.h"
#include "services/observations/analytics/reporting_tree.h"
#include "services/observations/analytics/statistics.h"

namespace klynge::observations::analytics {

// Filled leaf by leaf, then rolled up once; immutable after that. Period 0 is the whole round,
// periods 1 to `months` its calendar months. Counts are held densely, so a figure is one place in
// memory whatever the number of ratings.
class ItemCube {
 public:
  // The tree must outlive the cube.
  ItemCube(const ReportingTree& tree, int months, int minimum, int maximum);

  // Adds `n` ratings of `value` in a leaf and a month, both counted from 0, within the scale.
  void Add(int leaf, int month, int value, int64_t n);

  // Sums months into the round and units into those above them. Once, after the last Add.
  void RollUp();

  // How many observations rated the item, by leaf and month.
  ObservationCounts Observations() const;

  // Forgets one figure for good.
  void Erase(int node, int period);

  Distribution At(int node, int period) const;
  Distribution Nothing() const { return {minimum_, std::vector<int64_t>(width_, 0)}; }
  // Adds one figure to `sum`, which must be on the same scale.
  void AddTo(int node, int period, Distribution& sum) const;

 private:
  size_t Place(int node, int period) const {
    return (static_cast<size_t>(node) * (months_ + 1) + period) * width_;
  }

  const ReportingTree* tree_;
  int months_;
  int minimum_;
  size_t width_;
  std::vector<uint32_t> counts_;  // [node][period][value]
};

}  // namespace klynge::observations::analytics
