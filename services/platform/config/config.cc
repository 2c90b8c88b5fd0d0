#include "services/platform/config/config.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "services/platform/shared_state/address.h"
#include "services/platform/telemetry/build_info.h"

namespace klynge::config {
namespace {

constexpr absl::string_view kSqlite = "sqlite:";
constexpr absl::string_view kPostgres = "postgresql://";

// Addresses that may hold a password, and come from a file then.
struct Addresses {
  std::string database;
  std::string database_from_file;
  std::string replica;
  std::string replica_from_file;
};

void AddListeningFlags(FlagTable& flags, ServiceConfig& config,
                       const ServiceDescription& description) {
  config.listen = absl::StrCat("127.0.0.1:", description.port);
  config.metrics_listen = absl::StrCat("127.0.0.1:", description.metrics_port);
  flags.Section("Where it listens");
  flags.Address("listen", &config.listen, "where gRPC is answered; port 0 takes any free one");
  flags.Address("health_listen", &config.health_listen,
                "a plain-text port that answers grpc.health.v1 and nothing else, for probes",
                "none");
  flags.Address("metrics_listen", &config.metrics_listen,
                "plain HTTP: /metrics for Prometheus, /livez and /readyz", "none");
}

void AddStoreFlags(FlagTable& flags, ServiceConfig& config, Addresses& addresses) {
  flags.Section("Database");
  flags.Text("database", &addresses.database,
             "sqlite:PATH or postgresql://user@host/database; with a password it belongs into "
             "--database_file. One of the two is required");
  flags.Secret("database_file", &addresses.database_from_file,
               "holds the address of the database, password and all");
  flags.Text("database_replica", &addresses.replica,
             "postgresql://user@host/database of a read-only replica, for reads that it is fresh "
             "enough for; none if empty");
  flags.Secret("database_replica_file", &addresses.replica_from_file,
               "holds the address of the replica, password and all");
  flags.Integer("database_sessions", &config.database_sessions, 2, 256,
                "connections to the database");
  flags.Duration("idempotency_retention", &config.idempotency_retention, absl::Minutes(1),
                 absl::Hours(24 * 365),
                 "how long the answer to a request_id is kept, and a repetition gets it");
  flags.Section("Redis");
  flags.Text(
      "redis", &config.redis.address,
      "Redis: host:port, unix:PATH, or sentinel:host:port,host:port/primary-name to find the "
      "primary through Sentinel; /N after host:port or the name for database N; \"none\" for "
      "no Redis");
  flags.Secret("redis_password_file", &config.redis.password,
               "holds \"password\" or \"user password\" of Redis");
}

void AddSecurityFlags(FlagTable& flags, ServiceConfig& config) {
  flags.Section("Who may call");
  flags.Choice<Auth>("auth", &config.auth, {{"none", Auth::kNone}, {"mtls", Auth::kMtls}},
                     "none (loopback only) or mtls (callers show a certificate with a SPIFFE URI)");
  flags.File("tls_certificate", &config.tls.certificate, "this service's certificate chain, PEM");
  flags.File("tls_key", &config.tls.key, "this service's key, PEM");
  flags.File("tls_ca", &config.tls.ca, "the authority that signs services and callers, PEM");
  flags.List("services", &config.services,
             "SPIFFE URIs of the services: under --auth=mtls they are believed when they say for "
             "whom they ask, and --caller_rate is not for them");
  flags.Real("caller_rate", &config.caller_rate, -1, 1e9,
             "requests a second that one caller may send, all replicas together (while Redis is "
             "away: each); a stream is one request; 0 for no limit; -1 for 5000 under --auth=mtls "
             "and no limit under --auth=none, where callers cannot be told apart");
  flags.Real("caller_burst", &config.caller_burst, 0, 1e9,
             "requests that one caller may send at once; 0 for those of two seconds");
  flags.List("operators", &config.operators,
             "SPIFFE URIs of those who may change a running process under --auth=mtls "
             "(OperationsService); nobody if empty");
}

void AddPeerFlags(FlagTable& flags, ServiceConfig& config, const ServiceDescription& description) {
  const std::map<std::string, int> ports = {
      {"organisation", 50051}, {"goals", 50052}, {"observations", 50053}};
  if (!description.peers.empty() || !description.optional_peers.empty()) {
    flags.Section("Services it calls");
  }
  for (const auto& peer : description.peers) {
    config.peers[peer] = absl::StrCat("127.0.0.1:", ports.at(peer));
    flags.Address(peer, &config.peers[peer], absl::StrCat("the ", peer, " service"));
  }
  for (const auto& peer : description.optional_peers) {
    flags.Address(peer, &config.peers[peer],
                  absl::StrCat("the ", peer, " service; without it, it is not asked"), "none");
  }
}

void AddProcessFlags(FlagTable& flags, ServiceConfig& config) {
  using telemetry::Level;
  flags.Section("The process");
  flags.Integer("executor_threads", &config.executor_threads, 1, 256,
                "threads for work that may block; as many writes can wait for one commit");
  flags.Integer("executor_queue", &config.executor_queue, 1, 1'000'000,
                "calls that may wait for such a thread; more are refused");
  flags.Duration("drain_notice", &config.drain_notice, absl::ZeroDuration(), absl::Minutes(5),
                 "how long calls are still taken after SIGTERM, while health says NOT_SERVING, for "
                 "balancers to notice");
  flags.Duration("drain", &config.drain, absl::ZeroDuration(), absl::Hours(1),
                 "how long calls may finish once none are taken any more");
  flags.Choice<Level>("log_level", &config.log_level,
                      {{"debug", Level::kDebug},
                       {"info", Level::kInfo},
                       {"warning", Level::kWarning},
                       {"error", Level::kError}},
                      "the least level that is logged; OperationsService changes it at run time");
  flags.Secret(
      "caller_hash_key_file", &config.caller_hash_key,
      "holds the key under which callers are hashed in logs; without it the hash has none");
}

void AddFlags(FlagTable& flags, ServiceConfig& config, const ServiceDescription& description,
              Addresses& addresses) {
  config.service = description.service;
  AddListeningFlags(flags, config, description);
  AddStoreFlags(flags, config, addresses);
  AddSecurityFlags(flags, config);
  AddPeerFlags(flags, config, description);
  AddProcessFlags(flags, config);
  if (description.own_flags == nullptr) return;
  flags.Section(absl::StrCat("Of ", description.service, " alone"));
  description.own_flags(flags);
}

std::string About(const ServiceDescription& description) {
  return absl::StrCat("klynge-", description.service, " ", telemetry::kVersion, ": ",
                      description.purpose,
                      " Every flag may also come from the environment: KLYNGE_LISTEN for --listen, "
                      "and so on; a flag wins. Defaults are in brackets.");
}

// "//user:password@host" or "?password=…".
bool HoldsPassword(absl::string_view url) {
  const size_t start = url.find("//");
  if (start == absl::string_view::npos) return false;
  const absl::string_view rest = url.substr(start + 2);
  const absl::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  const size_t at = authority.rfind('@');
  return (at != absl::string_view::npos && absl::StrContains(authority.substr(0, at), ":")) ||
         absl::StrContains(rest, "password=");
}

// The one of the two that was given.
std::string OnlyOne(const char* flag, const std::string& given, const std::string& from_file,
                    std::vector<std::string>* problems) {
  if (!given.empty() && !from_file.empty()) {
    problems->push_back(absl::StrCat(flag, " and ", flag, "_file: give one of them"));
  }
  if (HoldsPassword(given)) {
    problems->push_back(absl::StrCat(
        flag,
        ": holds a password, which others on this machine can read there; write the whole "
        "address into a file and give ",
        flag, "_file"));
  }
  return from_file.empty() ? given : from_file;
}

std::map<std::string, std::string> Environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    variables.insert(absl::StrSplit(*entry, absl::MaxSplits('=', 1)));
  }
  return variables;
}

bool IsDatabase(absl::string_view url) {
  return absl::StartsWith(url, kSqlite) || absl::StartsWith(url, kPostgres);
}

void CheckStores(const ServiceConfig& config, std::vector<std::string>* problems) {
  if (config.database.empty()) {
    problems->push_back("--database is required: sqlite:PATH or postgresql://user@host/database");
  } else if (!IsDatabase(config.database)) {
    problems->push_back("--database: write sqlite:PATH or postgresql://user@host/database");
  }
  if (!config.database_replica.empty() && (!absl::StartsWith(config.database_replica, kPostgres) ||
                                           !absl::StartsWith(config.database, kPostgres))) {
    problems->push_back(
        "--database_replica: only PostgreSQL has replicas; write "
        "postgresql://user@host/database");
  }
  const absl::string_view redis = config.redis.address;
  if (absl::StrContains(redis, "@")) {
    problems->push_back(
        "--redis: user and password belong into --redis_password_file, not into the address");
  } else if (!redis.empty()) {
    const absl::Status status = shared_state::ParseAddress(redis).status();
    if (!status.ok()) {
      problems->push_back(
          absl::StrCat("--redis=", redis, ": ", status.message(), "; or write none"));
    }
  }
}

}  // namespace

bool IsLoopback(const std::string& address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "[::1]:") ||
         absl::StartsWith(address, "localhost:") || absl::StartsWith(address, "unix:");
}

double CallerRate(const ServiceConfig& config) {
  if (config.caller_rate >= 0) return config.caller_rate;
  return config.auth == Auth::kMtls ? 5000 : 0;
}

double CallerBurst(const ServiceConfig& config) {
  return std::max(config.caller_burst > 0 ? config.caller_burst : 2 * CallerRate(config), 1.0);
}

std::vector<std::string> Problems(const ServiceConfig& config) {
  std::vector<std::string> problems;
  if (config.auth == Auth::kNone && !IsLoopback(config.listen)) {
    problems.push_back(absl::StrCat("--listen=", config.listen,
                                    ": --auth=none answers on loopback only; use --auth=mtls"));
  }
  if (config.auth == Auth::kMtls &&
      (config.tls.certificate.empty() || config.tls.key.empty() || config.tls.ca.empty())) {
    problems.push_back("--auth=mtls needs --tls_certificate, --tls_key and --tls_ca");
  }
  for (const auto& caller : config.operators) {
    if (!absl::StartsWith(caller, "spiffe://")) {
      problems.push_back(absl::StrCat("--operators: ", caller, " does not begin with spiffe://"));
    }
  }
  CheckStores(config, &problems);
  return problems;
}

ServiceConfig Parse(const std::vector<std::string>& arguments,
                    const std::map<std::string, std::string>& environment,
                    const ServiceDescription& description, std::vector<std::string>* problems) {
  ServiceConfig config;
  Addresses addresses;
  FlagTable flags(About(description));
  AddFlags(flags, config, description, addresses);
  *problems = flags.Read(arguments, environment);
  config.database =
      OnlyOne("--database", addresses.database, addresses.database_from_file, problems);
  config.database_replica =
      OnlyOne("--database_replica", addresses.replica, addresses.replica_from_file, problems);
  if (config.redis.address == "none") config.redis.address.clear();
  config.unknown_variables = flags.UnknownVariables(environment);
  for (auto& problem : Problems(config)) problems->push_back(std::move(problem));
  return config;
}

std::string Help(const ServiceDescription& description) {
  ServiceConfig config;
  Addresses addresses;
  FlagTable flags(About(description));
  AddFlags(flags, config, description, addresses);
  return flags.Help();
}

ServiceConfig ParseOrExit(int argc, char** argv, const ServiceDescription& description) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  for (const auto& argument : arguments) {
    if (argument == "--help" || argument == "-h") {
      std::cout << Help(description);
      std::exit(0);
    }
    if (argument == "--version") {
      std::cout << "klynge-" << description.service << " " << telemetry::kVersion << "\n";
      std::exit(0);
    }
  }
  std::vector<std::string> problems;
  ServiceConfig config = Parse(arguments, Environment(), description, &problems);
  if (problems.empty()) return config;
  std::cerr << "klynge-" << description.service << " cannot start:\n";
  for (const auto& problem : problems) std::cerr << "  " << problem << "\n";
  std::cerr << "See --help.\n";
  std::exit(2);
}

}  // namespace klynge::config
