#include "services/platform/rpc/client/channel.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <map>
#include <vector>

#include "services/platform/rpc/server.h"

namespace klynge::rpc {
namespace {

// The methods that services call of each other and that may be sent twice, by service. All of them
// read. A method that writes may be added when its request carries a request_id and every caller
// sets it: then the second sending gets the answer to the first. One without must not stand here.
const std::map<absl::string_view, std::vector<absl::string_view>>& Repeatable() {
  static const auto* const repeatable =
      new std::map<absl::string_view, std::vector<absl::string_view>>{
          {"organisation",
           {"GetLeadershipTeam", "GetSnapshot", "GetUnit", "ListRoles", "ListUnits"}},
          {"goals", {"GetFramework", "GetProgress", "ListUnitUses"}},
          {"observations",
           {"CompareRounds", "GetInstrument", "ListRounds", "ListUnitUses", "QueryAggregates"}},
          {"courses", {"ListUnitUses"}}};
  return *repeatable;
}

}  // namespace

// No timeout here: gRPC 1.51 lets it fire a second early. Deadlines are set on each call.
std::string PeerServiceConfig(absl::string_view peer) {
  std::vector<std::string> names;
  if (const auto found = Repeatable().find(peer); found != Repeatable().end()) {
    for (const absl::string_view method : found->second) {
      names.push_back(absl::StrCat(R"({"service":")", FullServiceName(std::string(peer)),
                                   R"(","method":")", method, R"("})"));
    }
  }
  const std::string methods =
      names.empty() ? "" : absl::StrCat(R"({"name":[)", absl::StrJoin(names, ","), R"(],
    "retryPolicy":{"maxAttempts":3,"initialBackoff":"0.05s","maxBackoff":"0.5s",
      "backoffMultiplier":2,"retryableStatusCodes":["UNAVAILABLE"]}})");
  return absl::StrCat(
      R"({"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":")",
      kAccepting, R"("},"methodConfig":[)", methods, "]}");
}

std::shared_ptr<grpc::Channel> PeerChannelTo(
    const std::string& peer, const std::string& target,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(PeerServiceConfig(peer));
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS,
                   static_cast<int>(absl::ToInt64Milliseconds(kKeepalive)));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                   static_cast<int>(absl::ToInt64Milliseconds(kKeepaliveTimeout)));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Otherwise only two pings go while nothing else is sent.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // gRPC's own first pause is a second, in which calls to a peer that has just started fail.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  return grpc::CreateCustomChannel(target, credentials, arguments);
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> PeerChannel(const config::ServiceConfig& config,
                                                           const std::string& peer) {
  const auto address = config.peers.find(peer);
  if (address == config.peers.end()) {
    return absl::InvalidArgumentError(absl::StrCat("no address of the ", peer, " service"));
  }
  auto credentials = ChannelCredentials(config);
  if (!credentials.ok()) return credentials.status();
  return PeerChannelTo(peer, address->second, *credentials);
}

}  // namespace klynge::rpc
