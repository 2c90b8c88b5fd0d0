// Where a goal stands: in a framework, in the organisation's tree, and in the cascade. Pure.
#pragma once

#include <absl/status/status.h>
#include <absl/strings/string_view.h>

#include "services/goals/goal_book.h"
#include "services/organisation/client/tree.h"
#include "services/platform/rpc/status.h"

namespace klynge::goals {

// Judges a goal that is new or changed, by the book without that change and the tree on the goal's
// first day, and fixes its framework_version. `violations` are those found so far; codes that the
// framework does not have are added to them. Errors, the first that applies: INVALID_FIELDS with
// everything in `violations`; FRAMEWORK_NOT_FOUND; UNIT_NOT_FOUND; PARENT_GOAL_INVALID when the
// parent is unknown, belongs to a unit that is neither the goal's own nor above it, or stands below
// this goal. The units that bindings name must exist too.
absl::Status PlaceGoal(const GoalBook& book, const organisation::Tree& tree,
                       absl::string_view prefix, Goal& goal, Violations& violations);

// UNIT_NOT_FOUND, naming the unit and the day.
absl::Status UnitNotFound(absl::string_view unit_id, Date day);
// GOAL_NOT_FOUND.
absl::Status GoalNotFound(absl::string_view goal_id);
// FRAMEWORK_NOT_FOUND; version 0 says that there is none of that id at all.
absl::Status FrameworkNotFound(absl::string_view framework_id, int64_t version);

}  // namespace klynge::goals
