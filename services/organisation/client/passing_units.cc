#include "services/organisation/client/passing_units.h"

#include <algorithm>

#include "services/organisation/client/lineage.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {
namespace {

// Whether the unit is there without a break from the first day that anything is.
bool IsAlwaysThere(const std::vector<const UnitVersion*>& versions, Date first_day) {
  Date next = first_day;
  for (const UnitVersion* version : versions) {
    if (version->valid.from > next) return false;
    next = version->valid.to;
  }
  return next == kOpenEnd;
}

}  // namespace

PassingUnits::PassingUnits(const Tree& tree) : tree_(tree) {
  Date first_day = kOpenEnd;
  for (const UnitVersion& version : tree.organisation().units) {
    first_day = std::min(first_day, version.valid.from);
  }
  for (const UnitVersion& version : tree.organisation().units) {
    if (!unit_ids_.empty() && unit_ids_.back() == version.unit_id) continue;
    if (IsAlwaysThere(tree.Versions(version.unit_id), first_day)) continue;
    unit_ids_.push_back(version.unit_id);
  }
}

std::vector<std::string> PassingUnits::CountedIn(const absl::flat_hash_set<std::string>& units,
                                                 Date on) const {
  const Lineage& lineage = tree_.Indexed<Lineage>();
  std::vector<std::string> counted;
  for (const std::string& unit_id : unit_ids_) {
    if (tree_.FindUnit(unit_id, on) != nullptr) continue;
    const UnitVersion* standing = lineage.StandsFor(unit_id, on);
    if (standing != nullptr && units.contains(standing->unit_id)) counted.push_back(unit_id);
  }
  return counted;
}

}  // namespace klynge::organisation
