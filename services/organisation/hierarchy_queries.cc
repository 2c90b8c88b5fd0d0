#include "services/organisation/hierarchy_queries.h"

#include <absl/algorithm/container.h>

#include "services/organisation/client/hierarchies_convert.h"
#include "services/organisation/hierarchy_index.h"
#include "services/organisation/query_support.h"

namespace klynge::organisation {

const HierarchyTree* HierarchyOf(Violations& violations, const Tree& tree,
                                 const std::string& hierarchy) {
  // The tree itself answers best for the line.
  if (hierarchy.empty() || hierarchy == kLine) return nullptr;
  const HierarchyTree* found = tree.Indexed<HierarchyIndex>().Find(hierarchy);
  if (found == nullptr) {
    violations.Add("hierarchy", absl::StrCat("\"", hierarchy,
                                             "\" is not known; ListHierarchies shows those that "
                                             "are"));
  }
  return found;
}

absl::StatusOr<const UnitVersion*> UnitIn(const Tree& tree, const HierarchyTree* hierarchy,
                                          const std::string& unit_id, Date on) {
  const UnitVersion* unit = tree.FindUnit(unit_id, on);
  if (unit == nullptr) return UnitNotFound(tree, unit_id, on);
  if (hierarchy == nullptr || hierarchy->FindUnit(unit_id, on) != nullptr) return unit;
  const std::string& code = hierarchy->hierarchy().hierarchy;
  return NotFound(v1::ERROR_REASON_UNIT_NOT_IN_HIERARCHY,
                  absl::StrCat("unit \"", unit_id, "\" is not in ", code, " on ", FormatDate(on),
                               "; ListUnits with hierarchy shows those that are"),
                  {{"unit_id", unit_id}, {"hierarchy", code}, {"as_of", FormatDate(on)}});
}

absl::Status Answer(const Tree& tree, Date, const v1::ListHierarchiesRequest&,
                    v1::ListHierarchiesResponse* response) {
  for (const Hierarchy& hierarchy : tree.organisation().hierarchies) {
    ToProto(hierarchy, response->add_hierarchies());
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListPlacementsRequest& request,
                    v1::ListPlacementsResponse* response) {
  Violations violations;
  CheckScope(violations, request);
  HierarchyOf(violations, tree, request.hierarchy());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));

  std::vector<const Placement*> placements;
  if (request.unit_id().empty()) {
    for (const Placement& placement : tree.organisation().placements) {
      placements.push_back(&placement);
    }
  } else {
    KLYNGE_ASSIGN_OR_RETURN(const auto units, UnitsInScope(tree, request, on));
    for (const std::string& unit_id : units) {
      const auto& of_unit = tree.Indexed<HierarchyIndex>().PlacementsOf(unit_id);
      placements.insert(placements.end(), of_unit.begin(), of_unit.end());
    }
    absl::c_sort(placements, [](const Placement* a, const Placement* b) {
      return a->placement_id < b->placement_id;
    });
  }
  std::erase_if(placements, [&](const Placement* placement) {
    if (!placement->valid.Contains(on)) return true;
    return !request.hierarchy().empty() && placement->hierarchy != request.hierarchy();
  });
  response->set_revision(tree.revision());
  return Page(
      placements, request, response,
      [](const Placement& placement) -> const std::string& { return placement.placement_id; },
      [&](const Placement& placement) { ToProto(placement, response->add_placements()); });
}

}  // namespace klynge::organisation
