// Answers QueryAggregates from memory.
#pragma once

#include <absl/status/status.h>

#include "klynge/observations/v1/aggregate.pb.h"
#include "services/observations/catalogue.h"
#include "services/organisation/client/tree.h"

namespace klynge::observations {

// Fills in the page of aggregates asked for; not the revision. `organisation` is needed, and read,
// only when the request has tree_as_of. Errors: kInvalidArgument (INVALID_FIELDS, UNKNOWN_ITEM)
// with every wrong field; kNotFound (ROUND_, INSTRUMENT_, UNIT_NOT_FOUND, UNIT_NOT_IN_ROUND).
absl::Status QueryAggregates(const Catalogue& catalogue, const organisation::Tree* organisation,
                             const v1::QueryAggregatesRequest& request,
                             v1::QueryAggregatesResponse* response);

}  // namespace klynge::observations
