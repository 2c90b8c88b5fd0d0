// Answers about what units came from and what became of them, from a tree: as queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/lineage.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// kNotFound, UNIT_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::GetLineageRequest& request,
                    v1::GetLineageResponse* response);

}  // namespace klynge::organisation
