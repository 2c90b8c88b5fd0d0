// Errors as the whole house makes them: an absl::Status with a reason from the service's
// ErrorReason enum, or from klynge.type.v1.ErrorReason when all services share it. No gRPC here, so
// pure rules use it too; rpc/runtime.h turns it into what the wire carries (google.rpc.Status with
// ErrorInfo, BadRequest and RetryInfo).
#pragma once

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace google::rpc {
class Status;
}

namespace klynge {

// Machine-readable facts about an error: {"unit_id": "e-vvk-01-03"}.
using Metadata = std::map<std::string, std::string>;

// ERROR_REASON_UNIT_NOT_FOUND → "UNIT_NOT_FOUND".
std::string ReasonName(const google::protobuf::EnumDescriptor& type, int number);

template <class Reason>
std::string ReasonName(Reason reason) {
  return ReasonName(*google::protobuf::GetEnumDescriptor<Reason>(), static_cast<int>(reason));
}

// An error with code, reason and metadata. The factories below are the usual way to make one.
absl::Status MakeStatus(absl::StatusCode code, absl::string_view reason, std::string message,
                        const Metadata& metadata = {});

// The same, telling the client to try again after `retry_after`.
absl::Status MakeRetryableStatus(absl::StatusCode code, absl::string_view reason,
                                 std::string message, absl::Duration retry_after,
                                 const Metadata& metadata = {});

// Both for a reason from an enum.
template <class Reason>
requires std::is_enum_v<Reason> absl::Status MakeStatus(absl::StatusCode code, Reason reason,
                                                        std::string message,
                                                        const Metadata& metadata = {}) {
  return MakeStatus(code, ReasonName(reason), std::move(message), metadata);
}
template <class Reason>
requires std::is_enum_v<Reason> absl::Status MakeRetryableStatus(absl::StatusCode code,
                                                                 Reason reason, std::string message,
                                                                 absl::Duration retry_after,
                                                                 const Metadata& metadata = {}) {
  return MakeRetryableStatus(code, ReasonName(reason), std::move(message), retry_after, metadata);
}

template <class Reason>
absl::Status InvalidArgument(Reason reason, std::string message, const Metadata& metadata = {}) {
  return MakeStatus(absl::StatusCode::kInvalidArgument, ReasonName(reason), std::move(message),
                    metadata);
}
template <class Reason>
absl::Status NotFound(Reason reason, std::string message, const Metadata& metadata = {}) {
  return MakeStatus(absl::StatusCode::kNotFound, ReasonName(reason), std::move(message), metadata);
}
template <class Reason>
absl::Status AlreadyExists(Reason reason, std::string message, const Metadata& metadata = {}) {
  return MakeStatus(absl::StatusCode::kAlreadyExists, ReasonName(reason), std::move(message),
                    metadata);
}
template <class Reason>
absl::Status FailedPrecondition(Reason reason, std::string message, const Metadata& metadata = {}) {
  return MakeStatus(absl::StatusCode::kFailedPrecondition, ReasonName(reason), std::move(message),
                    metadata);
}
template <class Reason>
absl::Status Aborted(Reason reason, std::string message, const Metadata& metadata = {}) {
  return MakeStatus(absl::StatusCode::kAborted, ReasonName(reason), std::move(message), metadata);
}
template <class Reason>
absl::Status ResourceExhausted(Reason reason, std::string message, absl::Duration retry_after,
                               const Metadata& metadata = {}) {
  return MakeRetryableStatus(absl::StatusCode::kResourceExhausted, ReasonName(reason),
                             std::move(message), retry_after, metadata);
}
// The reason of an error made above, or "" for any other status.
std::string ReasonOf(const absl::Status& status);

// One wrong field and what would be right.
struct FieldViolation {
  std::string field;
  std::string description;
};

// The wrong fields an error lists, in the order they were added; empty for any other status.
std::vector<FieldViolation> FieldViolationsOf(const absl::Status& status);

// Collects every wrong field of a request, so that the sender can mend them all at once.
class Violations {
 public:
  void Add(std::string field, std::string description) {
    list_.push_back({std::move(field), std::move(description)});
  }
  bool empty() const { return list_.empty(); }
  const std::vector<FieldViolation>& list() const { return list_; }

  // OK when nothing is wrong, else INVALID_ARGUMENT listing every field. The details stay under
  // 6 KB: what does not fit is counted in the message.
  template <class Reason>
  absl::Status ToStatus(Reason reason, std::string message = "") const {
    return ToStatus(absl::StatusCode::kInvalidArgument, ReasonName(reason), std::move(message));
  }
  absl::Status ToStatus(absl::StatusCode code, absl::string_view reason, std::string message) const;

 private:
  std::vector<FieldViolation> list_;
};

// The whole error as google.rpc.Status, and back.
google::rpc::Status ToRpcStatus(const absl::Status& status);
absl::Status FromRpcStatus(const google::rpc::Status& status);

}  // namespace klynge

// Returns the error of `expression`, if there is one.
#define KLYNGE_RETURN_IF_ERROR(expression)                                \
  do {                                                                    \
    if (absl::Status klynge_status = (expression); !klynge_status.ok()) { \
      return klynge_status;                                               \
    }                                                                     \
  } while (false)

// KLYNGE_ASSIGN_OR_RETURN(auto unit, FindUnit(id));
#define KLYNGE_ASSIGN_OR_RETURN(target, expression) \
  KLYNGE_ASSIGN_OR_RETURN_(KLYNGE_CONCAT_(klynge_status_or_, __LINE__), target, expression)
#define KLYNGE_ASSIGN_OR_RETURN_(holder, target, expression) \
  auto holder = (expression);                                \
  if (!holder.ok()) return std::move(holder).status();       \
  target = *std::move(holder)
#define KLYNGE_CONCAT_(a, b) KLYNGE_CONCAT_INNER_(a, b)
#define KLYNGE_CONCAT_INNER_(a, b) a##b
