// Answers to what is asked of tasks and responsibilities, row by row; see queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/responsibility.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListTasksRequest& request,
                    v1::ListTasksResponse* response);
// kNotFound, UNIT_NOT_FOUND or POSITION_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListResponsibilitiesRequest& request,
                    v1::ListResponsibilitiesResponse* response);

}  // namespace klynge::organisation
