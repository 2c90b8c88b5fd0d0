#include "services/observations/analytics/disclosure.h"

#include <algorithm>
#include <tuple>

namespace klynge::observations::analytics {
namespace {

// One figure that is wished for.
struct Wish {
  int rank;  // the lower, the earlier it is granted
  int depth;
  int64_t n;
  int node;
  int period;
};

// Every observation is in exactly one block, and no block is smaller than the threshold. A figure
// may be shown when it is a union of blocks; granting a wish cuts blocks in two until it is.
class Blocks {
 public:
  Blocks(const ObservationCounts& observations, int threshold)
      : observations_(observations),
        threshold_(threshold),
        block_of_(observations.counts.size(), 0),
        size_(1, 0),
        inside_(1, 0) {
    for (int64_t count : observations.counts) size_[0] += count;
  }

  // Cuts so that the wish is a union of blocks, unless a piece would be too small.
  bool Grant(const Wish& wish) {
    Measure(wish);
    bool granted = true;
    for (int block : touched_) {
      const int64_t outside = size_[block] - inside_[block];
      granted &= inside_[block] >= threshold_ && (outside == 0 || outside >= threshold_);
    }
    if (granted) Cut(wish);
    for (int block : touched_) inside_[block] = 0;
    return granted;
  }

 private:
  template <class Visit>
  void ForEachAtom(const Wish& wish, Visit visit) {
    const auto& node = observations_.tree->node(wish.node);
    const int months = observations_.months;
    const int first = wish.period == 0 ? 0 : wish.period - 1;
    const int end = wish.period == 0 ? months : wish.period;
    for (int leaf = node.first_leaf; leaf < node.end_leaf; ++leaf) {
      for (int month = first; month < end; ++month) {
        const size_t atom = static_cast<size_t>(leaf) * months + month;
        if (observations_.counts[atom] > 0) visit(atom);
      }
    }
  }

  // How many observations of each block the wish has.
  void Measure(const Wish& wish) {
    touched_.clear();
    ForEachAtom(wish, [this](size_t atom) {
      const int block = block_of_[atom];
      if (inside_[block] == 0) touched_.push_back(block);
      inside_[block] += observations_.counts[atom];
    });
  }

  void Cut(const Wish& wish) {
    std::vector<std::pair<int, int>> cut;  // old block, new block
    for (int block : touched_) {
      if (inside_[block] == size_[block]) continue;
      cut.emplace_back(block, static_cast<int>(size_.size()));
      size_.push_back(inside_[block]);
      size_[block] -= inside_[block];
    }
    if (cut.empty()) return;
    inside_.resize(size_.size(), 0);
    successor_.resize(size_.size(), -1);
    for (auto [old_block, new_block] : cut) successor_[old_block] = new_block;
    ForEachAtom(wish, [this](size_t atom) {
      int& block = block_of_[atom];
      if (successor_[block] >= 0) block = successor_[block];
    });
    for (auto [old_block, new_block] : cut) successor_[old_block] = -1;
  }

  const ObservationCounts& observations_;
  const int64_t threshold_;
  std::vector<int> block_of_;    // by atom (leaf and month)
  std::vector<int64_t> size_;    // by block
  std::vector<int64_t> inside_;  // by block, for the wish at hand; else 0
  std::vector<int> successor_;   // by block, while cutting; else -1
  std::vector<int> touched_;
};

// Sums for every figure: leaves first, then each node into its parent.
std::vector<int64_t> FigureSizes(const ObservationCounts& observations) {
  const ReportingTree& tree = *observations.tree;
  const int periods = observations.months + 1;
  std::vector<int64_t> n(observations.figures(), 0);
  for (int leaf = 0; leaf < tree.leaf_count(); ++leaf) {
    int64_t* row = &n[static_cast<size_t>(tree.leaf_node(leaf)) * periods];
    for (int month = 0; month < observations.months; ++month) {
      row[month + 1] = observations.counts[static_cast<size_t>(leaf) * observations.months + month];
      row[0] += row[month + 1];
    }
  }
  for (int node = tree.size() - 1; node > 0; --node) {
    const int parent = tree.node(node).parent;
    if (parent < 0) continue;
    for (int period = 0; period < periods; ++period) {
      n[static_cast<size_t>(parent) * periods + period] +=
          n[static_cast<size_t>(node) * periods + period];
    }
  }
  return n;
}

int Rank(DetailPriority priority, bool single_unit, bool month) {
  if (priority == DetailPriority::kUnits) return month ? 1 : 0;
  return (single_unit ? 2 : 0) + (month ? 1 : 0);
}

}  // namespace

std::vector<bool> DecideShown(const ObservationCounts& observations, int threshold,
                              DetailPriority priority) {
  const ReportingTree& tree = *observations.tree;
  const int periods = observations.months + 1;
  const std::vector<int64_t> n = FigureSizes(observations);
  std::vector<bool> shown(n.size(), true);
  std::vector<Wish> wishes;
  for (int node = 0; node < tree.size(); ++node) {
    for (int period = 0; period < periods; ++period) {
      const size_t figure = static_cast<size_t>(node) * periods + period;
      if (n[figure] == 0) continue;  // nobody in it, and it cuts no block
      shown[figure] = false;
      if (n[figure] < threshold) continue;
      wishes.push_back({Rank(priority, tree.node(node).leaf, period > 0), tree.node(node).depth,
                        n[figure], node, period});
    }
  }
  // Larger units first, and the largest group first among equals: what must be hidden beside a
  // small group is then the smallest that will do.
  std::sort(wishes.begin(), wishes.end(), [](const Wish& a, const Wish& b) {
    return std::make_tuple(a.rank, a.depth, -a.n, a.node, a.period) <
           std::make_tuple(b.rank, b.depth, -b.n, b.node, b.period);
  });
  Blocks blocks(observations, threshold);
  for (const Wish& wish : wishes) {
    shown[static_cast<size_t>(wish.node) * periods + wish.period] = blocks.Grant(wish);
  }
  return shown;
}

}  // namespace klynge::observations::analytics
