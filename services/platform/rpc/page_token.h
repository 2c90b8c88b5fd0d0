// Opaque page tokens, bound to the request they continue.
#pragma once

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include <string>

namespace klynge::rpc {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;

// The page size to use: the default for 0, at most kMaxPageSize. kInvalidArgument when negative.
absl::StatusOr<int> PageSize(int32_t asked);

// A token that carries `position` and works only with requests that equal `request` but for
// page_token, page_size, min_revision and min_organisation_revision. A request with known_at says
// in min_revision which revision was known then, and its token works only with that.
std::string MakePageToken(const google::protobuf::Message& request, const std::string& position);

// The position in the request's page_token; "" when it asks for the first page. kInvalidArgument,
// reason INVALID_PAGE_TOKEN, when the token is damaged or belongs to another request.
absl::StatusOr<std::string> PagePosition(const google::protobuf::Message& request);

}  // namespace klynge::rpc
