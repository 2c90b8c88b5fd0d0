// The trees in which the units of one revision stand. Made when first needed, by
// tree.Indexed<HierarchyIndex>().
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <memory>
#include <vector>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// Who stands under whom in one of them, in the time that the answer takes. Never changes after it
// is made; points into the tree.
class HierarchyTree {
 public:
  HierarchyTree(const Tree& tree, const Hierarchy& hierarchy);

  const Hierarchy& hierarchy() const { return hierarchy_; }

  // The unit as it is that day; null when it does not exist or is not in the hierarchy.
  const UnitVersion* FindUnit(absl::string_view unit_id, Date on) const;
  // What it stands under that day; null at the top. The unit must be in the hierarchy.
  const UnitVersion* ParentOf(const UnitVersion& unit, Date on) const;
  // The placement that holds that day; null when none does.
  const Placement* PlacementOn(absl::string_view unit_id, Date on) const;
  // As those of Tree.
  std::vector<const UnitVersion*> AncestorVersions(absl::string_view unit_id, Date on) const;
  std::vector<const UnitVersion*> SubtreeVersions(absl::string_view unit_id, Date on) const;
  // Every unit in it that day, by id.
  std::vector<const UnitVersion*> UnitsOn(Date on) const;
  // The placements, by id.
  const std::vector<const Placement*>& placements() const { return placements_; }

 private:
  using Lists = absl::flat_hash_map<absl::string_view, std::vector<const Placement*>>;

  std::vector<const UnitVersion*> ChildrenOn(absl::string_view unit_id, Date on) const;

  const Tree& tree_;
  const Hierarchy& hierarchy_;
  std::vector<const Placement*> placements_;
  Lists of_;     // by unit
  Lists under_;  // by parent
};

class HierarchyIndex {
 public:
  explicit HierarchyIndex(const Tree& tree);

  // "" is the line. Null when there is no such hierarchy.
  const HierarchyTree* Find(absl::string_view hierarchy) const;
  // Where the unit stands otherwise than in the line, on any day, by hierarchy and first day.
  const std::vector<const Placement*>& PlacementsOf(absl::string_view unit_id) const;

 private:
  absl::flat_hash_map<absl::string_view, std::unique_ptr<const HierarchyTree>> hierarchies_;
  absl::flat_hash_map<absl::string_view, std::vector<const Placement*>> of_;
};

}  // namespace klynge::organisation
