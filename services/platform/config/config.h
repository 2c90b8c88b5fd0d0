// How a service is told where it listens, what it uses and who may call it: flags, or the
// environment (KLYNGE_LISTEN for --listen, and so on; a flag wins). Secrets come from files only.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <map>
#include <string>
#include <vector>

#include "services/platform/telemetry/log.h"

namespace klynge::config {

enum class Auth { kNone, kMtls };

struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string ca;
};

struct ServiceConfig {
  std::string service;  // "goals"
  std::string listen;
  std::string health_listen;   // "" = no health-only port
  std::string metrics_listen;  // "" = no metrics port
  std::string database;
  std::string redis;  // "" = none
  std::string redis_password;
  Auth auth = Auth::kNone;
  TlsFiles tls;
  std::map<std::string, std::string> peers;  // "organisation" → "127.0.0.1:50051"
  int executor_threads = 0;
  int executor_queue = 0;
  int database_sessions = 0;
  absl::Duration drain = absl::Seconds(10);
  telemetry::Level log_level = telemetry::Level::kInfo;
};

// What a service says of itself for --help and defaults.
struct ServiceDescription {
  std::string service;
  std::string purpose;
  int port;
  int metrics_port;
  // Which of --organisation, --goals and --observations it calls.
  std::vector<std::string> peers;
};

// Reads the command line and the environment. On a mistake prints every problem and exits with 2.
ServiceConfig ParseOrExit(int argc, char** argv, const ServiceDescription& description);

// Every problem of a configuration, one a line; empty when there is none.
std::vector<std::string> Problems(const ServiceConfig& config);

// True for 127.0.0.0/8, [::1], localhost and unix: addresses.
bool IsLoopback(const std::string& address);

}  // namespace klynge::config
