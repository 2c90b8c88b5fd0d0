// How a service is told where it listens, what it uses and who may call it: flags, or the
// environment (KLYNGE_LISTEN for --listen, and so on; a flag wins). Secrets come from files only.
//
// A new setting is a member here, with its default, and a line in AddFlags (config.cc).
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "services/platform/config/flag_table.h"
#include "services/platform/telemetry/log.h"

namespace klynge::config {

enum class Auth { kNone, kMtls };

struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string ca;
};

struct RedisConfig {
  std::string address = "127.0.0.1:6379";  // "" = no Redis; host:port/N is database N
  std::string password;                    // "", "password" or "user password"
};

struct ServiceConfig {
  std::string service;  // "goals"
  std::string listen;
  std::string health_listen;   // "" = no health-only port
  std::string metrics_listen;  // "" = no metrics port
  std::string database;
  // A read-only replica of `database`, for reads that it is fresh enough for; "" = none.
  std::string database_replica;
  int database_sessions = 6;
  // How long the answer to a request id is kept for its repetition.
  absl::Duration idempotency_retention = absl::Hours(7 * 24);
  RedisConfig redis;
  Auth auth = Auth::kNone;
  TlsFiles tls;
  // SPIFFE URIs of the services: believed when they say for whom they ask, and never limited.
  std::vector<std::string> services = {"spiffe://klynge/organisation", "spiffe://klynge/goals",
                                       "spiffe://klynge/observations", "spiffe://klynge/courses"};
  // Requests a second of one other caller, and at once: see CallerRate and CallerBurst.
  double caller_rate = -1;
  double caller_burst = 0;
  // SPIFFE URIs that may change a running process, under --auth=mtls.
  std::vector<std::string> operators;
  // "organisation" → "127.0.0.1:50051"; "" for one that need not be there and is not.
  std::map<std::string, std::string> peers;
  int executor_threads = 64;
  int executor_queue = 1000;
  absl::Duration drain = absl::Seconds(10);
  absl::Duration drain_notice = absl::Milliseconds(500);
  telemetry::Level log_level = telemetry::Level::kInfo;
  std::string caller_hash_key;  // "" = callers are hashed without a key in logs
  // Variables KLYNGE_… of the environment that mean nothing to this service.
  std::vector<std::string> unknown_variables;
};

// What a service says of itself for --help and defaults.
struct ServiceDescription {
  std::string service;
  std::string purpose;
  int port;
  int metrics_port;
  // Which of --organisation, --goals and --observations it calls.
  std::vector<std::string> peers;
  // Adds the flags that only this service has.
  std::function<void(FlagTable&)> own_flags = nullptr;
  // Services that it calls if it is told where they are: no address is their default.
  std::vector<std::string> optional_peers = {};
};

// Reads the command line and the environment. --help is printed and ends the process with 0; on
// mistakes every one of them is printed and the process ends with 2.
ServiceConfig ParseOrExit(int argc, char** argv, const ServiceDescription& description);

// What ParseOrExit reads, without the process around it: `arguments` without the program's name.
// Every mistake is added to `problems`, a sentence each.
ServiceConfig Parse(const std::vector<std::string>& arguments,
                    const std::map<std::string, std::string>& environment,
                    const ServiceDescription& description, std::vector<std::string>* problems);

// What --help prints.
std::string Help(const ServiceDescription& description);

// How many requests a second one caller may send in the long run; 0: any number. By default 5000
// under --auth=mtls. Under --auth=none nobody can be told apart, so nobody is limited by default.
double CallerRate(const ServiceConfig& config);
// How many at once; by default those of two seconds.
double CallerBurst(const ServiceConfig& config);

// Every problem between the settings of a configuration; empty when there is none.
std::vector<std::string> Problems(const ServiceConfig& config);

// True for 127.0.0.0/8, [::1], localhost and unix: addresses.
bool IsLoopback(const std::string& address);

}  // namespace klynge::config
