// Answers what is asked about how tasks could be distributed; see queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/distribution.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// kNotFound, UNIT_NOT_FOUND; kFailedPrecondition, UNIT_HAS_NO_TEAM.
absl::Status Answer(const Tree& tree, Date today, const v1::ProposeDistributionRequest& request,
                    v1::ProposeDistributionResponse* response);

}  // namespace klynge::organisation
