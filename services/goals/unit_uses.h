// Which goals and indicators refer to units of the organisation. Pure.
#pragma once

#include "services/goals/goal_book.h"
#include "services/platform/rpc/unit_uses.h"

namespace klynge::goals {

// Goals of the units until they are closed, and the criteria of such goals that follow a figure of
// the units.
rpc::UnitUses UsesOf(const rpc::UnitsAsked& asked, const GoalBook& book);

}  // namespace klynge::goals
