// Answers CompareRounds from memory: what changed from one closed round to another.
#pragma once

#include <absl/status/status.h>

#include "klynge/observations/v1/aggregate.pb.h"
#include "services/observations/catalogue.h"
#include "services/organisation/client/tree.h"

namespace klynge::observations {

// Fills in the page of comparisons asked for; not the revision. `organisation` is needed, and read,
// only when the request has tree_as_of. Errors: kInvalidArgument (INVALID_FIELDS, UNKNOWN_ITEM)
// with every wrong field; kNotFound (ROUND_NOT_FOUND, UNIT_NOT_FOUND, UNIT_NOT_IN_ROUND);
// kFailedPrecondition (ROUND_OPEN, ROUNDS_NOT_COMPARABLE).
absl::Status CompareRounds(const Catalogue& catalogue, const organisation::Tree* organisation,
                           const v1::CompareRoundsRequest& request,
                           v1::CompareRoundsResponse* response);

}  // namespace klynge::observations
