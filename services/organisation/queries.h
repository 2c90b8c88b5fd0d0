// Answers to the read RPCs, from a tree. Pure: no gRPC, no SQL; "today" is passed in.
//
// Each checks its request (kInvalidArgument, INVALID_FIELDS, every wrong field) and fills the
// response.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/organisation_service.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// kNotFound, UNIT_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::GetUnitRequest& request,
                    v1::GetUnitResponse* response);
// kNotFound, UNIT_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListUnitsRequest& request,
                    v1::ListUnitsResponse* response);
absl::Status Answer(const Tree& tree, Date today, const v1::ListUnitKindsRequest& request,
                    v1::ListUnitKindsResponse* response);
absl::Status Answer(const Tree& tree, Date today, const v1::ListRolesRequest& request,
                    v1::ListRolesResponse* response);
// kNotFound, PERSON_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::GetPersonRequest& request,
                    v1::GetPersonResponse* response);
// kNotFound, UNIT_NOT_FOUND or PERSON_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListAssignmentsRequest& request,
                    v1::ListAssignmentsResponse* response);
// kNotFound, UNIT_NOT_FOUND; kFailedPrecondition, UNIT_HAS_NO_TEAM.
absl::Status Answer(const Tree& tree, Date today, const v1::GetLeadershipTeamRequest& request,
                    v1::GetLeadershipTeamResponse* response);

}  // namespace klynge::organisation
