// Runs services in the test's own process, behind the real server, wrapper and executor:
//
//   TestRuntime runtime;
//   GoalsService service(runtime.runtime(), …);
//   ServiceHost host(runtime, "goals", {&service});
//   auto stub = v1::GoalsService::NewStub(host.channel());
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "services/platform/rpc/runtime.h"
#include "services/platform/rpc/server.h"

namespace klynge::testing {

// Make it before the services, which hold on to it. Stop it before they die: a call that its client
// has given up may still be running.
class TestRuntime {
 public:
  explicit TestRuntime(int threads = 4, size_t queue = 1000)
      : executor_(threads, queue), runtime_{executor_, metrics_} {}
  rpc::Runtime& runtime() { return runtime_; }
  rpc::Executor& executor() { return executor_; }
  // Waits for what runs and is queued; takes nothing more.
  void Stop() { executor_.Stop(); }

 private:
  telemetry::Metrics metrics_;
  rpc::Executor executor_;
  rpc::Runtime runtime_;
};

class ServiceHost {
 public:
  // For services that need no runtime.
  ServiceHost(const std::string& service, const std::vector<grpc::Service*>& services);
  // For services that run their calls on `runtime`; make it after them.
  ServiceHost(TestRuntime& runtime, const std::string& service,
              const std::vector<grpc::Service*>& services);
  // As a process ends: no more calls, then whatever still runs.
  ~ServiceHost();
  rpc::Server& server() { return *server_; }
  std::string address() const;
  // Over loopback TCP, as clients come.
  std::shared_ptr<grpc::Channel> channel() const;

 private:
  std::unique_ptr<rpc::Server> server_;
  TestRuntime* runtime_ = nullptr;
};

}  // namespace klynge::testing
