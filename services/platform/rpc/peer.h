// Calling another service: channels and the context that carries a call onwards.
#pragma once

#include <absl/status/status.h>
#include <absl/time/time.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "services/platform/config/config.h"
#include "services/platform/rpc/call.h"
#include "services/platform/rpc/runtime.h"

namespace klynge::rpc {

// A channel to config.peers[peer]: round robin over its replicas, keepalive, and for UNAVAILABLE up
// to three tries of calls that were not yet processed. Connects when first used.
absl::StatusOr<std::shared_ptr<grpc::Channel>> PeerChannel(const config::ServiceConfig& config,
                                                           const std::string& peer);

// Gives an onward call its deadline (the caller's less `margin`, at most `most` from now) and its
// trace context.
void PrepareContext(const Call& call, grpc::ClientContext* context,
                    absl::Duration margin = absl::Milliseconds(50),
                    absl::Duration most = absl::Seconds(10));

}  // namespace klynge::rpc
