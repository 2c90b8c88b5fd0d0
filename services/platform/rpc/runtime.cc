#include "services/platform/rpc/runtime.h"

#include <absl/random/random.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>
#include <grpc/grpc_security_constants.h>

#include "google/rpc/status.pb.h"
#include "services/platform/mutex.h"
#include "services/platform/rpc/status.h"
#include "services/platform/telemetry/log.h"

namespace klynge::rpc {
namespace {

// "00-<32 hex>-<16 hex>-<2 hex>", https://www.w3.org/TR/trace-context/
bool ValidTraceparent(absl::string_view text) {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 2 || i == 35 || i == 52) continue;
    const char c = text[i];
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

std::string Traceparent(const grpc::CallbackServerContext& context) {
  const auto found = context.client_metadata().find("traceparent");
  if (found != context.client_metadata().end()) {
    const absl::string_view text(found->second.data(), found->second.size());
    if (ValidTraceparent(text)) return std::string(text);
  }
  return NewTraceparent(true);
}

bool Recorded(absl::string_view traceparent) {
  int flags = 0;
  return absl::SimpleHexAtoi(traceparent.substr(53), &flags) && flags % 2 == 1;
}

telemetry::Level LevelOf(const absl::Status& status, const Call& call) {
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
      return telemetry::Level::kError;
    case absl::StatusCode::kOk:
      return Recorded(call.traceparent) ? telemetry::Level::kInfo : telemetry::Level::kDebug;
    default:
      return telemetry::Level::kInfo;
  }
}

std::string PeerIdentity(const grpc::CallbackServerContext& context) {
  const auto ids = context.auth_context()->FindPropertyValues(GRPC_PEER_SPIFFE_ID_PROPERTY_NAME);
  return ids.empty() ? "" : std::string(ids[0].data(), ids[0].size());
}

const char* CodeName(absl::StatusCode code) {
  static const char* const kNames[] = {"OK",
                                       "CANCELLED",
                                       "UNKNOWN",
                                       "INVALID_ARGUMENT",
                                       "DEADLINE_EXCEEDED",
                                       "NOT_FOUND",
                                       "ALREADY_EXISTS",
                                       "PERMISSION_DENIED",
                                       "RESOURCE_EXHAUSTED",
                                       "FAILED_PRECONDITION",
                                       "ABORTED",
                                       "OUT_OF_RANGE",
                                       "UNIMPLEMENTED",
                                       "INTERNAL",
                                       "UNAVAILABLE",
                                       "DATA_LOSS",
                                       "UNAUTHENTICATED"};
  const auto index = static_cast<size_t>(code);
  return index < std::size(kNames) ? kNames[index] : "UNKNOWN";
}

}  // namespace

std::string NewTraceparent(bool recorded) {
  thread_local absl::InsecureBitGen random;
  return absl::StrFormat("00-%016x%016x-%016x-%02x", absl::Uniform<uint64_t>(random),
                         absl::Uniform<uint64_t>(random), absl::Uniform<uint64_t>(random),
                         recorded ? 1 : 0);
}

CallLife::CallLife(Runtime& runtime, std::string method, grpc::CallbackServerContext* context,
                   absl::Duration default_deadline)
    : runtime_(runtime), started_(absl::Now()) {
  TakeFromGrpc();
  call_.method = std::move(method);
  call_.traceparent = Traceparent(*context);
  const absl::Time asked = absl::FromChrono(context->deadline());
  call_.deadline = std::min(asked, started_ + default_deadline);
  call_.cancelled = [flag = cancelled_] { return flag->load(std::memory_order_relaxed); };
  if (runtime.require_peer_identity) {
    call_.actor = PeerIdentity(*context);
    if (call_.actor.empty()) {
      authentication_ = MakeStatus(
          absl::StatusCode::kUnauthenticated, "CALLER_UNKNOWN",
          "the client certificate names no caller: use one with a SPIFFE URI in its SAN");
    }
  }
  runtime_.metrics.in_flight().Increment();
}

absl::Status CallLife::Admission() const {
  if (!authentication_.ok()) return authentication_;
  if (absl::Now() >= call_.deadline) {
    return MakeStatus(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED",
                      "the deadline had passed before the work was started");
  }
  return absl::OkStatus();
}

absl::Status CallLife::Submit(std::function<void()> task) {
  KLYNGE_RETURN_IF_ERROR(Admission());
  if (runtime_.executor.TrySubmit(std::move(task))) return absl::OkStatus();
  return MakeRetryableStatus(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                             "the service has more work than it can queue; try again",
                             absl::Milliseconds(500));
}

absl::Status CallLife::Guard(const std::function<absl::Status()>& body) {
  try {
    return body();
  } catch (const std::exception& error) {
    telemetry::Log(telemetry::Level::kError, "exception in a handler", {{"what", error.what()}});
    return MakeStatus(absl::StatusCode::kInternal, "INTERNAL",
                      "the service failed; its log has the reason under this call's trace id");
  }
}

bool CallLife::End(const absl::Status& status) {
  if (ended_.exchange(true)) return false;
  HandToGrpc();
  const absl::Duration took = absl::Now() - started_;
  const char* code = CodeName(status.code());
  runtime_.metrics.in_flight().Decrement();
  runtime_.metrics.CountRpc(call_.method, code, took);
  telemetry::Log(LevelOf(status, call_), "rpc",
                 {{"method", call_.method},
                  {"code", code},
                  {"reason", ReasonOf(status)},
                  {"error", status.message()},
                  {"ms", absl::ToDoubleMilliseconds(took)},
                  {"trace_id", absl::string_view(call_.traceparent).substr(3, 32)},
                  {"caller", call_.actor}});
  return true;
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      ToRpcStatus(status).SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status details;
  if (!status.error_details().empty() && details.ParseFromString(status.error_details()) &&
      details.code() == static_cast<int>(status.error_code())) {
    return FromRpcStatus(details);
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

UnaryReactor::UnaryReactor(Runtime& runtime, std::string method,
                           grpc::CallbackServerContext* context)
    : life_(runtime, std::move(method), context, runtime.default_deadline) {}

void UnaryReactor::Complete(const std::function<absl::Status(const Call&)>& handler) {
  // Work that has waited past its deadline is not started.
  if (absl::Status refused = life_.Admission(); !refused.ok()) return End(refused);
  End(CallLife::Guard([&] { return handler(life_.call()); }));
}

void UnaryReactor::End(const absl::Status& status) {
  if (life_.End(status)) Finish(ToGrpc(status));
}

}  // namespace klynge::rpc
