// Hierarchies and placements between their plain values and their protos.
#pragma once

#include "klynge/organisation/v1/hierarchy.pb.h"
#include "services/organisation/client/hierarchies.h"

namespace klynge::organisation {

void ToProto(const Hierarchy& hierarchy, v1::Hierarchy* proto);
void ToProto(const Placement& placement, v1::Placement* proto);

}  // namespace klynge::organisation
