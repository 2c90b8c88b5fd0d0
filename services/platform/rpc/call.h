// What a handler may know about the call it answers.
#pragma once

#include <absl/time/time.h>

#include <functional>
#include <string>

namespace klynge::rpc {

struct Call {
  // Full name: "/klynge.goals.v1.GoalsService/CheckIn".
  std::string method = "";
  // Who calls: the SPIFFE URI of the peer's certificate, or "local" under --auth=none.
  std::string actor = "local";
  // W3C trace context, made here when the caller sent none; passed on to peers.
  std::string traceparent = "";
  // Never infinite: a caller that sets none gets the server's default.
  absl::Time deadline = absl::InfiniteFuture();
  // True once the caller has gone. May be asked from any thread.
  std::function<bool()> cancelled = [] { return false; };
};

}  // namespace klynge::rpc
