// Gives things to do to those who have time for them, as cheaply as can be. Pure numbers: it knows
// nothing of tasks, persons or dates.
//
// It minimises, over all ways to give each item to one bin it may go to or to leave it,
//
//   Σ cost of each item where it is  +  Σ over bins (load² + kOverloadCost · what is over `most`)
//
// The squares spread the load: of two who are alike the one with less to do gets more. This is a
// generalised assignment problem; teams are small, so it is searched to the end where that takes
// less than the given work, and else the answer says how far from the best it can be at most.
#pragma once

#include <cstdint>
#include <vector>

namespace klynge::organisation {

// Where an item may not go.
inline constexpr int64_t kNever = int64_t{1} << 50;
// For each percent over what a bin should carry.
inline constexpr int64_t kOverloadCost = 1'000;
// An item that is in no bin.
inline constexpr int kNowhere = -1;

struct DistributionBin {
  int load = 0;    // percent it carries whatever is decided
  int most = 100;  // up to which it is given more
};

struct DistributionItem {
  int percent = 0;
  int64_t cost_nowhere = 0;    // kNever only for what has a home
  std::vector<int64_t> costs;  // by bin; kNever: may not go there
  // The bin it is in already and may stay in however full that is; nothing else may go there that
  // is not at home there too.
  int home = kNowhere;
};

struct DistributionProblem {
  std::vector<DistributionBin> bins;
  std::vector<DistributionItem> items;
};

struct Distribution {
  std::vector<int> bin_of;  // by item; kNowhere: it was left
  int64_t cost = 0;
  int64_t lower_bound = 0;  // no distribution costs less
  bool is_best() const { return cost == lower_bound; }
};

// What a bin with that load costs.
int64_t LoadCost(const DistributionBin& bin, int load);

// What a distribution costs; kNever or more when it breaks a rule.
int64_t CostOf(const DistributionProblem& problem, const std::vector<int>& bin_of);

// The same for the same problem, always. `work` bounds the steps of the search.
Distribution Distribute(const DistributionProblem& problem, int work = 200'000);

}  // namespace klynge::organisation
