#include "services/observations/analytics/published_figures.h"

namespace klynge::observations::analytics {

PublishedFigures::PublishedFigures(std::shared_ptr<const ReportingTree> tree, int months,
                                   const std::vector<ItemScale>& scales,
                                   const std::vector<RatingCount>& counts, int threshold,
                                   DetailPriority priority)
    : tree_(std::move(tree)), months_(months) {
  cubes_.reserve(scales.size());
  for (const ItemScale& scale : scales) {
    cubes_.emplace_back(*tree_, months_, scale.minimum, scale.maximum);
  }
  for (const RatingCount& count : counts) {
    cubes_[count.item].Add(count.leaf, count.month, count.value, count.n);
  }
  for (ItemCube& cube : cubes_) {
    shown_.push_back(DecideShown(cube.Observations(), threshold, priority));
    cube.RollUp();
    for (int node = 0; node < tree_->size(); ++node) {
      for (int period = 0; period <= months_; ++period) {
        if (!shown_.back()[static_cast<size_t>(node) * (months_ + 1) + period]) {
          cube.Erase(node, period);
        }
      }
    }
  }
}

absl::optional<Distribution> PublishedFigures::At(int node, const std::vector<int>& items,
                                                  int period) const {
  for (int item : items) {
    if (!Shows(node, item, period)) return absl::nullopt;
  }
  Distribution sum = cubes_[items.front()].At(node, period);
  for (size_t i = 1; i < items.size(); ++i) cubes_[items[i]].AddTo(node, period, sum);
  return sum;
}

}  // namespace klynge::observations::analytics
