// EXPECT_THAT(status, IsOk()); EXPECT_THAT(status_or, StatusIs(absl::StatusCode::kNotFound,
// "UNIT_NOT_FOUND"));
#pragma once

#include <absl/status/statusor.h>
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>

#include <string>

#include "services/platform/rpc/runtime.h"
#include "services/platform/rpc/status.h"

namespace klynge::testing {

inline absl::Status AsStatus(const absl::Status& status) { return status; }
inline absl::Status AsStatus(const grpc::Status& status) { return rpc::FromGrpc(status); }
template <class Value>
absl::Status AsStatus(const absl::StatusOr<Value>& value) {
  return value.status();
}

MATCHER(IsOk, "is OK") {
  const absl::Status status = AsStatus(arg);
  *result_listener << status;
  return status.ok();
}

// The code, and the reason in the ErrorInfo.
MATCHER_P2(StatusIs, code, reason,
           absl::StrCat("has code ", static_cast<int>(code), " and reason ", reason)) {
  const absl::Status status = AsStatus(arg);
  *result_listener << status << " with reason " << ReasonOf(status);
  return status.code() == code && ReasonOf(status) == reason;
}

// As StatusIs, and says after how long to try again.
MATCHER_P2(IsRetryable, code, reason,
           absl::StrCat("has code ", static_cast<int>(code), ", reason ", reason,
                        " and a time after which to try again")) {
  const absl::Status status = AsStatus(arg);
  *result_listener << status << " with reason " << ReasonOf(status);
  return status.code() == code && ReasonOf(status) == reason &&
         status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value();
}

// The fields the error lists, in order: EXPECT_THAT(WrongFields(status), ElementsAre("unit_id")).
template <class Status>
std::vector<std::string> WrongFields(const Status& status) {
  std::vector<std::string> fields;
  for (const auto& violation : FieldViolationsOf(AsStatus(status)))
    fields.push_back(violation.field);
  return fields;
}

}  // namespace klynge::testing
