#include "services/platform/rpc/status.h"

#include <absl/strings/cord.h>
#include <absl/strings/match.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/platform/rpc/stable_bytes.h"

namespace klynge {
namespace {

constexpr absl::string_view kDomain = "klynge";
constexpr absl::string_view kUrlPrefix = "type.googleapis.com/";
// Clients and proxies drop responses whose trailers pass 8 KB. The message is in them twice, and
// base64 adds a third to the details.
constexpr size_t kDetailsBudget = 3600;
constexpr size_t kLongestMessage = 600;
constexpr size_t kLongestPart = 300;

// The text, cut at a character when it is longer than `most` bytes: what is wrong is said of it all
// the same, and nobody gets their own megabyte back.
std::string Clip(absl::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), "…");
}

template <class Message>
std::string TypeUrl() {
  return absl::StrCat(kUrlPrefix, Message::descriptor()->full_name());
}

template <class Message>
void Attach(absl::Status& status, const Message& message) {
  status.SetPayload(TypeUrl<Message>(), absl::Cord(StableBytes(message)));
}

template <class Message>
absl::optional<Message> PayloadOf(const absl::Status& status) {
  const auto payload = status.GetPayload(TypeUrl<Message>());
  Message message;
  if (!payload || !message.ParseFromString(std::string(*payload))) return absl::nullopt;
  return message;
}

}  // namespace

std::string ReasonName(const google::protobuf::EnumDescriptor& type, int number) {
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr) return "UNKNOWN";
  constexpr absl::string_view kPrefix = "ERROR_REASON_";
  const std::string& name = value->name();
  return absl::StartsWith(name, kPrefix) ? name.substr(kPrefix.size()) : name;
}

absl::Status MakeStatus(absl::StatusCode code, absl::string_view reason, std::string message,
                        const Metadata& metadata) {
  absl::Status status(code, Clip(message, kLongestMessage));
  google::rpc::ErrorInfo info;
  info.set_domain(std::string(kDomain));
  info.set_reason(std::string(reason));
  for (const auto& [key, value] : metadata) {
    (*info.mutable_metadata())[key] = Clip(value, kLongestPart);
  }
  Attach(status, info);
  return status;
}

absl::Status MakeRetryableStatus(absl::StatusCode code, absl::string_view reason,
                                 std::string message, absl::Duration retry_after,
                                 const Metadata& metadata) {
  absl::Status status = MakeStatus(code, reason, std::move(message), metadata);
  google::rpc::RetryInfo retry;
  const int64_t nanos = absl::ToInt64Nanoseconds(retry_after);
  retry.mutable_retry_delay()->set_seconds(nanos / 1'000'000'000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
  Attach(status, retry);
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  if (status.ok()) return "";
  const auto info = PayloadOf<google::rpc::ErrorInfo>(status);
  return info ? info->reason() : "";
}

std::vector<FieldViolation> FieldViolationsOf(const absl::Status& status) {
  std::vector<FieldViolation> list;
  if (const auto request = PayloadOf<google::rpc::BadRequest>(status)) {
    for (const auto& violation : request->field_violations()) {
      list.push_back({violation.field(), violation.description()});
    }
  }
  return list;
}

absl::Status Violations::ToStatus(absl::StatusCode code, absl::string_view reason,
                                  std::string message) const {
  if (list_.empty()) return absl::OkStatus();
  google::rpc::BadRequest request;
  size_t used = 0;
  for (const auto& [field, description] : list_) {
    used += std::min(field.size(), kLongestPart) + std::min(description.size(), kLongestPart) + 8;
    if (used > kDetailsBudget) break;
    auto* violation = request.add_field_violations();
    violation->set_field(Clip(field, kLongestPart));
    violation->set_description(Clip(description, kLongestPart));
  }
  if (message.empty()) {
    message = list_.size() == 1
                  ? absl::StrCat(list_[0].field, ": ", Clip(list_[0].description, kLongestPart))
                  : absl::StrCat(list_.size(), " fields are wrong; see the details for each");
  }
  const size_t left_out = list_.size() - static_cast<size_t>(request.field_violations_size());
  if (left_out > 0) absl::StrAppend(&message, " (", left_out, " more are not listed)");
  absl::Status status = MakeStatus(code, reason, std::move(message));
  Attach(status, request);
  return status;
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status result;
  result.set_code(static_cast<int>(status.code()));
  result.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    if (!absl::StartsWith(type_url, kUrlPrefix)) return;
    auto* detail = result.add_details();
    detail->set_type_url(std::string(type_url));
    detail->set_value(std::string(payload));
  });
  return result;
}

absl::Status FromRpcStatus(const google::rpc::Status& status) {
  absl::Status result(static_cast<absl::StatusCode>(status.code()), status.message());
  if (result.ok()) return result;
  for (const auto& detail : status.details()) {
    result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return result;
}

}  // namespace klynge
