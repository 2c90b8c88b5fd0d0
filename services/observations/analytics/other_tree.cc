#include "services/observations/analytics/other_tree.h"

namespace klynge::observations::analytics {
namespace {

// What is sought of a node: its leaves that are in the set (kIn), or those that are not (kOut).
enum Side { kIn, kOut };
Side Other(Side side) { return side == kIn ? kOut : kIn; }

// First finds, from the leaves up, what can be had at all, each node once; then takes it.
class Composer {
 public:
  Composer(const LeafSet& leaves, absl::FunctionRef<bool(int)> shown)
      : leaves_(leaves), tree_(leaves.tree()), shown_(tree_.size()) {
    for (const Side side : {kIn, kOut}) {
      can_[side].resize(tree_.size());
      below_[side].assign(tree_.size(), true);
    }
    // Depth-first order read backwards meets every node before the one above it.
    for (int node = tree_.size() - 1; node >= 0; --node) {
      shown_[node] = shown(node);
      for (const Side side : {kIn, kOut}) {
        can_[side][node] = Can(node, side);
        const int parent = tree_.node(node).parent;
        if (parent >= 0 && !can_[side][node]) below_[side][parent] = false;
      }
    }
  }

  bool Can(int node) const { return can_[kIn][node]; }

  // Adds the terms of a side that can be had, times `sign`.
  void Take(int node, Side side, int sign, std::vector<Term>& terms) const {
    if (IsEmpty(node, side)) return;
    if (IsWhole(node, side) && shown_[node]) {
      terms.push_back({node, sign});
      return;
    }
    if (!FromBelow(node, side)) {
      terms.push_back({node, sign});
      side = Other(side);
      sign = -sign;
    }
    for (int child = node + 1; child < tree_.node(node).end; child = tree_.node(child).end) {
      Take(child, side, sign, terms);
    }
  }

 private:
  bool IsEmpty(int node, Side side) const {
    return side == kIn ? leaves_.HasNoneOf(node) : leaves_.HasAllOf(node);
  }
  bool IsWhole(int node, Side side) const { return IsEmpty(node, Other(side)); }
  bool FromBelow(int node, Side side) const { return !tree_.node(node).leaf && below_[side][node]; }
  bool Can(int node, Side side) const {
    return IsEmpty(node, side) || (IsWhole(node, side) && shown_[node]) || FromBelow(node, side) ||
           (shown_[node] && FromBelow(node, Other(side)));
  }

  const LeafSet& leaves_;
  const ReportingTree& tree_;
  std::vector<bool> shown_;
  std::vector<bool> can_[2];    // by side and node
  std::vector<bool> below_[2];  // whether all children can
};

}  // namespace

LeafSet::LeafSet(const ReportingTree& tree, const std::vector<bool>& among) : tree_(&tree) {
  before_.reserve(among.size() + 1);
  before_.push_back(0);
  for (const bool leaf : among) before_.push_back(before_.back() + (leaf ? 1 : 0));
}

int LeafSet::Node() const {
  for (int node = 0; node < tree_->size(); ++node) {
    if (HasAllOf(node) && Count(node) == before_.back()) return node;
  }
  return -1;
}

absl::optional<std::vector<Term>> Compose(const LeafSet& leaves,
                                          absl::FunctionRef<bool(int node)> shown) {
  const Composer composer(leaves, shown);
  std::vector<Term> terms;
  const ReportingTree& tree = leaves.tree();
  for (int top = 0; top < tree.size(); top = tree.node(top).end) {
    if (!composer.Can(top)) return absl::nullopt;
    composer.Take(top, kIn, 1, terms);
  }
  return terms;
}

absl::optional<Distribution> ComposedAt(const PublishedFigures& figures, const LeafSet& leaves,
                                        const std::vector<int>& items, int period) {
  Distribution sum = figures.NoRatings(items.front());
  for (const int item : items) {
    const auto terms = Compose(leaves, [&](int node) { return figures.Shows(node, item, period); });
    if (!terms) return absl::nullopt;
    for (const Term& term : *terms) {
      const auto part = figures.At(term.node, {item}, period);
      for (size_t i = 0; i < sum.counts.size(); ++i) sum.counts[i] += term.sign * part->counts[i];
    }
  }
  return sum;
}

}  // namespace klynge::observations::analytics
