// Documents as they are stored and audited: protobuf's JSON with the field names of the proto.
#pragma once

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include <string>

namespace klynge::sql {

// Errors: kInternal for text that is no UTF-8.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);

// Unknown fields, written by a newer release, are passed over. Errors: kDataLoss.
absl::Status FromJson(const std::string& json, google::protobuf::Message& message);

}  // namespace klynge::sql
