#include "services/observations/analytics/reporting_tree.h"

#include <absl/strings/str_cat.h>

namespace klynge::observations::analytics {

absl::StatusOr<ReportingTree> ReportingTree::Make(const std::vector<Unit>& units) {
  absl::flat_hash_map<std::string, std::vector<const Unit*>> children;
  absl::flat_hash_map<std::string, const Unit*> known;
  for (const Unit& unit : units) {
    if (!known.emplace(unit.unit_id, &unit).second) {
      return absl::InvalidArgumentError(absl::StrCat("unit ", unit.unit_id, " comes twice"));
    }
  }
  for (const Unit& unit : units) {
    if (!unit.parent_id.empty() && !known.contains(unit.parent_id)) {
      return absl::InvalidArgumentError(
          absl::StrCat("unit ", unit.unit_id, ": its parent ", unit.parent_id, " is missing"));
    }
    children[unit.parent_id].push_back(&unit);
  }

  ReportingTree tree;
  // Depth first with a stack of its own: the tree's depth is data.
  struct Step {
    const Unit* unit;
    int parent;
    bool leaving;
    int index;
  };
  std::vector<Step> stack;
  const auto descend = [&](const std::string& parent_id, int parent) {
    auto below = children.find(parent_id);
    if (below == children.end()) return;
    for (auto unit = below->second.rbegin(); unit != below->second.rend(); ++unit) {
      stack.push_back({*unit, parent, false, -1});
    }
  };
  descend("", -1);
  while (!stack.empty()) {
    const Step step = stack.back();
    stack.pop_back();
    if (step.leaving) {
      tree.nodes_[step.index].end = tree.size();
      tree.nodes_[step.index].end_leaf = tree.leaf_count();
      continue;
    }
    const int index = tree.size();
    Node node;
    node.unit = *step.unit;
    node.parent = step.parent;
    node.depth = step.parent < 0 ? 0 : tree.nodes_[step.parent].depth + 1;
    node.first_leaf = tree.leaf_count();
    node.leaf = !children.contains(step.unit->unit_id);
    if (node.leaf) tree.leaves_.push_back(index);
    tree.by_id_.emplace(step.unit->unit_id, index);
    tree.nodes_.push_back(std::move(node));
    stack.push_back({nullptr, -1, true, index});
    descend(step.unit->unit_id, index);
  }
  if (tree.nodes_.size() != units.size()) {
    return absl::InvalidArgumentError("some units stand in a circle");
  }
  return tree;
}

int ReportingTree::Find(absl::string_view unit_id) const {
  auto found = by_id_.find(unit_id);
  return found == by_id_.end() ? -1 : found->second;
}

}  // namespace klynge::observations::analytics
