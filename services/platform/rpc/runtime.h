// What the handlers of one process share, and the life of one call from acceptance to its log line.
#pragma once

#include <absl/status/status.h>
#include <absl/time/time.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "services/platform/rpc/call.h"
#include "services/platform/rpc/executor.h"
#include "services/platform/telemetry/metrics.h"

namespace klynge::rpc {

struct Runtime {
  Executor& executor;
  telemetry::Metrics& metrics;
  // Callers must show a certificate with a SPIFFE URI.
  bool require_peer_identity = false;
  // For callers that set no deadline of their own.
  absl::Duration default_deadline = absl::Seconds(30);
  // Streams may live longer.
  absl::Duration default_stream_deadline = absl::Hours(12);
};

// A new W3C trace context. Of calls that are not `recorded` (the trace flag is 0) only failures are
// logged, successes at level debug: for what one service asks another by the clock.
std::string NewTraceparent(bool recorded);

// One call: made when it is accepted, ended exactly once. Thread-safe where it says so.
class CallLife {
 public:
  CallLife(Runtime& runtime, std::string method, grpc::CallbackServerContext* context,
           absl::Duration default_deadline);
  CallLife(const CallLife&) = delete;
  CallLife& operator=(const CallLife&) = delete;

  const Call& call() const { return call_; }

  // Runs `task` on the executor. Errors (the task was not taken): the caller could not be
  // authenticated; the deadline has passed; the queue is full (kResourceExhausted with RetryInfo).
  absl::Status Submit(std::function<void()> task);

  // Why the call must not be answered at all: unknown caller, deadline passed.
  absl::Status Admission() const;

  // Runs a handler; an exception becomes kInternal.
  static absl::Status Guard(const std::function<absl::Status()>& body);

  // Counts and logs the call. The first time it returns true.
  bool End(const absl::Status& status);

  void Cancel() { cancelled_->store(true, std::memory_order_relaxed); }
  // May be asked from any thread.
  bool cancelled() const { return cancelled_->load(std::memory_order_relaxed); }

 private:
  Runtime& runtime_;
  const absl::Time started_;
  std::shared_ptr<std::atomic<bool>> cancelled_ = std::make_shared<std::atomic<bool>>(false);
  std::atomic<bool> ended_ = false;
  absl::Status authentication_;
  Call call_;
};

// The status as gRPC sends it, details included.
grpc::Status ToGrpc(const absl::Status& status);
// A peer's error with its details.
absl::Status FromGrpc(const grpc::Status& status);

// The reactor of a unary call. Deletes itself when gRPC is done with it.
class UnaryReactor final : public grpc::ServerUnaryReactor {
 public:
  UnaryReactor(Runtime& runtime, std::string method, grpc::CallbackServerContext* context);

  // Hands `run` to the executor.
  absl::Status Admit(std::function<void()> run) { return life_.Submit(std::move(run)); }
  // Runs the handler and ends the call with what it says.
  void Complete(const std::function<absl::Status(const Call&)>& handler);
  void End(const absl::Status& status);

 private:
  void OnCancel() override { life_.Cancel(); }
  void OnDone() override { delete this; }

  CallLife life_;
};

}  // namespace klynge::rpc
