// Klynge's own programs as real processes, for a test to kill, pause, drain and start again:
//
//   RedisServer redis;
//   Cluster cluster(redis.address());
//   cluster.Start("organisation");
//   Replica& one = cluster.Start("goals");
//   Replica& two = cluster.Start("goals");  // the same database
//   auto stub = goals::v1::GoalsService::NewStub(one.channel());
//   one.Kill();
//   one.Start();
//
// The programs are those of the build, or, when it is set, of the folder that TEST_PROGRAMS names.
// Not thread-safe. Start replicas from a thread that outlives them: they die with it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/processes.h"

namespace klynge::testing {

// One klynge-<service>. It keeps its address when it is started again.
class Replica {
 public:
  // Names of grpc.health.v1; "" and the service's full name are asked for in the same way.
  static constexpr char kDatabase[] = "dependency.database";
  static constexpr char kRedis[] = "dependency.redis";
  static constexpr char kLiveness[] = "liveness";

  // `program` and its flags but for --listen; `log` is appended to.
  Replica(std::vector<std::string> arguments, int port, std::string log);

  // Starts the program and waits until it serves; fails the test when it does not within 30 s.
  void Start();
  // Without a chance to tidy up: kill -9.
  void Kill();
  // SIGTERM: it drains. Waits for the end and returns the exit code.
  int Stop();
  void Pause();  // SIGSTOP
  void Resume();
  bool running() { return process_ && process_->running(); }

  // "127.0.0.1:port".
  const std::string& address() const { return address_; }
  // Connections of its own, and eager to come back: in a test nobody wants to wait for a pause.
  std::shared_ptr<grpc::Channel> channel() const;
  // True when the health service answers SERVING for the name within a second.
  bool Serving(const std::string& name = "") const;

  // What the process holds, from /proc; 0 when it does not run.
  int64_t ResidentBytes() const;
  int OpenFiles() const;
  // What it has written, for a test to show when it fails.
  std::string Log() const;

 private:
  const std::vector<std::string> arguments_;
  const std::string address_;
  const std::string log_;
  const std::shared_ptr<grpc::Channel> health_;
  std::unique_ptr<ChildProcess> process_;
};

// Replicas of services that know each other. Each service has one database: a new one on the
// shared PostgreSQL unless Use said otherwise.
class Cluster {
 public:
  // `redis`: "host:port", or "none".
  explicit Cluster(std::string redis) : redis_(std::move(redis)) {}

  // From now on `service` is on this database: "sqlite:PATH", "postgresql://…".
  void Use(const std::string& service, const std::string& database);
  // From now on replicas are started by these words: {"env", "LD_PRELOAD=…"}. {}: as they are.
  void StartWith(std::vector<std::string> prefix) { prefix_ = std::move(prefix); }

  // Starts one more replica of "organisation", "goals", "observations" or "courses". It calls the
  // services that were started before it, all their replicas in turn. `flags` go last.
  Replica& Start(const std::string& service, const std::vector<std::string>& flags = {});

  const std::string& database(const std::string& service);
  // All replicas in the order of their start.
  const std::vector<std::unique_ptr<Replica>>& replicas() const { return replicas_; }
  // The end of every replica's log.
  std::string Logs() const;

 private:
  const std::string redis_;
  TemporaryDirectory directory_;
  std::vector<std::string> prefix_;
  std::map<std::string, std::string> databases_;
  std::map<std::string, std::string> addresses_;  // "organisation" → "ipv4:127.0.0.1:1,127.0.0.1:2"
  std::vector<std::unique_ptr<Replica>> replicas_;
};

}  // namespace klynge::testing
