// One call to a peer with the deadline and trace of the call that asked for it.
#pragma once

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "services/courses/peers.h"
#include "services/platform/rpc/peer.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {

// What a caller has left after the parts have come: time to write the report.
inline constexpr absl::Duration kTimeToWrite = absl::Milliseconds(200);
// A peer that takes longer counts as missing, however patient the caller.
inline constexpr absl::Duration kPatience = absl::Seconds(5);

template <class Send>
absl::Status PeerCall(const Question& question, Send send) {
  grpc::ClientContext context;
  rpc::PrepareContext(question.call, &context, kTimeToWrite, kPatience);
  return rpc::FromGrpc(send(&context));
}

}  // namespace klynge::courses
