#include "tests/support/cluster.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/time/clock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "grpc/health/v1/health.grpc.pb.h"

namespace klynge::testing {
namespace {

constexpr size_t kShownLog = 4'000;

// Which services each one calls, and so takes addresses of.
const std::map<std::string, std::vector<std::string>>& Peers() {
  static const auto* peers = new std::map<std::string, std::vector<std::string>>{
      {"organisation", {}},
      {"goals", {"organisation", "observations"}},
      {"observations", {"organisation"}},
      {"courses", {"organisation", "goals", "observations"}}};
  return *peers;
}

std::vector<std::string> With(std::vector<std::string> arguments, std::string last) {
  arguments.push_back(std::move(last));
  return arguments;
}

}  // namespace

Replica::Replica(std::vector<std::string> arguments, int port, std::string log)
    : arguments_(With(std::move(arguments), absl::StrCat("--listen=127.0.0.1:", port))),
      address_(absl::StrCat("127.0.0.1:", port)),
      log_(std::move(log)),
      health_(channel()) {}

void Replica::Start() {
  process_ = std::make_unique<ChildProcess>(arguments_, log_);
  const bool serving =
      Eventually(absl::Seconds(30), [this] { return Serving() || !process_->running(); });
  EXPECT_TRUE(serving && running()) << address_ << " does not serve:\n" << Log();
}

void Replica::Kill() {
  if (!running()) return;
  process_->Signal(SIGKILL);
  process_->Wait();
}

int Replica::Stop() {
  process_->Signal(SIGTERM);
  return process_->Wait();
}

void Replica::Pause() { process_->Signal(SIGSTOP); }
void Replica::Resume() { process_->Signal(SIGCONT); }

std::shared_ptr<grpc::Channel> Replica::channel() const {
  grpc::ChannelArguments arguments;
  // gRPC's own choice, pick_first, may wait half a minute before it tries a lost address again.
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 500);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  return grpc::CreateCustomChannel("ipv4:" + address_, grpc::InsecureChannelCredentials(),
                                   arguments);
}

bool Replica::Serving(const std::string& name) const {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
  // A call that fails at once does not let gRPC work on the connection, and nobody else does.
  context.set_wait_for_ready(true);
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(name);
  grpc::health::v1::HealthCheckResponse response;
  return grpc::health::v1::Health::NewStub(health_)->Check(&context, request, &response).ok() &&
         response.status() == grpc::health::v1::HealthCheckResponse::SERVING;
}

int64_t Replica::ResidentBytes() const {
  if (!process_) return 0;
  std::ifstream statm(absl::StrCat("/proc/", process_->pid(), "/statm"));
  int64_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

int Replica::OpenFiles() const {
  if (!process_) return 0;
  std::error_code gone;
  const std::filesystem::directory_iterator files(absl::StrCat("/proc/", process_->pid(), "/fd"),
                                                  gone);
  return static_cast<int>(std::distance(begin(files), end(files)));
}

std::string Replica::Log() const {
  std::ifstream file(log_);
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.size() <= kShownLog ? all : "…" + all.substr(all.size() - kShownLog);
}

void Cluster::Use(const std::string& service, const std::string& database) {
  databases_[service] = database;
}

const std::string& Cluster::database(const std::string& service) {
  std::string& url = databases_[service];
  if (url.empty()) url = PostgresServer::Shared().NewDatabase();
  return url;
}

Replica& Cluster::Start(const std::string& service, const std::vector<std::string>& flags) {
  std::vector<std::string> arguments = prefix_;
  const char* programs = std::getenv("TEST_PROGRAMS");
  arguments.push_back(
      absl::StrCat(programs != nullptr ? programs : KLYNGE_BIN, "/klynge-", service));
  arguments.push_back(absl::StrCat("--database=", database(service)));
  arguments.push_back(absl::StrCat("--redis=", redis_));
  const bool metrics = std::any_of(flags.begin(), flags.end(), [](const std::string& flag) {
    return absl::StartsWith(flag, "--metrics_listen=");
  });
  if (!metrics) arguments.push_back("--metrics_listen=none");
  for (const std::string& peer : Peers().at(service)) {
    const auto started = addresses_.find(peer);
    if (started == addresses_.end()) continue;
    arguments.push_back(absl::StrCat("--", peer, "=", started->second));
  }
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const std::string log =
      absl::StrCat(directory_.path(), "/", replicas_.size(), "-", service, ".log");
  Replica& replica =
      *replicas_.emplace_back(std::make_unique<Replica>(std::move(arguments), FreePort(), log));
  std::string& addresses = addresses_[service];
  absl::StrAppend(&addresses, addresses.empty() ? "ipv4:" : ",", replica.address());
  replica.Start();
  return replica;
}

std::string Cluster::Logs() const {
  std::string logs;
  for (const auto& replica : replicas_) {
    absl::StrAppend(&logs, "--- ", replica->address(), "\n", replica->Log());
  }
  return logs;
}

}  // namespace klynge::testing
