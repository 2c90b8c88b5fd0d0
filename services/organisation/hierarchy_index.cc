#include "services/organisation/hierarchy_index.h"

#include <algorithm>
#include <tuple>

#include "services/organisation/list_or_none.h"

namespace klynge::organisation {

HierarchyTree::HierarchyTree(const Tree& tree, const Hierarchy& hierarchy)
    : tree_(tree), hierarchy_(hierarchy) {
  for (const Placement& placement : tree.organisation().placements) {
    if (placement.hierarchy != hierarchy.hierarchy) continue;
    placements_.push_back(&placement);
    of_[placement.unit_id].push_back(&placement);
    under_[placement.parent_id].push_back(&placement);
  }
}

const Placement* HierarchyTree::PlacementOn(absl::string_view unit_id, Date on) const {
  for (const Placement* placement : ListOrNone(of_, unit_id)) {
    if (placement->valid.Contains(on)) return placement;
  }
  return nullptr;
}

const UnitVersion* HierarchyTree::FindUnit(absl::string_view unit_id, Date on) const {
  const UnitVersion* unit = tree_.FindUnit(unit_id, on);
  if (unit == nullptr || hierarchy_.follows_line) return unit;
  return PlacementOn(unit_id, on) == nullptr ? nullptr : unit;
}

const UnitVersion* HierarchyTree::ParentOf(const UnitVersion& unit, Date on) const {
  const Placement* placement = PlacementOn(unit.unit_id, on);
  const std::string& parent_id = placement == nullptr ? unit.parent_id : placement->parent_id;
  return parent_id.empty() ? nullptr : FindUnit(parent_id, on);
}

std::vector<const UnitVersion*> HierarchyTree::AncestorVersions(absl::string_view unit_id,
                                                                Date on) const {
  std::vector<const UnitVersion*> above;
  const UnitVersion* unit = FindUnit(unit_id, on);
  // The count ends the walk even in a tree that breaks its own rules.
  while (unit != nullptr && above.size() < tree_.organisation().units.size()) {
    unit = ParentOf(*unit, on);
    if (unit != nullptr) above.push_back(unit);
  }
  return above;
}

std::vector<const UnitVersion*> HierarchyTree::ChildrenOn(absl::string_view unit_id,
                                                          Date on) const {
  std::vector<const UnitVersion*> children;
  for (const Placement* placement : ListOrNone(under_, unit_id)) {
    const UnitVersion* child =
        placement->valid.Contains(on) ? tree_.FindUnit(placement->unit_id, on) : nullptr;
    if (child != nullptr) children.push_back(child);
  }
  if (hierarchy_.follows_line) {
    for (const UnitVersion* child : tree_.ChildrenEver(unit_id)) {
      if (child->valid.Contains(on) && PlacementOn(child->unit_id, on) == nullptr) {
        children.push_back(child);
      }
    }
  }
  // Versions stand in one list, by id.
  std::sort(children.begin(), children.end());
  return children;
}

std::vector<const UnitVersion*> HierarchyTree::SubtreeVersions(absl::string_view unit_id,
                                                               Date on) const {
  std::vector<const UnitVersion*> below;
  const UnitVersion* root = FindUnit(unit_id, on);
  if (root == nullptr) return below;
  std::vector<const UnitVersion*> waiting = {root};
  while (!waiting.empty() && below.size() < tree_.organisation().units.size()) {
    const UnitVersion* unit = waiting.back();
    waiting.pop_back();
    below.push_back(unit);
    const std::vector<const UnitVersion*> children = ChildrenOn(unit->unit_id, on);
    waiting.insert(waiting.end(), children.rbegin(), children.rend());
  }
  return below;
}

std::vector<const UnitVersion*> HierarchyTree::UnitsOn(Date on) const {
  std::vector<const UnitVersion*> units = tree_.UnitsOn(on);
  if (!hierarchy_.follows_line) {
    std::erase_if(
        units, [&](const UnitVersion* unit) { return PlacementOn(unit->unit_id, on) == nullptr; });
  }
  return units;
}

HierarchyIndex::HierarchyIndex(const Tree& tree) {
  for (const Hierarchy& hierarchy : tree.organisation().hierarchies) {
    hierarchies_[hierarchy.hierarchy] = std::make_unique<const HierarchyTree>(tree, hierarchy);
  }
  for (const Placement& placement : tree.organisation().placements) {
    of_[placement.unit_id].push_back(&placement);
  }
  for (auto& [unit_id, list] : of_) {
    std::sort(list.begin(), list.end(), [](const Placement* a, const Placement* b) {
      return std::tie(a->hierarchy, a->valid.from) < std::tie(b->hierarchy, b->valid.from);
    });
  }
}

const HierarchyTree* HierarchyIndex::Find(absl::string_view hierarchy) const {
  const auto found = hierarchies_.find(hierarchy.empty() ? kLine : hierarchy);
  return found == hierarchies_.end() ? nullptr : found->second.get();
}

const std::vector<const Placement*>& HierarchyIndex::PlacementsOf(absl::string_view unit_id) const {
  return ListOrNone(of_, unit_id);
}

}  // namespace klynge::organisation
