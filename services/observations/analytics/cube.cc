#include "services/observations/analytics/cube.h"

#include <algorithm>
#include <numeric>

namespace klynge::observations::analytics {

ItemCube::ItemCube(const ReportingTree& tree, int months, int minimum, int maximum)
    : tree_(&tree),
      months_(months),
      minimum_(minimum),
      width_(static_cast<size_t>(maximum - minimum + 1)),
      counts_(static_cast<size_t>(tree.size()) * (months + 1) * width_, 0) {}

void ItemCube::Add(int leaf, int month, int value, int64_t n) {
  counts_[Place(tree_->leaf_node(leaf), month + 1) + (value - minimum_)] +=
      static_cast<uint32_t>(n);
}

void ItemCube::RollUp() {
  for (int leaf = 0; leaf < tree_->leaf_count(); ++leaf) {
    const int node = tree_->leaf_node(leaf);
    for (int month = 1; month <= months_; ++month) {
      for (size_t v = 0; v < width_; ++v) {
        counts_[Place(node, 0) + v] += counts_[Place(node, month) + v];
      }
    }
  }
  // Depth-first order read backwards meets every unit before the one above it.
  const size_t row = (months_ + 1) * width_;
  for (int node = tree_->size() - 1; node >= 0; --node) {
    const int parent = tree_->node(node).parent;
    if (parent < 0) continue;
    for (size_t i = 0; i < row; ++i) counts_[Place(parent, 0) + i] += counts_[Place(node, 0) + i];
  }
}

ObservationCounts ItemCube::Observations() const {
  ObservationCounts result{tree_, months_, {}};
  result.counts.reserve(static_cast<size_t>(tree_->leaf_count()) * months_);
  for (int leaf = 0; leaf < tree_->leaf_count(); ++leaf) {
    for (int month = 1; month <= months_; ++month) {
      const uint32_t* cell = &counts_[Place(tree_->leaf_node(leaf), month)];
      result.counts.push_back(std::accumulate(cell, cell + width_, int64_t{0}));
    }
  }
  return result;
}

void ItemCube::Erase(int node, int period) {
  std::fill_n(counts_.begin() + static_cast<std::ptrdiff_t>(Place(node, period)), width_, 0);
}

Distribution ItemCube::At(int node, int period) const {
  Distribution result = Nothing();
  AddTo(node, period, result);
  return result;
}

void ItemCube::AddTo(int node, int period, Distribution& sum) const {
  for (size_t v = 0; v < width_; ++v) sum.counts[v] += counts_[Place(node, period) + v];
}

}  // namespace klynge::observations::analytics
