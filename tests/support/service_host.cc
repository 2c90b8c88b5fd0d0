#include "tests/support/service_host.h"

#include <cstdio>
#include <cstdlib>

namespace klynge::testing {

ServiceHost::ServiceHost(const std::string& service, const std::vector<grpc::Service*>& services) {
  config::ServiceConfig config;
  config.service = service;
  config.listen = "127.0.0.1:0";
  auto server = rpc::Server::Start(config, services);
  if (!server.ok()) {
    std::fprintf(stderr, "%s\n", server.status().ToString().c_str());
    std::abort();
  }
  server_ = *std::move(server);
  for (const auto& name : server_->names()) server_->SetHealth(name, true);
}

ServiceHost::ServiceHost(TestRuntime& runtime, const std::string& service,
                         const std::vector<grpc::Service*>& services)
    : ServiceHost(service, services) {
  runtime_ = &runtime;
}

ServiceHost::~ServiceHost() {
  server_->Drain({.grace = absl::Seconds(5)});
  if (runtime_ != nullptr) runtime_->Stop();
}

std::string ServiceHost::address() const { return absl::StrCat("127.0.0.1:", server_->port()); }

std::shared_ptr<grpc::Channel> ServiceHost::channel() const {
  return grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
}

}  // namespace klynge::testing
