// The figures of a round about another tree than its own, as sums and differences of figures that
// are published: so they tell nothing that those do not. See README.md, "Another tree".
#pragma once

#include <absl/functional/function_ref.h>
#include <absl/types/optional.h>

#include <vector>

#include "services/observations/analytics/published_figures.h"
#include "services/observations/analytics/reporting_tree.h"

namespace klynge::observations::analytics {

// The published figure of a node of the round's tree, to be added (+1) or taken off (−1).
struct Term {
  int node = 0;
  int sign = 1;

  bool operator==(const Term&) const = default;
};

// Some leaves of a round's tree; which of them a node has is told at once.
class LeafSet {
 public:
  // `among[leaf]`: whether it is in the set.
  LeafSet(const ReportingTree& tree, const std::vector<bool>& among);

  const ReportingTree& tree() const { return *tree_; }
  bool HasAllOf(int node) const { return Count(node) == Leaves(node); }
  bool HasNoneOf(int node) const { return Count(node) == 0; }
  // The node that has these leaves and no others, the highest of several; −1 when there is none.
  int Node() const;

 private:
  int Leaves(int node) const { return tree_->node(node).end_leaf - tree_->node(node).first_leaf; }
  int Count(int node) const {
    return before_[tree_->node(node).end_leaf] - before_[tree_->node(node).first_leaf];
  }

  const ReportingTree* tree_;  // outlives this
  std::vector<int> before_;    // how many of the leaves before each are in the set
};

// The terms that together are about exactly these leaves, each leaf once; nothing when figures that
// are shown give none. From the top: a node wholly in the set is its own figure; one partly in it
// is the sum of what is below it, or, where that fails, its own figure less what of it is not in
// the set. shown(node): whether the figure is published.
absl::optional<std::vector<Term>> Compose(const LeafSet& leaves,
                                          absl::FunctionRef<bool(int node)> shown);

// The ratings of some items together in these leaves; nothing when one of the items cannot be
// composed.
absl::optional<Distribution> ComposedAt(const PublishedFigures& figures, const LeafSet& leaves,
                                        const std::vector<int>& items, int period);

}  // namespace klynge::observations::analytics
