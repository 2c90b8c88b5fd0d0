// Makes the replicas of a service count each caller's requests together. Ten times a second the
// replica adds what it let through to counters that all replicas share (in Redis), reads the
// totals, and charges its own buckets with what the others did. No request waits for that; without
// Redis each replica keeps the limit by itself. Counters are named by a hash: Redis learns no
// caller's name.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/platform/rpc/caller_limits.h"

namespace klynge::rpc {

// Start it once a process.
class SharedLimits {
 public:
  // Adds to each named counter, keeps it for `ttl` from now, and returns the new totals in order.
  using AddToCounters = std::function<absl::StatusOr<std::vector<int64_t>>(
      const std::vector<std::pair<std::string, int64_t>>& deltas, absl::Duration ttl)>;

  // `service` keeps the counters of different services apart. `limits`, and what `add` uses, must
  // outlive this. Starts a thread, unless a test makes the exchanges itself.
  SharedLimits(std::string service, CallerLimits& limits, AddToCounters add, bool threaded = true);
  ~SharedLimits();
  SharedLimits(const SharedLimits&) = delete;
  SharedLimits& operator=(const SharedLimits&) = delete;

  // One exchange: what the thread does ten times a second. Not thread-safe.
  void Exchange();

 private:
  void Run();

  const std::string service_;
  CallerLimits& limits_;
  const AddToCounters add_;
  // Of each caller the total that was read last: what came on top of it is new.
  absl::flat_hash_map<std::string, int64_t> totals_;

  Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// The counter of a caller: "caller_requests:goals:3b5d…" (128 bits of SHA-256).
std::string CounterName(absl::string_view service, absl::string_view caller);

}  // namespace klynge::rpc
