#include "tests/bench/programs.h"

#include <absl/strings/str_cat.h>

#include <filesystem>

#include "tests/bench/figures.h"

namespace klynge::bench {

std::string ProgramPath(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

std::shared_ptr<grpc::Channel> OwnChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

testing::Replica& StartService(testing::Cluster& cluster, const std::string& service) {
  testing::Replica& replica =
      cluster.Start(service, {absl::StrCat("--metrics_listen=127.0.0.1:", testing::FreePort())});
  if (!replica.Serving()) Fail(absl::StrCat(service, " does not serve:\n", replica.Log()));
  return replica;
}

}  // namespace klynge::bench
