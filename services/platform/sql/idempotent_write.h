// A write that answers a repeated request with its first answer.
#pragma once

#include <absl/functional/any_invocable.h>
#include <google/protobuf/message.h>

#include <functional>
#include <string>

#include "services/platform/sql/database.h"

namespace klynge::sql {

// Fingerprint of one request message; a stream's is the combination of its messages'.
std::string Fingerprint(const google::protobuf::Message& request);

// Runs `body` in a write transaction that also stores `response` under the request id of the
// context. If the id was used before by the same caller for the same request, `response` becomes
// that first answer and nothing runs; for another request: kAlreadyExists, reason
// REQUEST_ID_REUSED. The revision is put into the response's field `revision`.
absl::Status IdempotentWrite(Database& database, const WriteContext& context,
                             google::protobuf::Message* response, const WriteBody& body);

// The same for a unary request with a field `request_id` and, where it has one, `validate_only`.
absl::Status IdempotentWrite(Database& database, const rpc::Call& call,
                             const google::protobuf::Message& request,
                             google::protobuf::Message* response, const WriteBody& body);

// As that, without waiting: see Database::StartWrite. `response` must live until `done`.
absl::Status StartIdempotentWrite(Database& database, const rpc::Call& call,
                                  const google::protobuf::Message& request,
                                  google::protobuf::Message* response, WriteBody body,
                                  absl::AnyInvocable<void(const absl::Status&)> done);

}  // namespace klynge::sql
