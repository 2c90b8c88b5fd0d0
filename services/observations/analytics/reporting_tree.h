// The tree that a round's figures are about, fixed when the round is created.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include <string>
#include <vector>

namespace klynge::observations::analytics {

// Immutable; any number of threads may read it. Nodes stand in depth-first order, so that a node's
// subtree is the nodes [index, end) and the single units below it are the leaves
// [first_leaf, end_leaf). Observations belong to leaves.
class ReportingTree {
 public:
  struct Unit {
    std::string unit_id;
    std::string kind;
    std::string name;
    std::string parent_id;  // "" for the top
  };
  struct Node {
    Unit unit;
    int parent = -1;  // -1 for the top
    int depth = 0;
    int end = 0;
    int first_leaf = 0;
    int end_leaf = 0;
    bool leaf = false;  // a single unit, where observations are made
  };

  // `units` in any order; siblings keep theirs. kInvalidArgument when an id comes twice, a parent
  // is missing, or units stand in a circle.
  static absl::StatusOr<ReportingTree> Make(const std::vector<Unit>& units);

  const std::vector<Node>& nodes() const { return nodes_; }
  const Node& node(int index) const { return nodes_[index]; }
  int size() const { return static_cast<int>(nodes_.size()); }
  int leaf_count() const { return static_cast<int>(leaves_.size()); }
  // The node of a leaf, counted from 0 in depth-first order.
  int leaf_node(int leaf) const { return leaves_[leaf]; }
  // -1 when the tree has no such unit.
  int Find(absl::string_view unit_id) const;

 private:
  std::vector<Node> nodes_;
  std::vector<int> leaves_;
  absl::flat_hash_map<std::string, int> by_id_;
};

}  // namespace klynge::observations::analytics
