// Answers to the read RPCs, from a tree. Pure: no SQL, of gRPC only the buffer that bytes are sent
// in; "today" is passed in.
//
// Each checks its request (kInvalidArgument, INVALID_FIELDS, every wrong field) and fills the
// response. Those asked for most make it of the bytes that the tree keeps (UnitListing): a
// grpc::ByteBuffer with what the response's message would be sent as.
#pragma once

#include <absl/status/status.h>
#include <grpcpp/support/byte_buffer.h>

#include "klynge/organisation/v1/organisation_service.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// A v1::GetUnitResponse. kNotFound, UNIT_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::GetUnitRequest& request,
                    grpc::ByteBuffer* response);
// A v1::ListUnitsResponse. kNotFound, UNIT_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListUnitsRequest& request,
                    grpc::ByteBuffer* response);
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

}  // namespace klynge::organisation
