#include "services/platform/process.h"

#include <absl/strings/str_cat.h>

#include <csignal>
#include <ctime>
#include <iostream>

#include "services/platform/rpc/caller_limits.h"
#include "services/platform/rpc/client/channel.h"
#include "services/platform/rpc/client/peer.h"
#include "services/platform/rpc/shared_limits.h"
#include "services/platform/shared_state/metrics.h"
#include "services/platform/telemetry/log.h"

namespace klynge {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

Process::Process(config::ServiceConfig config) : config_(std::move(config)) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  telemetry::StartLogging(config_.service, config_.log_level);
  shared_state_ = std::make_unique<shared_state::SharedState>(
      shared_state::Options{config_.redis.address, config_.redis.password});
  executor_ = std::make_unique<rpc::Executor>(config_.executor_threads,
                                              static_cast<size_t>(config_.executor_queue));
  runtime_ = std::make_unique<rpc::Runtime>(
      rpc::Runtime{*executor_, metrics_, config_.auth == config::Auth::kMtls});
  LimitCallers();
  shared_state::AddMetrics(*shared_state_, metrics_);
  metrics_.AddGauge("klynge_executor_queued", "Calls that wait for a thread",
                    [this] { return static_cast<double>(executor_->queued()); });
  if (config_.metrics_listen.empty()) return;
  auto server = telemetry::HttpServer::Start(
      config_.metrics_listen,
      {{"/metrics", [this] {
          return telemetry::HttpAnswer{200, "text/plain; version=0.0.4", metrics_.Text()};
        }}});
  if (!server.ok()) Fail(server.status());
  http_server_ = *std::move(server);
}

Process::~Process() {
  http_server_.reset();
  // Tasks use the database, the database's listeners and the limits use Redis.
  executor_.reset();
  database_.reset();
  shared_limits_.reset();
  shared_state_.reset();
}

void Process::Fail(const absl::Status& status) const {
  std::cerr << "klynge-" << config_.service << " cannot start: " << status.message() << "\n";
  std::exit(1);
}

sql::Database& Process::OpenDatabase(const std::vector<sql::Migration>& migrations) {
  auto database = sql::Database::Open({.url = config_.database,
                                       .pool_size = config_.database_sessions,
                                       .replica_url = config_.database_replica,
                                       .idempotency_retention = config_.idempotency_retention},
                                      migrations, &clock_);
  if (!database.ok()) Fail(database.status());
  database_ = *std::move(database);
  return *database_;
}

void Process::LimitCallers() {
  runtime_->services = config_.services;
  const double rate = config::CallerRate(config_);
  if (rate == 0) return;
  caller_limits_ = std::make_unique<rpc::CallerLimits>(
      steady_clock_,
      rpc::CallerLimits::Options{.rate = rate, .burst = config::CallerBurst(config_)});
  runtime_->caller_limits = caller_limits_.get();
  shared_limits_ = std::make_unique<rpc::SharedLimits>(
      config_.service, *caller_limits_, [this](const auto& deltas, absl::Duration ttl) {
        return shared_state_->AddToCounters(deltas, ttl);
      });
}

rpc::Peer& Process::Peer(const std::string& service) {
  std::unique_ptr<rpc::Peer>& peer = peers_[service];
  if (peer != nullptr) return *peer;
  auto channel = rpc::PeerChannel(config_, service);
  if (!channel.ok()) Fail(channel.status());
  peer = std::make_unique<rpc::Peer>(service, *std::move(channel));
  const telemetry::Labels labels = {{"peer", service}};
  metrics_.AddGauge(
      "klynge_peer_breaker_state",
      "Whether the peer is asked: 0 yes, 1 one trial is under way, 2 not now",
      [asked = peer.get()] { return static_cast<double>(asked->state()); }, labels);
  metrics_.AddAskedCounter(
      "klynge_peer_hedged_total", "Questions sent to a second replica, because the first was slow",
      [asked = peer.get()] { return static_cast<double>(asked->hedged()); }, labels);
  return *peer;
}

void Process::ShareRevisions(std::function<void(int64_t)> notify) {
  shared_state_->OnRevision(config_.service, notify);
  database_->OnCommit([this, notify = std::move(notify)](int64_t revision) {
    notify(revision);
    shared_state_->PublishRevision(config_.service, revision);
  });
}

int Process::Serve(const std::vector<grpc::Service*>& services) {
  auto server = rpc::Server::Start(config_, services);
  if (!server.ok()) Fail(server.status());
  telemetry::Log(telemetry::Level::kInfo, "serving",
                 {{"listen", config_.listen}, {"port", (*server)->port()}});
  Watch(**server);
  telemetry::Log(telemetry::Level::kInfo, "draining",
                 {{"seconds", absl::ToDoubleSeconds(config_.drain)}});
  end_streams_();
  (*server)->Drain(config_.drain);
  // What is queued, and what Redis tells, still uses the services of the caller's frame.
  executor_.reset();
  shared_state_->ForgetListeners();
  telemetry::Log(telemetry::Level::kInfo, "stopped");
  return 0;
}

// Looks after the dependencies until the process is told to stop.
void Process::Watch(rpc::Server& server) {
  const sigset_t signals = StopSignals();
  while (true) {
    CheckDependencies(server);
    const timespec second{1, 0};
    if (sigtimedwait(&signals, nullptr, &second) > 0) return;
  }
}

void Process::CheckDependencies(rpc::Server& server) {
  const bool database = !database_ || database_->Revision(absl::Now() + absl::Seconds(2)).ok();
  server.SetHealth("dependency.database", database);
  server.SetHealth("dependency.redis", shared_state_->connected());
  // Without Redis every answer is still right; without the database it is not.
  for (const auto& name : server.names()) server.SetHealth(name, database);
}

}  // namespace klynge
