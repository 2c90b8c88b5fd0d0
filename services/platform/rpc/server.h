// The gRPC server of a process: credentials, health, reflection with comments, channelz, drain.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/platform/config/config.h"

namespace klynge::rpc {

class ReflectionService;

// Both ends ping after so long without traffic, and give the other up when it does not answer the
// ping. The two ends must agree, or the server cuts eager clients off.
inline constexpr absl::Duration kKeepalive = absl::Seconds(10);
inline constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(5);

// The largest message taken, at both ends.
inline constexpr int kMaxMessageBytes = 64 << 20;

// The health name by which clients choose among replicas (healthCheckConfig in their service
// config). What they send to a server that has begun to shut down, gRPC breaks off as CANCELLED; so
// they have to know before. Unlike "" it says nothing of the database: reads go on without it.
inline constexpr char kAccepting[] = "accepting";

// "goals" → "klynge.goals.v1.GoalsService".
std::string FullServiceName(const std::string& service);

// Credentials for --auth: insecure on loopback, or mutual TLS. kInvalidArgument when a file cannot
// be read or is no certificate or key, or the two do not belong together.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(
    const config::ServiceConfig& config);
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ChannelCredentials(
    const config::ServiceConfig& config);

class Server {
 public:
  // Starts answering on config.listen, and health alone on config.health_listen. The services must
  // outlive the server. `also` are the full names of those that reflection lists beside the one
  // named after config.service. kUnavailable when a port is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const config::ServiceConfig& config,
                                                       const std::vector<grpc::Service*>& services,
                                                       const std::vector<std::string>& also = {});
  ~Server();

  // Sets the health of "" (all), of each service, of "liveness" or of "dependency.redis" and the
  // like. "" and the services are NOT_SERVING until told otherwise. kAccepting is SERVING from the
  // start until the drain.
  void SetHealth(const std::string& name, bool serving);
  // The names of the services this server answers for, "" first.
  const std::vector<std::string>& names() const { return names_; }

  // The port of config.listen; of use when that asked for port 0.
  int port() const { return port_; }

  struct DrainOptions {
    // How long health says NOT_SERVING while calls are still taken: for balancers to notice.
    absl::Duration notice = absl::ZeroDuration();
    // How long calls under way may take to end once none are taken any more.
    absl::Duration grace = absl::Seconds(10);
    // Called when none are taken any more: for streams that would not end by themselves.
    std::function<void()> when_closed = [] {};
    // Called shortly before calls that are still under way are broken off.
    std::function<void()> last_words = [] {};
  };
  // Stops answering. Call it once.
  void Drain(const DrainOptions& options);

 private:
  Server();

  std::unique_ptr<ReflectionService> reflection_;
  // Answers UNIMPLEMENTED. gRPC starts no server that has nothing but its own health service.
  grpc::CallbackGenericService nothing_else_;
  std::unique_ptr<grpc::Server> health_server_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::string> names_;
  int port_ = 0;
};

}  // namespace klynge::rpc
