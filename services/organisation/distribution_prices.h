// Lower bounds of what a DistributionProblem costs.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "services/organisation/distribution_solver.h"

namespace klynge::organisation {

// Prices for a percent of each bin's time turn the problem into one that falls apart: every item
// goes where it is cheapest with its price, every bin takes what it is paid for. What that costs is
// a lower bound of the real thing for any prices (Lagrangian relaxation: Fisher 1981), and at good
// prices a close one. All numbers are whole, so that it is the same everywhere.
class DistributionPrices {
 public:
  // Nothing costs anything. The problem must outlive it.
  explicit DistributionPrices(const DistributionProblem& problem);

  // The cheapest place of an item at these prices, after what that costs.
  std::pair<int64_t, int> Cheapest(const DistributionItem& item) const;

  // What the bin costs at least that carries `load` and may take more at its price, and how much
  // more that is.
  std::pair<int64_t, int> Takes(size_t bin, int load) const;

  // The bound. Fills in where each item would go, and by how much more goes to each bin than it
  // takes; both have the size for it.
  int64_t Bound(std::vector<int>& bin_of, std::vector<int>& excess) const;

  // Raises the price where more would go than is taken, lowers it where less would: a step along
  // the subgradient as long as the distance to a known cost suggests (Polyak 1969).
  void Step(const std::vector<int>& excess, int64_t distance, int64_t slowness);

 private:
  // How much more may go there at all.
  int Room(size_t bin, int load) const;

  const DistributionProblem* problem_;
  std::vector<int64_t> price_;
  std::vector<int> own_;  // percent of the items at home there
};

}  // namespace klynge::organisation
