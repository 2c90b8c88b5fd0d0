// What every main wires in the same order, and takes apart in the reverse one: logging, signals,
// metrics, Redis, executor, database, server, drain.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/platform/clock.h"
#include "services/platform/config/config.h"
#include "services/platform/operations/liveness.h"
#include "services/platform/operations/log_level_control.h"
#include "services/platform/operations/process_state.h"
#include "services/platform/rpc/executor.h"
#include "services/platform/rpc/runtime.h"
#include "services/platform/rpc/server.h"
#include "services/platform/shared_state/shared_state.h"
#include "services/platform/sql/database.h"
#include "services/platform/steady_clock.h"
#include "services/platform/telemetry/http_server.h"
#include "services/platform/telemetry/metrics.h"

namespace klynge {

namespace operations {
class OperationsService;
class Probe;
}  // namespace operations

namespace rpc {
class CallerLimits;
class Peer;
class SharedLimits;
}  // namespace rpc

// Make it first in main: it blocks SIGTERM and SIGINT before any thread starts.
class Process {
 public:
  explicit Process(config::ServiceConfig config);
  ~Process();

  const config::ServiceConfig& config() const { return config_; }
  const Clock& clock() const { return clock_; }
  rpc::Runtime& runtime() { return *runtime_; }
  shared_state::SharedState& shared_state() { return *shared_state_; }
  telemetry::Metrics& metrics() { return metrics_; }

  // Opens the database and brings its schema up to date. Ends the process when that cannot be done.
  sql::Database& OpenDatabase(const std::vector<sql::Migration>& migrations);
  // Another service, always the same object; ends the process when the credentials are wrong.
  rpc::Peer& Peer(const std::string& service);

  // The same, or null when no address was given (ServiceDescription::optional_peers).
  rpc::Peer* PeerIfGiven(const std::string& service);

  // Each commit is told to `notify` here at once, and through Redis to the other replicas'.
  void ShareRevisions(std::function<void(int64_t)> notify);

  // Called when the process is told to stop and takes no more calls, while those under way may
  // finish: for streams that would not end by themselves, and know better than others what to say.
  void OnDrain(std::function<void()> end_streams) { end_streams_ = std::move(end_streams); }

  // Serves until SIGTERM or SIGINT, then drains. OperationsService is served beside `services`.
  // Returns main's exit code.
  int Serve(const std::vector<grpc::Service*>& services);

 private:
  void LimitCallers();
  void ServeHttp();
  void AskDatabase();
  void Watch(rpc::Server& server);
  void LookAfter(rpc::Server& server);
  void TellChanges(const std::vector<operations::Dependency>& dependencies);
  [[noreturn]] void Fail(const absl::Status& status) const;

  const config::ServiceConfig config_;
  std::function<void()> end_streams_ = [] {};
  SystemClock clock_;
  SteadyClock steady_clock_;
  telemetry::Metrics metrics_;
  operations::ProcessState state_{clock_, steady_clock_};
  operations::Liveness liveness_{steady_clock_};
  operations::LogLevelControl log_level_{config_.log_level, clock_, steady_clock_};
  std::map<std::string, bool> told_available_;  // the watching thread only
  std::unique_ptr<shared_state::SharedState> shared_state_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<rpc::Executor> executor_;
  std::unique_ptr<rpc::CallerLimits> caller_limits_;
  std::unique_ptr<rpc::SharedLimits> shared_limits_;
  std::unique_ptr<rpc::Runtime> runtime_;
  std::map<std::string, std::unique_ptr<rpc::Peer>> peers_;
  std::unique_ptr<operations::OperationsService> operations_;
  std::unique_ptr<operations::Probe> database_probe_;
  std::unique_ptr<telemetry::HttpServer> http_server_;
};

}  // namespace klynge
