// What a call to another service carries on from the call that asked for it.
#pragma once

#include <absl/time/time.h>
#include <grpcpp/grpcpp.h>

#include "services/platform/rpc/call.h"

namespace klynge::rpc {

// How much of the caller's time a call to a peer may take.
struct Patience {
  // Left to the caller, to answer with what came.
  absl::Duration margin = absl::Milliseconds(50);
  // A peer that takes longer counts as away, however long the caller would wait.
  absl::Duration most = absl::Seconds(10);
};

// Gives the call to a peer its deadline, the trace context (with `call` as the parent), the request
// id, and for whom it is made.
void PrepareContext(const Call& call, grpc::ClientContext* context, const Patience& patience = {});

}  // namespace klynge::rpc
