#include "services/platform/config/config.h"

#include <absl/flags/flag.h>
#include <absl/flags/parse.h>
#include <absl/flags/reflection.h>
#include <absl/flags/usage.h>
#include <absl/flags/usage_config.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/strip.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

ABSL_FLAG(std::string, listen, "",
          "host:port the service answers gRPC on; if empty, its usual port on 127.0.0.1");
ABSL_FLAG(std::string, health_listen, "",
          "host:port of a plain-text port that answers grpc.health.v1 only, for probes");
ABSL_FLAG(
    std::string, metrics_listen, "",
    "host:port of Prometheus metrics; \"none\" for none; if empty, the usual port on 127.0.0.1");
ABSL_FLAG(
    std::string, database, "",
    "sqlite:PATH or postgresql://user@host/database; a password belongs into --database_file");
ABSL_FLAG(std::string, database_file, "", "file that holds the value of --database");
ABSL_FLAG(std::string, redis, "127.0.0.1:6379",
          "host:port or unix:PATH of Redis, optionally /N for database N; \"none\" for none");
ABSL_FLAG(std::string, redis_password_file, "",
          "file that holds \"password\" or \"user password\"");
ABSL_FLAG(std::string, auth, "none",
          "none (loopback only) or mtls (callers show a certificate with a SPIFFE URI)");
ABSL_FLAG(std::string, tls_certificate, "", "file: this service's certificate chain, PEM");
ABSL_FLAG(std::string, tls_key, "", "file: this service's key, PEM");
ABSL_FLAG(std::string, tls_ca, "", "file: the authority that signs services and callers, PEM");
ABSL_FLAG(std::string, organisation, "127.0.0.1:50051", "address of the organisation service");
ABSL_FLAG(std::string, goals, "127.0.0.1:50052", "address of the goals service");
ABSL_FLAG(std::string, observations, "127.0.0.1:50053", "address of the observations service");
ABSL_FLAG(int, executor_threads, 8, "threads for work that may block, 1 to 256");
ABSL_FLAG(int, executor_queue, 1000, "calls that may wait for such a thread");
ABSL_FLAG(int, database_sessions, 6, "connections to the database, 2 to 256");
ABSL_FLAG(absl::Duration, drain, absl::Seconds(10),
          "how long calls may finish after SIGTERM, for example 10s");
ABSL_FLAG(std::string, log_level, "info", "debug, info, warning or error");

namespace klynge::config {
namespace {

// A flag that was not given takes its value from KLYNGE_<NAME>, if that is set.
void ApplyEnvironment(std::vector<std::string>& problems) {
  for (auto& [name, flag] : absl::GetAllFlags()) {
    if (!absl::EndsWith(flag->Filename(), ".cc") ||
        !absl::StrContains(flag->Filename(), "services/")) {
      continue;
    }
    const std::string variable = absl::StrCat("KLYNGE_", absl::AsciiStrToUpper(name));
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr || flag->CurrentValue() != flag->DefaultValue()) continue;
    std::string error;
    if (!flag->ParseFrom(value, &error)) {
      problems.push_back(absl::StrCat(variable, "=", value, ": ", error));
    }
  }
}

std::string ReadSecret(const std::string& path, const char* flag,
                       std::vector<std::string>& problems) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) problems.push_back(absl::StrCat(flag, "=", path, ": cannot be read"));
  return std::string(absl::StripAsciiWhitespace(text.str()));
}

void CheckAddress(const std::string& flag, const std::string& address,
                  std::vector<std::string>& problems) {
  if (absl::StartsWith(address, "unix:") || absl::StrContains(address, ":")) return;
  problems.push_back(
      absl::StrCat(flag, "=", address, ": write host:port, for example 127.0.0.1:50051"));
}

absl::optional<telemetry::Level> ParseLevel(const std::string& text) {
  if (text == "debug") return telemetry::Level::kDebug;
  if (text == "info") return telemetry::Level::kInfo;
  if (text == "warning") return telemetry::Level::kWarning;
  if (text == "error") return telemetry::Level::kError;
  return absl::nullopt;
}

void ReadTransport(ServiceConfig& config, const ServiceDescription& description,
                   std::vector<std::string>& problems) {
  config.listen = absl::GetFlag(FLAGS_listen);
  if (config.listen.empty()) config.listen = absl::StrCat("127.0.0.1:", description.port);
  config.health_listen = absl::GetFlag(FLAGS_health_listen);
  config.metrics_listen = absl::GetFlag(FLAGS_metrics_listen);
  if (config.metrics_listen.empty()) {
    config.metrics_listen = absl::StrCat("127.0.0.1:", description.metrics_port);
  } else if (config.metrics_listen == "none") {
    config.metrics_listen.clear();
  }
  const std::string auth = absl::GetFlag(FLAGS_auth);
  if (auth == "mtls") config.auth = Auth::kMtls;
  if (auth != "mtls" && auth != "none") {
    problems.push_back(absl::StrCat("--auth=", auth, ": none or mtls"));
  }
  config.tls = {absl::GetFlag(FLAGS_tls_certificate), absl::GetFlag(FLAGS_tls_key),
                absl::GetFlag(FLAGS_tls_ca)};
  const std::map<std::string, std::string> addresses = {
      {"organisation", absl::GetFlag(FLAGS_organisation)},
      {"goals", absl::GetFlag(FLAGS_goals)},
      {"observations", absl::GetFlag(FLAGS_observations)}};
  for (const auto& peer : description.peers) config.peers[peer] = addresses.at(peer);
}

void ReadStores(ServiceConfig& config, std::vector<std::string>& problems) {
  config.database = absl::GetFlag(FLAGS_database);
  if (const std::string file = absl::GetFlag(FLAGS_database_file); !file.empty()) {
    if (!config.database.empty()) {
      problems.push_back("--database and --database_file: give one of them");
    }
    config.database = ReadSecret(file, "--database_file", problems);
  }
  config.redis = absl::GetFlag(FLAGS_redis);
  if (config.redis == "none") config.redis.clear();
  if (const std::string file = absl::GetFlag(FLAGS_redis_password_file); !file.empty()) {
    config.redis_password = ReadSecret(file, "--redis_password_file", problems);
  }
}

}  // namespace

bool IsLoopback(const std::string& address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "[::1]:") ||
         absl::StartsWith(address, "localhost:") || absl::StartsWith(address, "unix:");
}

std::vector<std::string> Problems(const ServiceConfig& config) {
  std::vector<std::string> problems;
  CheckAddress("--listen", config.listen, problems);
  for (const auto& [peer, address] : config.peers) {
    CheckAddress(absl::StrCat("--", peer), address, problems);
  }
  if (config.auth == Auth::kNone && !IsLoopback(config.listen)) {
    problems.push_back(absl::StrCat("--listen=", config.listen,
                                    ": --auth=none answers on loopback only; use --auth=mtls"));
  }
  if (config.auth == Auth::kMtls &&
      (config.tls.certificate.empty() || config.tls.key.empty() || config.tls.ca.empty())) {
    problems.push_back("--auth=mtls needs --tls_certificate, --tls_key and --tls_ca");
  }
  if (!absl::StartsWith(config.database, "sqlite:") &&
      !absl::StartsWith(config.database, "postgresql://")) {
    problems.push_back(config.database.empty()
                           ? "--database is required: sqlite:PATH or postgresql://…"
                           : "--database: write sqlite:PATH or postgresql://user@host/database");
  }
  if (config.executor_threads < 1 || config.executor_threads > 256) {
    problems.push_back("--executor_threads: 1 to 256");
  }
  if (config.executor_queue < 1) problems.push_back("--executor_queue: at least 1");
  if (config.database_sessions < 2 || config.database_sessions > 256) {
    problems.push_back("--database_sessions: 2 to 256");
  }
  if (config.drain < absl::ZeroDuration()) problems.push_back("--drain: not negative");
  return problems;
}

ServiceConfig ParseOrExit(int argc, char** argv, const ServiceDescription& description) {
  absl::SetProgramUsageMessage(absl::StrCat(
      description.purpose,
      "\nEvery flag may also come from the environment: KLYNGE_LISTEN for --listen, and so on."));
  // Without this --help shows the flags of main.cc only, which has none.
  absl::FlagsUsageConfig usage;
  usage.contains_helpshort_flags = usage.contains_help_flags = [](absl::string_view file) {
    return absl::StrContains(file, "services/");
  };
  absl::SetFlagsUsageConfig(usage);
  const auto rest = absl::ParseCommandLine(argc, argv);
  std::vector<std::string> problems;
  for (size_t i = 1; i < rest.size(); ++i) {
    problems.push_back(absl::StrCat(rest[i], ": not a flag; flags begin with --"));
  }
  ApplyEnvironment(problems);
  ServiceConfig config;
  config.service = description.service;
  ReadTransport(config, description, problems);
  ReadStores(config, problems);
  config.executor_threads = absl::GetFlag(FLAGS_executor_threads);
  config.executor_queue = absl::GetFlag(FLAGS_executor_queue);
  config.database_sessions = absl::GetFlag(FLAGS_database_sessions);
  config.drain = absl::GetFlag(FLAGS_drain);
  if (const auto level = ParseLevel(absl::GetFlag(FLAGS_log_level))) {
    config.log_level = *level;
  } else {
    problems.push_back("--log_level: debug, info, warning or error");
  }
  for (auto& problem : Problems(config)) problems.push_back(std::move(problem));
  if (problems.empty()) return config;
  std::cerr << "klynge-" << description.service << " cannot start:\n";
  for (const auto& problem : problems) std::cerr << "  " << problem << "\n";
  std::cerr << "See --help.\n";
  std::exit(2);
}

}  // namespace klynge::config
