#include "services/organisation/client/hierarchies_convert.h"

namespace klynge::organisation {

void ToProto(const Hierarchy& hierarchy, v1::Hierarchy* proto) {
  proto->set_hierarchy(hierarchy.hierarchy);
  proto->mutable_label()->set_da(hierarchy.label_da);
  proto->mutable_label()->set_en(hierarchy.label_en);
  proto->set_follows_line(hierarchy.follows_line);
}

void ToProto(const Placement& placement, v1::Placement* proto) {
  proto->set_placement_id(placement.placement_id);
  proto->set_hierarchy(placement.hierarchy);
  proto->set_unit_id(placement.unit_id);
  proto->set_parent_id(placement.parent_id);
  proto->set_valid_from(FormatDate(placement.valid.from));
  proto->set_valid_to(FormatEnd(placement.valid.to));
}

}  // namespace klynge::organisation
