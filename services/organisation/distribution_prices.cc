#include "services/organisation/distribution_prices.h"

#include <algorithm>

namespace klynge::organisation {

DistributionPrices::DistributionPrices(const DistributionProblem& problem)
    : problem_(&problem), price_(problem.bins.size(), 0), own_(problem.bins.size(), 0) {
  for (const DistributionItem& item : problem.items) {
    if (item.home != kNowhere) own_[static_cast<size_t>(item.home)] += item.percent;
  }
}

std::pair<int64_t, int> DistributionPrices::Cheapest(const DistributionItem& item) const {
  std::pair<int64_t, int> best{item.cost_nowhere, kNowhere};
  for (size_t bin = 0; bin < price_.size(); ++bin) {
    if (item.costs[bin] >= kNever) continue;
    const int64_t cost = item.costs[bin] + price_[bin] * item.percent;
    if (cost < best.first) best = {cost, static_cast<int>(bin)};
  }
  return best;
}

// The cost is convex in what it takes, so it is least where the slope changes sign.
std::pair<int64_t, int> DistributionPrices::Takes(size_t bin, int load) const {
  const DistributionBin& of = problem_->bins[bin];
  const int64_t price = price_[bin];
  const int room = Room(bin, load);
  std::pair<int64_t, int> best{LoadCost(of, load), 0};
  const auto consider = [&](int64_t load_after) {
    const int more = static_cast<int>(std::clamp<int64_t>(load_after - load, 0, room));
    const int64_t cost = LoadCost(of, load + more) - price * more;
    if (cost < best.first) best = {cost, more};
  };
  for (const int64_t slope : {price, price - kOverloadCost}) {
    const int64_t even = slope >= 0 ? slope / 2 : -((1 - slope) / 2);
    consider(even);
    consider(even + 1);
  }
  consider(of.most);
  return best;
}

int64_t DistributionPrices::Bound(std::vector<int>& bin_of, std::vector<int>& excess) const {
  int64_t bound = 0;
  std::fill(excess.begin(), excess.end(), 0);
  for (size_t i = 0; i < problem_->items.size(); ++i) {
    const auto [cost, bin] = Cheapest(problem_->items[i]);
    bound += cost;
    bin_of[i] = bin;
    if (bin != kNowhere) excess[static_cast<size_t>(bin)] += problem_->items[i].percent;
  }
  for (size_t bin = 0; bin < price_.size(); ++bin) {
    const auto [cost, more] = Takes(bin, problem_->bins[bin].load);
    bound += cost;
    excess[bin] -= more;
  }
  return bound;
}

void DistributionPrices::Step(const std::vector<int>& excess, int64_t distance, int64_t slowness) {
  int64_t square = 0;
  for (int over : excess) square += int64_t{over} * over;
  if (square == 0) return;
  for (size_t bin = 0; bin < price_.size(); ++bin) {
    price_[bin] += std::max<int64_t>(distance, 1) * excess[bin] / (square * slowness);
  }
}

int DistributionPrices::Room(size_t bin, int load) const {
  const DistributionBin& of = problem_->bins[bin];
  return std::max(own_[bin] > 0 ? of.load + own_[bin] - load : of.most - load, 0);
}

}  // namespace klynge::organisation
