#include "services/organisation/distribution_solver.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "services/organisation/distribution_prices.h"

namespace klynge::organisation {
namespace {

class Search {
 public:
  Search(const DistributionProblem& problem, int work)
      : problem_(problem), work_(work), prices_(problem) {}

  Distribution Run() && {
    Remember(Improved(Greedy(std::vector<int>(problem_.items.size(), kNowhere))));
    FindPrices();
    Order();
    loads_.clear();
    for (const DistributionBin& bin : problem_.bins) loads_.push_back(bin.load);
    for (size_t bin = 0; bin < loads_.size(); ++bin) {
      takes_.push_back(prices_.Takes(bin, loads_[bin]).first);
    }
    placed_.assign(problem_.items.size(), kNowhere);
    Descend(0, 0, std::accumulate(takes_.begin(), takes_.end(), int64_t{0}));
    best_.lower_bound = work_ > 0 ? best_.cost : std::min(bound_, best_.cost);
    return std::move(best_);
  }

 private:
  bool Fits(const DistributionItem& item, size_t bin, int load) const {
    if (item.costs[bin] >= kNever) return false;
    return item.home == static_cast<int>(bin) || load + item.percent <= problem_.bins[bin].most;
  }
  int64_t CostIn(const DistributionItem& item, int bin) const {
    return bin == kNowhere ? item.cost_nowhere : item.costs[static_cast<size_t>(bin)];
  }

  void Remember(const std::vector<int>& bin_of) {
    const int64_t cost = CostOf(problem_, bin_of);
    if (cost >= kNever || (!best_.bin_of.empty() && cost >= best_.cost)) return;
    best_.bin_of = bin_of;
    best_.cost = cost;
  }

  std::vector<int> LoadsOf(const std::vector<int>& bin_of) const {
    std::vector<int> loads;
    for (const DistributionBin& bin : problem_.bins) loads.push_back(bin.load);
    for (size_t i = 0; i < bin_of.size(); ++i) {
      if (bin_of[i] != kNowhere) loads[static_cast<size_t>(bin_of[i])] += problem_.items[i].percent;
    }
    return loads;
  }

  // Puts each item that is nowhere where it adds least, the largest first; what does not fit where
  // it is wished to be counts as nowhere.
  std::vector<int> Greedy(const std::vector<int>& wished) const {
    std::vector<int> bin_of(problem_.items.size(), kNowhere);
    std::vector<int> loads = LoadsOf(bin_of);
    std::vector<size_t> order(problem_.items.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return problem_.items[a].percent > problem_.items[b].percent;
    });
    for (size_t i : order) {
      if (wished[i] == kNowhere) continue;
      const auto bin = static_cast<size_t>(wished[i]);
      if (!Fits(problem_.items[i], bin, loads[bin])) continue;
      bin_of[i] = wished[i];
      loads[bin] += problem_.items[i].percent;
    }
    for (size_t i : order) {
      if (bin_of[i] != kNowhere) continue;
      bin_of[i] = CheapestBin(problem_.items[i], loads);
      if (bin_of[i] != kNowhere) {
        loads[static_cast<size_t>(bin_of[i])] += problem_.items[i].percent;
      }
    }
    return bin_of;
  }

  // What it costs to put the item there as well.
  int64_t Added(const DistributionItem& item, int bin, const std::vector<int>& loads) const {
    if (bin == kNowhere) return item.cost_nowhere;
    const auto at = static_cast<size_t>(bin);
    const DistributionBin& of = problem_.bins[at];
    return item.costs[at] + LoadCost(of, loads[at] + item.percent) - LoadCost(of, loads[at]);
  }

  int CheapestBin(const DistributionItem& item, const std::vector<int>& loads) const {
    int cheapest = kNowhere;
    int64_t least = item.cost_nowhere;
    for (size_t bin = 0; bin < loads.size(); ++bin) {
      if (!Fits(item, bin, loads[bin])) continue;
      const int64_t cost = Added(item, static_cast<int>(bin), loads);
      if (cost < least) {
        least = cost;
        cheapest = static_cast<int>(bin);
      }
    }
    return cheapest;
  }

  // Moves one item, or lets two change places, as long as that costs less.
  std::vector<int> Improved(std::vector<int> bin_of) const {
    for (int round = 0; round < 200 && (MoveOne(bin_of) || SwapTwo(bin_of)); ++round) {
    }
    return bin_of;
  }

  bool MoveOne(std::vector<int>& bin_of) const {
    bool moved = false;
    std::vector<int> loads = LoadsOf(bin_of);
    for (size_t i = 0; i < bin_of.size(); ++i) {
      const DistributionItem& item = problem_.items[i];
      if (bin_of[i] != kNowhere) loads[static_cast<size_t>(bin_of[i])] -= item.percent;
      const int better = CheapestBin(item, loads);
      if (Added(item, better, loads) < Added(item, bin_of[i], loads)) {
        bin_of[i] = better;
        moved = true;
      }
      if (bin_of[i] != kNowhere) loads[static_cast<size_t>(bin_of[i])] += item.percent;
    }
    return moved;
  }

  bool SwapTwo(std::vector<int>& bin_of) const {
    const std::vector<int> loads = LoadsOf(bin_of);
    for (size_t i = 0; i < bin_of.size(); ++i) {
      for (size_t j = i + 1; j < bin_of.size(); ++j) {
        if (bin_of[i] == bin_of[j] || SwapGain(bin_of, loads, i, j) <= 0) continue;
        std::swap(bin_of[i], bin_of[j]);
        return true;
      }
    }
    return false;
  }

  int64_t SwapGain(const std::vector<int>& bin_of, const std::vector<int>& loads, size_t i,
                   size_t j) const {
    int64_t gain = 0;
    const auto change = [&](size_t leaving, size_t coming) {
      const int bin = bin_of[leaving];
      gain += CostIn(problem_.items[leaving], bin) - CostIn(problem_.items[coming], bin);
      if (bin == kNowhere) return true;
      const auto at = static_cast<size_t>(bin);
      const int without = loads[at] - problem_.items[leaving].percent;
      if (!Fits(problem_.items[coming], at, without)) return false;
      gain += LoadCost(problem_.bins[at], loads[at]) -
              LoadCost(problem_.bins[at], without + problem_.items[coming].percent);
      return true;
    };
    return change(i, j) && change(j, i) ? gain : 0;
  }

  // Looks for the prices with the highest bound; on the way what they suggest is tried.
  void FindPrices() {
    constexpr int kSteps = 200;
    DistributionPrices trying = prices_;
    std::vector<int> bin_of(problem_.items.size(), kNowhere);
    std::vector<int> excess(problem_.bins.size(), 0);
    int64_t slowness = 1;
    int since_better = 0;
    bound_ = -kNever;
    for (int step = 0; step < kSteps && bound_ < best_.cost; ++step) {
      const int64_t bound = trying.Bound(bin_of, excess);
      if (bound > bound_) {
        bound_ = bound;
        prices_ = trying;
        since_better = 0;
      } else if (++since_better == 8) {
        since_better = 0;
        slowness *= 2;
        trying = prices_;
        trying.Bound(bin_of, excess);
      }
      if (step % 20 == 0) Remember(Improved(Greedy(bin_of)));
      trying.Step(excess, best_.cost - bound, slowness);
    }
  }

  // The largest first: they decide most. What is still to come costs at least rest_.
  void Order() {
    order_.resize(problem_.items.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::stable_sort(order_.begin(), order_.end(), [&](size_t a, size_t b) {
      return problem_.items[a].percent > problem_.items[b].percent;
    });
    rest_.assign(order_.size() + 1, 0);
    for (size_t i = order_.size(); i-- > 0;) {
      rest_[i] = rest_[i + 1] + prices_.Cheapest(problem_.items[order_[i]]).first;
    }
  }

  // Branch and bound: places the items from `depth` on in every way that may still cost less than
  // the best known. `spent`: what the placed ones cost where they are; `taken`: the sum of takes_.
  void Descend(size_t depth, int64_t spent, int64_t taken) {
    if (depth == order_.size()) {
      Remember(placed_);
      return;
    }
    const size_t i = order_[depth];
    const DistributionItem& item = problem_.items[i];
    struct Branch {
      int64_t bound;
      int bin;
      int64_t takes;
    };
    std::vector<Branch> branches;
    const auto consider = [&](int bin, int64_t bin_cost, int64_t takes_before) {
      const int64_t bound =
          spent + CostIn(item, bin) + rest_[depth + 1] + taken - takes_before + bin_cost;
      if (bound < best_.cost) branches.push_back({bound, bin, bin_cost});
    };
    if (item.cost_nowhere < kNever) consider(kNowhere, 0, 0);
    for (size_t bin = 0; bin < loads_.size(); ++bin) {
      if (!Fits(item, bin, loads_[bin])) continue;
      consider(static_cast<int>(bin), prices_.Takes(bin, loads_[bin] + item.percent).first,
               takes_[bin]);
    }
    work_ -= 1 + static_cast<int>(loads_.size());
    std::stable_sort(branches.begin(), branches.end(),
                     [](const Branch& a, const Branch& b) { return a.bound < b.bound; });
    for (const Branch& branch : branches) {
      if (work_ <= 0) return;
      if (branch.bound < best_.cost) Enter(depth, branch.bin, branch.takes, spent, taken);
    }
  }

  void Enter(size_t depth, int bin, int64_t takes, int64_t spent, int64_t taken) {
    const size_t i = order_[depth];
    const DistributionItem& item = problem_.items[i];
    placed_[i] = bin;
    if (bin == kNowhere) {
      Descend(depth + 1, spent + item.cost_nowhere, taken);
      return;
    }
    const auto at = static_cast<size_t>(bin);
    const int64_t before = std::exchange(takes_[at], takes);
    loads_[at] += item.percent;
    Descend(depth + 1, spent + item.costs[at], taken - before + takes);
    loads_[at] -= item.percent;
    takes_[at] = before;
    placed_[i] = kNowhere;
  }

  const DistributionProblem& problem_;
  int work_;
  DistributionPrices prices_;
  int64_t bound_ = 0;
  Distribution best_;
  std::vector<size_t> order_;
  std::vector<int64_t> rest_;
  std::vector<int> placed_;
  std::vector<int> loads_;
  std::vector<int64_t> takes_;  // of each bin at its load
};

}  // namespace

int64_t LoadCost(const DistributionBin& bin, int load) {
  return int64_t{load} * load + kOverloadCost * std::max(load - bin.most, 0);
}

int64_t CostOf(const DistributionProblem& problem, const std::vector<int>& bin_of) {
  int64_t cost = 0;
  std::vector<int> loads;
  std::vector<bool> visited(problem.bins.size(), false);
  for (const DistributionBin& bin : problem.bins) loads.push_back(bin.load);
  for (size_t i = 0; i < problem.items.size(); ++i) {
    const DistributionItem& item = problem.items[i];
    if (bin_of[i] == kNowhere) {
      cost += item.cost_nowhere;
      continue;
    }
    const auto bin = static_cast<size_t>(bin_of[i]);
    cost += item.costs[bin];
    loads[bin] += item.percent;
    if (item.home != bin_of[i]) visited[bin] = true;
    if (cost >= kNever) return kNever;
  }
  for (size_t bin = 0; bin < loads.size(); ++bin) {
    if (visited[bin] && loads[bin] > problem.bins[bin].most) return kNever;
    cost += LoadCost(problem.bins[bin], loads[bin]);
  }
  return std::min(cost, kNever);
}

Distribution Distribute(const DistributionProblem& problem, int work) {
  return Search(problem, work).Run();
}

}  // namespace klynge::organisation
