#include "services/platform/rpc/runtime.h"

#include <absl/random/random.h>
#include <absl/strings/numbers.h>
#include <absl/time/clock.h>
#include <grpc/grpc_security_constants.h>

#include <algorithm>

#include "google/rpc/status.pb.h"
#include "klynge/type/v1/errors.pb.h"
#include "services/platform/mutex.h"
#include "services/platform/rpc/caller_limits.h"
#include "services/platform/rpc/guard.h"
#include "services/platform/rpc/metadata_keys.h"
#include "services/platform/rpc/status.h"
#include "services/platform/steady_clock.h"
#include "services/platform/telemetry/caller_hash.h"
#include "services/platform/telemetry/log.h"

namespace klynge::rpc {
namespace {

constexpr size_t kLongestRequestId = 128;
constexpr size_t kLongestCaller = 256;

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

// What the caller sent under `key`, "" if nothing.
absl::string_view Sent(const grpc::CallbackServerContext& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return "";
  return absl::string_view(found->second.data(), found->second.size());
}

bool VisibleAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

uint64_t Random() {
  thread_local absl::InsecureBitGen random;
  return absl::Uniform<uint64_t>(random);
}

void AppendHex(std::string& text, uint64_t number) {
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(number >> shift) & 0xf];
}

// The span a traceparent ends in.
absl::string_view SpanOf(absl::string_view traceparent) { return traceparent.substr(36, 16); }

// The same trace with a new span.
std::string NewSpan(absl::string_view traceparent) {
  std::string made(traceparent.substr(0, 36));
  made.reserve(traceparent.size());
  AppendHex(made, Random());
  absl::StrAppend(&made, traceparent.substr(52));
  return made;
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

}  // namespace

std::string NewTraceparent(bool recorded) {
  std::string made = "00-";
  made.reserve(55);
  AppendHex(made, Random());
  AppendHex(made, Random());
  made += '-';
  AppendHex(made, Random());
  made += recorded ? "-01" : "-00";
  return made;
}

CallLife::CallLife(Runtime& runtime, Method& method, grpc::CallbackServerContext* context,
                   absl::Duration default_deadline)
    : runtime_(runtime), method_(method), started_(SteadyNow()) {
  TakeFromGrpc();
  runtime_.metrics.in_flight().Increment();
  call_.method = method.name;
  call_.deadline = std::min(absl::FromChrono(context->deadline()), absl::Now() + default_deadline);
  call_.stop = stop_.get_token();
  Identify(*context);
  TakeContext(*context);
}

void CallLife::Identify(const grpc::CallbackServerContext& context) {
  if (runtime_.require_peer_identity) {
    call_.actor = PeerIdentity(context);
    if (call_.actor.empty()) {
      refused_ = MakeStatus(
          absl::StatusCode::kUnauthenticated, type::v1::ERROR_REASON_CALLER_UNKNOWN,
          "the client certificate names no caller: use one with a SPIFFE URI in its SAN");
      return;
    }
  }
  const auto& services = runtime_.services;
  const bool service = runtime_.require_peer_identity &&
                       std::find(services.begin(), services.end(), call_.actor) != services.end();
  const absl::string_view first = service ? Sent(context, kOnBehalfOf) : "";
  const bool believed = !first.empty() && first.size() <= kLongestCaller && VisibleAscii(first);
  call_.on_behalf_of = believed ? std::string(first) : call_.actor;
  if (service || runtime_.caller_limits == nullptr) return;
  const absl::Duration wait = runtime_.caller_limits->Take(call_.actor);
  if (wait > absl::ZeroDuration()) {
    refused_ = MakeRetryableStatus(
        absl::StatusCode::kResourceExhausted, type::v1::ERROR_REASON_RATE_LIMITED,
        "this caller asks more often than it may (--caller_rate); ask again later", wait);
  }
}

void CallLife::TakeContext(const grpc::CallbackServerContext& context) {
  const absl::string_view traceparent = Sent(context, kTraceparent);
  if (ValidTraceparent(traceparent)) {
    parent_span_ = std::string(SpanOf(traceparent));
    call_.traceparent = NewSpan(traceparent);
  } else {
    call_.traceparent = NewTraceparent(true);
  }
  const absl::string_view request_id = Sent(context, kRequestId);
  if (request_id.size() <= kLongestRequestId && VisibleAscii(request_id)) {
    call_.request_id = std::string(request_id);
  }
}

absl::Status CallLife::Admission() const {
  if (!refused_.ok()) return refused_;
  if (absl::Now() >= call_.deadline) {
    return MakeStatus(absl::StatusCode::kDeadlineExceeded, type::v1::ERROR_REASON_DEADLINE_PASSED,
                      "the deadline had passed before the work was started");
  }
  return absl::OkStatus();
}

absl::Status CallLife::Submit(Executor::Task task) {
  KLYNGE_RETURN_IF_ERROR(Admission());
  const auto later = runtime_.executor.Submit(std::move(task), call_.deadline);
  if (!later) return absl::OkStatus();
  return MakeRetryableStatus(
      absl::StatusCode::kResourceExhausted, type::v1::ERROR_REASON_OVERLOADED,
      "the service has more work than it can do before the deadline; try again later", *later);
}

bool CallLife::End(const absl::Status& status) {
  if (ended_.exchange(true)) return false;
  HandToGrpc();
  const absl::Duration took = SteadyNow() - started_;
  runtime_.metrics.in_flight().Decrement();
  method_.metrics.Count(status.code(), took);
  const telemetry::Level level = LevelOf(status, call_);
  if (!telemetry::Logged(level)) return true;
  const bool for_another = call_.on_behalf_of != call_.actor;
  telemetry::Log(
      level, "rpc",
      {{"method", call_.method},
       {"code", telemetry::CodeName(status.code())},
       {"reason", ReasonOf(status)},
       {"error", status.message()},
       {"ms", absl::ToDoubleMilliseconds(took)},
       {"trace_id", absl::string_view(call_.traceparent).substr(3, 32)},
       {"span_id", SpanOf(call_.traceparent)},
       {"parent_span_id", parent_span_},
       {"request_id", call_.request_id},
       {"caller", telemetry::CallerHash(call_.actor)},
       {"on_behalf_of", for_another ? telemetry::CallerHash(call_.on_behalf_of) : std::string()}});
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

UnaryReactor::UnaryReactor(Runtime& runtime, Method& method, grpc::CallbackServerContext* context)
    : life_(runtime, method, context, runtime.default_deadline) {}

void UnaryReactor::Complete(absl::FunctionRef<absl::Status(const Call&)> handler) {
  // Work that has waited past its deadline is not started.
  if (absl::Status refused = life_.Admission(); !refused.ok()) return End(refused);
  End(Guard([&] { return handler(life_.call()); }));
}

void UnaryReactor::Start(absl::FunctionRef<absl::Status(const Call&, Done)> handler) {
  if (absl::Status refused = life_.Admission(); !refused.ok()) return End(refused);
  const absl::Status begun = Guard(
      [&] { return handler(life_.call(), [this](const absl::Status& status) { End(status); }); });
  // Once it has begun, the call may be over and this be gone.
  if (!begun.ok()) End(begun);
}

void UnaryReactor::End(const absl::Status& status) {
  if (life_.End(status)) Finish(ToGrpc(status));
}

}  // namespace klynge::rpc
