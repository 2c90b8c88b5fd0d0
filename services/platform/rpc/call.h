// What a handler may know about the call it answers.
#pragma once

#include <absl/time/time.h>

#include <stop_token>
#include <string>

namespace klynge::rpc {

struct Call {
  // Full name: "/klynge.goals.v1.GoalsService/CheckIn".
  std::string method = "";
  // Who calls: the SPIFFE URI of the peer's certificate, or "local" under --auth=none.
  std::string actor = "local";
  // Whom the caller asks for, when it is a service that was asked itself; else the caller.
  std::string on_behalf_of = "local";
  // W3C trace context of this call: the caller's trace, or a new one, and a span of its own. Passed
  // on to peers, which thus name this call as the parent of theirs.
  std::string traceparent = "";
  // What the first caller sent as x-request-id, "" if nothing; passed on to peers.
  std::string request_id = "";
  // Never infinite: a caller that sets none gets the server's default.
  absl::Time deadline = absl::InfiniteFuture();
  // Stops when the caller has gone; calls to peers are cancelled with it.
  std::stop_token stop;

  // True once the caller has gone. May be asked from any thread.
  bool cancelled() const { return stop.stop_requested(); }
};

}  // namespace klynge::rpc
