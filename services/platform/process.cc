#include "services/platform/process.h"

#include <absl/strings/str_cat.h>

#include <csignal>
#include <ctime>
#include <iostream>

#include "klynge/type/v1/errors.pb.h"
#include "services/platform/operations/operations_service.h"
#include "services/platform/operations/probe.h"
#include "services/platform/process_metrics.h"
#include "services/platform/rpc/caller_limits.h"
#include "services/platform/rpc/client/channel.h"
#include "services/platform/rpc/client/peer.h"
#include "services/platform/rpc/shared_limits.h"
#include "services/platform/rpc/status.h"
#include "services/platform/shared_state/metrics.h"
#include "services/platform/telemetry/caller_hash.h"
#include "services/platform/telemetry/log.h"

namespace klynge {
namespace {

constexpr char kDatabase[] = "database";
constexpr char kRedis[] = "redis";
// The database is asked once a second for at most a second.
constexpr absl::Duration kMostSilence = absl::Seconds(4);

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

absl::Status ShuttingDown() {
  return MakeRetryableStatus(
      absl::StatusCode::kUnavailable, ReasonName(type::v1::ERROR_REASON_SHUTTING_DOWN),
      "the service stops before the call was done; send it again", absl::Seconds(1));
}

}  // namespace

Process::Process(config::ServiceConfig config) : config_(std::move(config)) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  // Debian's abseil looks for deadlocks at every lock, which is for tests: it takes 6 % of a read.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  telemetry::SetCallerHashKey(config_.caller_hash_key);
  telemetry::StartLogging(config_.service, config_.log_level);
  for (const auto& variable : config_.unknown_variables) {
    telemetry::Log(telemetry::Level::kWarning, "unknown variable in the environment",
                   {{"variable", variable}});
  }
  shared_state_ = std::make_unique<shared_state::SharedState>(
      shared_state::Options{config_.redis.address, config_.redis.password});
  executor_ = std::make_unique<rpc::Executor>(config_.executor_threads,
                                              static_cast<size_t>(config_.executor_queue));
  runtime_ = std::make_unique<rpc::Runtime>(
      rpc::Runtime{*executor_, metrics_, config_.auth == config::Auth::kMtls});
  LimitCallers();
  shared_state::AddMetrics(*shared_state_, metrics_);
  AddExecutorMetrics(*executor_, config_.executor_threads, metrics_);
  if (!config_.redis.address.empty()) state_.AddDependency(kRedis, /*required=*/false);
  if (!config_.metrics_listen.empty()) ServeHttp();
}

Process::~Process() {
  http_server_.reset();
  database_probe_.reset();
  // Tasks use the database, the database's listeners and the limits use Redis.
  executor_.reset();
  database_.reset();
  shared_limits_.reset();
  shared_state_.reset();
}

void Process::ServeHttp() {
  using telemetry::HttpAnswer;
  telemetry::HttpServer::Paths paths;
  paths["/metrics"] = [this] {
    return HttpAnswer{200, "text/plain; version=0.0.4; charset=utf-8", metrics_.Text()};
  };
  paths["/livez"] = [this] {
    const std::string problem = liveness_.Problem();
    return HttpAnswer{problem.empty() ? 200 : 503, "application/json",
                      absl::StrCat("{\"live\":", problem.empty() ? "true" : "false",
                                   ",\"problem\":\"", problem, "\"}\n")};
  };
  paths["/readyz"] = [this] {
    const bool ready = !state_.draining() && Ready(state_.dependencies());
    return HttpAnswer{ready ? 200 : 503, "application/json", ReadinessJson(state_)};
  };
  auto server = telemetry::HttpServer::Start(config_.metrics_listen, paths);
  if (!server.ok()) {
    Fail(absl::UnavailableError(absl::StrCat("--metrics_listen: ", server.status().message())));
  }
  http_server_ = *std::move(server);
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
  state_.AddDependency(kDatabase, /*required=*/true, kMostSilence);
  AddDatabaseMetrics(*database_, metrics_);
  AskDatabase();
  database_probe_ =
      std::make_unique<operations::Probe>([this] { AskDatabase(); }, absl::Seconds(1));
  return *database_;
}

void Process::AskDatabase() {
  const auto revision = database_->Revision(absl::Now() + absl::Seconds(1));
  if (revision.ok()) state_.HearOfRevision(*revision);
  state_.Report(kDatabase, revision.status());
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
  state_.AddDependency(service, /*required=*/false);
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

rpc::Peer* Process::PeerIfGiven(const std::string& service) {
  const auto address = config_.peers.find(service);
  return address == config_.peers.end() || address->second.empty() ? nullptr : &Peer(service);
}

void Process::ShareRevisions(std::function<void(int64_t)> notify) {
  const auto hear = [this, notify = std::move(notify)](int64_t revision) {
    state_.HearOfRevision(revision);
    notify(revision);
  };
  shared_state_->OnRevision(config_.service, hear);
  database_->OnCommit([this, hear](int64_t revision) {
    hear(revision);
    shared_state_->PublishRevision(config_.service, revision);
  });
}

int Process::Serve(const std::vector<grpc::Service*>& services) {
  operations_ = std::make_unique<operations::OperationsService>(
      *runtime_,
      operations::OperationsService::Options{
          .service = config_.service,
          .everyone_operates = config_.auth == config::Auth::kNone,
          .operators = config_.operators},
      state_, log_level_);
  AddStateMetrics(state_, metrics_);
  std::vector<grpc::Service*> all = services;
  all.push_back(operations_.get());
  auto server = rpc::Server::Start(config_, all, {operations::kOperationsServiceName});
  if (!server.ok()) Fail(server.status());
  telemetry::Log(telemetry::Level::kInfo, "serving",
                 {{"listen", config_.listen}, {"port", (*server)->port()}});
  Watch(**server);
  state_.StartDraining();
  telemetry::Log(telemetry::Level::kInfo, "draining",
                 {{"seconds", absl::ToDoubleSeconds(config_.drain)}});
  (*server)->Drain({.notice = config_.drain_notice,
                    .grace = config_.drain,
                    .when_closed = end_streams_,
                    .last_words = [this] { runtime_->open_streams->EndAll(ShuttingDown()); }});
  // What is queued, what Redis tells and what metrics ask still use the services of the caller's
  // frame.
  http_server_.reset();
  metrics_.ForgetAsked();
  executor_.reset();
  shared_state_->ForgetListeners();
  telemetry::Log(telemetry::Level::kInfo, "stopped");
  return 0;
}

// Looks after the process until it is told to stop.
void Process::Watch(rpc::Server& server) {
  const sigset_t signals = StopSignals();
  while (true) {
    LookAfter(server);
    const timespec second{1, 0};
    if (sigtimedwait(&signals, nullptr, &second) > 0) return;
  }
}

// Nothing here may block: /livez counts on its coming round.
void Process::LookAfter(rpc::Server& server) {
  if (!config_.redis.address.empty()) {
    state_.Report(kRedis, shared_state_->connected() ? absl::OkStatus()
                                                     : absl::UnavailableError("not connected"));
  }
  for (const auto& [name, peer] : peers_) {
    const bool away =
        peer->state() == BreakerState::kOpen ||
        peer->channel()->GetState(/*try_to_connect=*/true) == GRPC_CHANNEL_TRANSIENT_FAILURE;
    state_.Report(name, away ? absl::UnavailableError("not reached") : absl::OkStatus());
  }
  const rpc::Executor::Stats executor = executor_->stats();
  liveness_.Tick(executor.queued, executor.started);
  log_level_.Tick();
  const auto dependencies = state_.dependencies();
  for (const auto& one : dependencies) server.SetHealth("dependency." + one.name, one.available);
  // Without Redis every answer is still right; without the database it is not.
  for (const auto& name : server.names()) server.SetHealth(name, Ready(dependencies));
  server.SetHealth("liveness", liveness_.Problem().empty());
  TellChanges(dependencies);
}

void Process::TellChanges(const std::vector<operations::Dependency>& dependencies) {
  for (const auto& one : dependencies) {
    const auto [told, first] = told_available_.emplace(one.name, true);
    if (told->second == one.available) continue;
    told->second = one.available;
    telemetry::Log(
        one.available ? telemetry::Level::kInfo : telemetry::Level::kWarning,
        one.available ? "dependency is back" : "dependency is away",
        {{"dependency", one.name}, {"error", one.available ? "" : one.last_error.c_str()}});
  }
}

}  // namespace klynge
