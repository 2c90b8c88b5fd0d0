// Redis as production runs it: a primary, a replica, and three Sentinels that watch them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/processes.h"

namespace klynge::testing {

class RedisSentinels {
 public:
  // `arguments` go to both Redis servers. Returns when the Sentinels know of each other and of the
  // replica, so that a failover is possible.
  explicit RedisSentinels(const std::vector<std::string>& arguments = {});

  // "sentinel:host:port,host:port,host:port/klynge"
  std::string address() const;

  // The servers as they began; a failover swaps their roles.
  RedisServer& first() { return first_; }
  RedisServer& second() { return second_; }
  // Ends one of the Sentinels, as kill -9 does; two are enough to agree.
  void StopSentinel(int which) { sentinels_[which].reset(); }
  // The port of the primary that the last Sentinel knows; 0 when it does not answer.
  int PrimaryPort() const;

 private:
  void StartSentinel();

  TemporaryDirectory directory_;
  RedisServer first_;
  RedisServer second_;
  std::vector<int> ports_;
  std::vector<std::unique_ptr<ChildProcess>> sentinels_;
};

}  // namespace klynge::testing
