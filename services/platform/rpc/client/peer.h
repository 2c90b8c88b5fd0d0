// Another service, and the one way to call it:
//
//   rpc::Peer organisation("organisation", channel);
//   const auto stub = v1::OrganisationService::NewStub(organisation.channel());
//   absl::Status status = organisation.Ask(call, {}, *stub->async(),
//       &v1::OrganisationService::Stub::async::GetUnit, request, &response);
//
// The question has the caller's deadline, less a margin, and ends when the caller goes. A replica
// that does not answer within 100 ms is not waited for alone: the question goes to the next replica
// too, and so on, and the first answer counts. When nobody answers any more, questions fail at
// once.
#pragma once

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <grpcpp/grpcpp.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "services/platform/circuit_breaker.h"
#include "services/platform/rpc/call.h"
#include "services/platform/rpc/client/context.h"
#include "services/platform/rpc/client/hedge_budget.h"
#include "services/platform/steady_clock.h"

namespace klynge::rpc {

// Thread-safe.
class Peer {
 public:
  // `name` is the service's, "organisation"; the reason of its absence is made of it.
  Peer(std::string name, std::shared_ptr<grpc::ChannelInterface> channel);

  const std::string& name() const { return name_; }
  // To make stubs of.
  const std::shared_ptr<grpc::ChannelInterface>& channel() const { return channel_; }

  // Asks, and blocks for the answer. Only for reads: the question may be sent again. Errors: the
  // peer's own; kUnavailable, reason <NAME>_UNAVAILABLE with the time to wait, when it cannot be
  // reached; kDeadlineExceeded; kCancelled when the caller has gone.
  template <class Async, class Request, class Response>
  absl::Status Ask(const Call& call, const Patience& patience, Async& async,
                   void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                         std::function<void(grpc::Status)>),
                   const Request& request, Response* response) {
    std::array<Response, kMostAttempts> responses;
    const auto send = [&](size_t attempt, grpc::ClientContext* context, Done done) {
      (async.*method)(context, &request, &responses[attempt], std::move(done));
    };
    const Answer answer = Send(call, patience, send);
    *response = std::move(responses[answer.attempt]);
    return answer.status;
  }

  BreakerState state() const { return breaker_.state(); }
  // Sendings of a question beyond its first.
  int64_t hedged() const { return hedged_.load(std::memory_order_relaxed); }

 private:
  // gRPC chooses the replica: two sendings may meet the same one that hangs, four hardly ever.
  static constexpr size_t kMostAttempts = 4;

  using Done = std::function<void(grpc::Status)>;
  using Sender = absl::FunctionRef<void(size_t attempt, grpc::ClientContext*, Done)>;
  class Attempts;
  struct Answer {
    absl::Status status;
    size_t attempt = 0;  // which of the responses it is
  };

  Answer Send(const Call& call, const Patience& patience, Sender send);
  void Record(const Call& call, absl::Duration given, const absl::Status& status);
  absl::Status Away(absl::string_view why, absl::Duration retry_after) const;

  const std::string name_;
  const std::shared_ptr<grpc::ChannelInterface> channel_;
  const SteadyClock clock_;
  CircuitBreaker breaker_;
  HedgeBudget budget_;
  std::atomic<int64_t> hedged_ = 0;
};

}  // namespace klynge::rpc
