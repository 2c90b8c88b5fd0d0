// Which rounds refer to units of the organisation. Pure. No figures: nothing here depends on what
// was observed.
#pragma once

#include "services/observations/catalogue.h"
#include "services/platform/rpc/unit_uses.h"

namespace klynge::observations {

// Rounds that are not closed and whose tree has the units. One that is not closed in time goes on
// referring to them until it is.
rpc::UnitUses UsesOf(const rpc::UnitsAsked& asked, const Catalogue& catalogue, Date today);

}  // namespace klynge::observations
