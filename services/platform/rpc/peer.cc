#include "services/platform/rpc/peer.h"

#include "services/platform/rpc/server.h"

namespace klynge::rpc {
namespace {

// No timeout here: gRPC 1.51 lets it fire a second early. Deadlines are set on each call.
constexpr char kServiceConfig[] = R"json({
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 3, "initialBackoff": "0.05s", "maxBackoff": "0.5s", "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }]
})json";

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> PeerChannel(const config::ServiceConfig& config,
                                                           const std::string& peer) {
  const auto address = config.peers.find(peer);
  if (address == config.peers.end()) {
    return absl::InvalidArgumentError(absl::StrCat("no address of the ", peer, " service"));
  }
  auto credentials = ChannelCredentials(config);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetMaxReceiveMessageSize(64 << 20);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS,
                   static_cast<int>(absl::ToInt64Milliseconds(kKeepalive)));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // gRPC's own first pause is a second, in which calls to a peer that has just started fail.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  return grpc::CreateCustomChannel(address->second, *credentials, arguments);
}

void PrepareContext(const Call& call, grpc::ClientContext* context, absl::Duration margin,
                    absl::Duration most) {
  const absl::Time now = absl::Now();
  const absl::Time deadline = std::min(call.deadline - margin, now + most);
  context->set_deadline(absl::ToChronoTime(std::max(deadline, now)));
  if (!call.traceparent.empty()) context->AddMetadata("traceparent", call.traceparent);
}

}  // namespace klynge::rpc
