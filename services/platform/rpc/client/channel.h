// Channels to the other services.
#pragma once

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "services/platform/config/config.h"

namespace klynge::rpc {

// A channel to config.peers[peer]: round robin over all addresses of the name whose
// replica takes calls (health name kAccepting), pings that find out within seconds that a replica
// is gone, and up to three tries of reads that a replica refused as UNAVAILABLE. Connects when
// first used. kInvalidArgument: no address, or credentials that cannot work.
absl::StatusOr<std::shared_ptr<grpc::Channel>> PeerChannel(const config::ServiceConfig& config,
                                                           const std::string& peer);

// The same to any target: "dns:///goals:50052", "ipv4:127.0.0.1:1,127.0.0.1:2".
std::shared_ptr<grpc::Channel> PeerChannelTo(
    const std::string& peer, const std::string& target,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials);

// gRPC's service config for calls to `peer`, as JSON.
std::string PeerServiceConfig(absl::string_view peer);

}  // namespace klynge::rpc
