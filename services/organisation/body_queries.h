// Answers to what is asked of bodies; see queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/body.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

absl::Status Answer(const Tree& tree, Date today, const v1::ListBodyKindsRequest& request,
                    v1::ListBodyKindsResponse* response);
// kNotFound, BODY_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::GetBodyRequest& request,
                    v1::GetBodyResponse* response);
// kNotFound, UNIT_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListBodiesRequest& request,
                    v1::ListBodiesResponse* response);
// kNotFound, UNIT_NOT_FOUND, PERSON_NOT_FOUND or BODY_NOT_FOUND; kInvalidArgument,
// INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListBodyMembershipsRequest& request,
                    v1::ListBodyMembershipsResponse* response);
// kNotFound, UNIT_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListCompositionGapsRequest& request,
                    v1::ListCompositionGapsResponse* response);

}  // namespace klynge::organisation
