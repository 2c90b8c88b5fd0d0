// Where Redis is, as an operator writes it in --redis.
#pragma once

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include <string>
#include <vector>

namespace klynge::shared_state {

// One place to connect to: a TCP port, or a Unix socket when `path` is not empty.
struct Endpoint {
  std::string host;
  int port = 0;
  std::string path;

  bool operator==(const Endpoint& other) const {
    return host == other.host && port == other.port && path == other.path;
  }
};

// "127.0.0.1:6379" or "unix:/run/redis.sock", for logs.
std::string ToString(const Endpoint& endpoint);

struct Address {
  // The one Redis, or every Sentinel that may be asked for it.
  std::vector<Endpoint> endpoints;
  // The name under which the Sentinels know the primary; "" = `endpoints` is Redis itself.
  std::string primary_name;
  int database = 0;

  bool through_sentinel() const { return !primary_name.empty(); }
};

// Reads one of
//   host:port[/database]                         "redis:6379/2", "[::1]:6379"
//   unix:path                                    "unix:/run/redis.sock" (database 0)
//   sentinel:host:port,…/primary-name[/database] "sentinel:a:26379,b:26379/klynge/2"
// kInvalidArgument says what is wrong, all of it.
absl::StatusOr<Address> ParseAddress(absl::string_view text);

}  // namespace klynge::shared_state
