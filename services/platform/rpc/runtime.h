// What the handlers of one process share, and the life of one call from acceptance to its log line.
#pragma once

#include <absl/functional/any_invocable.h>
#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/time/time.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "services/platform/rpc/call.h"
#include "services/platform/rpc/executor.h"
#include "services/platform/rpc/open_streams.h"
#include "services/platform/telemetry/metrics.h"

namespace klynge::rpc {

class CallerLimits;

struct Runtime {
  Executor& executor;
  telemetry::Metrics& metrics;
  // Callers must show a certificate with a SPIFFE URI.
  bool require_peer_identity = false;
  // For callers that set no deadline of their own.
  absl::Duration default_deadline = absl::Seconds(30);
  // Streams may live longer.
  absl::Duration default_stream_deadline = absl::Hours(12);
  // The SPIFFE URIs of the services. They are believed when they say for whom they ask, and have no
  // limit: whom they ask for has met one where they came in.
  std::vector<std::string> services = {};
  // How much each other caller may ask; null = no limit.
  CallerLimits* caller_limits = nullptr;
  std::shared_ptr<OpenStreams> open_streams = std::make_shared<OpenStreams>();
};

// One RPC of a service: made at its first call, so that no later one looks anything up.
struct Method {
  const char* const rpc;   // "CheckIn"; its address is what identifies the RPC
  const std::string name;  // "/klynge.goals.v1.GoalsService/CheckIn"
  telemetry::RpcMetrics metrics;
  Method* const next;
};

// A new W3C trace context. Of calls that are not `recorded` (the trace flag is 0) only failures are
// logged, successes at level debug: for what one service asks another by the clock.
std::string NewTraceparent(bool recorded);

// One call: made when it is accepted, ended exactly once. Thread-safe where it says so.
class CallLife {
 public:
  // `method` and what `runtime` refers to must outlive this.
  CallLife(Runtime& runtime, Method& method, grpc::CallbackServerContext* context,
           absl::Duration default_deadline);
  CallLife(const CallLife&) = delete;
  CallLife& operator=(const CallLife&) = delete;

  const Call& call() const { return call_; }

  // Runs `task` on the executor. Errors (the task was not taken): as Admission; there is more work
  // than can be done before the deadline (kResourceExhausted, reason OVERLOADED, with RetryInfo).
  absl::Status Submit(Executor::Task task);

  // Why the call must not be answered at all: unknown caller, too many calls of this caller,
  // deadline passed.
  absl::Status Admission() const;

  // Counts and logs the call. The first time it returns true.
  bool End(const absl::Status& status);

  // Any thread.
  void Cancel() { stop_.request_stop(); }
  bool cancelled() const { return stop_.stop_requested(); }

 private:
  void Identify(const grpc::CallbackServerContext& context);
  void TakeContext(const grpc::CallbackServerContext& context);

  Runtime& runtime_;
  Method& method_;
  const absl::Time started_;  // SteadyNow()
  std::stop_source stop_;
  std::atomic<bool> ended_ = false;
  absl::Status refused_;
  std::string parent_span_;  // the caller's, "" if it sent no trace context
  Call call_;
};

// The status as gRPC sends it, details included.
grpc::Status ToGrpc(const absl::Status& status);
// A peer's error with its details.
absl::Status FromGrpc(const grpc::Status& status);

// The reactor of a unary call. Deletes itself when gRPC is done with it.
class UnaryReactor final : public grpc::ServerUnaryReactor {
 public:
  UnaryReactor(Runtime& runtime, Method& method, grpc::CallbackServerContext* context);

  // Hands `run` to the executor.
  absl::Status Admit(Executor::Task run) { return life_.Submit(std::move(run)); }
  // Runs the handler and ends the call with what it says.
  void Complete(absl::FunctionRef<absl::Status(const Call&)> handler);
  using Done = absl::AnyInvocable<void(const absl::Status&)>;
  // Runs a handler that ends the call later; an error is that it will not.
  void Start(absl::FunctionRef<absl::Status(const Call&, Done)> handler);
  void End(const absl::Status& status);

 private:
  void OnCancel() override { life_.Cancel(); }
  void OnDone() override { delete this; }
  // Neither of the two blocks, so gRPC need not hand them to another thread: a fifth of the speed
  // of a read from memory.
  bool InternalInlineable() override { return true; }

  CallLife life_;
};

}  // namespace klynge::rpc
