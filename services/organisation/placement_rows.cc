#include "services/organisation/row_checker.h"

namespace klynge::organisation {

ImportRow ParsePlacement(const v1::Placement& placement) {
  RowChecker check("placement.");
  check.Id("placement_id", placement.placement_id());
  check.Id("hierarchy", placement.hierarchy());
  if (placement.hierarchy() == kLine) {
    check.Wrong("hierarchy", "is made of the units' parent_id: give the unit another one");
  }
  check.Id("unit_id", placement.unit_id());
  check.IdOrNone("parent_id", placement.parent_id());
  const DateRange valid = check.Dates(placement.valid_from(), placement.valid_to());
  return {Placement{placement.placement_id(), placement.hierarchy(), placement.unit_id(),
                    placement.parent_id(), valid},
          check.TakeProblems()};
}

}  // namespace klynge::organisation
