// The questions of one report to one service:
//
//   const Asker<OrganisationService> ask(organisation, question);
//   absl::Status status = ask(&OrganisationService::Stub::async::GetUnit, request, &response);
#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "services/courses/peers.h"
#include "services/platform/rpc/client/peer.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {

// What a caller has left after the parts have come is the time to write the report. A peer that
// takes longer than five seconds counts as missing, however patient the caller.
inline constexpr rpc::Patience kReportPatience = {.margin = absl::Milliseconds(200),
                                                  .most = absl::Seconds(5)};

// Thread-safe; blocks.
template <class Service>
class Asker {
 public:
  using Async = typename Service::Stub::async;

  // Both must outlive this.
  Asker(rpc::Peer& peer, const Question& question)
      : peer_(peer), question_(question), stub_(Service::NewStub(peer.channel())) {}

  // Errors: as rpc::Peer::Ask.
  template <class Request, class Response>
  absl::Status operator()(void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                                std::function<void(grpc::Status)>),
                          const Request& request, Response* response) const {
    return peer_.Ask(question_.call, kReportPatience, *stub_->async(), method, request, response);
  }

  const Question& question() const { return question_; }

 private:
  rpc::Peer& peer_;
  const Question& question_;
  const std::unique_ptr<typename Service::Stub> stub_;
};

}  // namespace klynge::courses
