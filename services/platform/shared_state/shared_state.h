// Shared cached state in Redis: published snapshots, the news of new revisions, counters and cached
// values. All of it can be lost at any moment; every caller has another way to the truth. The names
// of leaders are in the snapshot, no personal data in the rest. README.md documents the keys.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/platform/circuit_breaker.h"

namespace klynge::shared_state {

struct Options {
  // As address.h reads it; "" means: there is no Redis, everything is kUnavailable. An address that
  // cannot be read counts as "", with an error in the log.
  std::string address = "";
  // "", "password" or "user password".
  std::string password = "";
  // How long Redis may take for one command before it counts as away.
  absl::Duration timeout = absl::Milliseconds(50);
};

struct Snapshot {
  int64_t revision = 0;
  std::string bytes;
};

// What happened since the start.
struct Counters {
  int64_t commands = 0;  // sent
  int64_t refused = 0;   // answered with an error, as when Redis' memory is full
  int64_t timeouts = 0;  // round trips not answered in time
  int64_t losses = 0;    // round trips gone with the connection
  int64_t dropped = 0;   // things to publish that were given up: Redis was away, or too many waited
};

// Thread-safe. Callers never wait for a connection: a background thread makes it and makes it anew.
// While it is away, and while the circuit breaker is open, whatever asks Redis fails at once with
// kUnavailable, reason REDIS_UNAVAILABLE. Whatever publishes never waits for anything: the
// background thread does it, and what Redis cannot take is lost.
class SharedState {
 public:
  explicit SharedState(const Options& options);
  ~SharedState();
  SharedState(const SharedState&) = delete;
  SharedState& operator=(const SharedState&) = delete;

  // True while there is a connection and the breaker is closed.
  bool connected() const;
  BreakerState breaker() const;
  Counters counters() const;

  // Stores the snapshot, unless a newer one is there, and then tells those who listen for it. Of
  // several that wait under one name, the newest is published.
  void PublishSnapshot(const std::string& name, int64_t revision, std::string bytes);
  // kNotFound when there is none.
  absl::StatusOr<Snapshot> FetchSnapshot(const std::string& name);

  // Tells all replicas that `service` has reached a revision. Of several that wait, the newest is
  // told.
  void PublishRevision(const std::string& service, int64_t revision);

  // Calls `listener` on the background thread for each revision of `service` that is published
  // (OnRevision), or each snapshot that is stored under `name` (OnSnapshot), and with 0 after each
  // time the connection was made: news may have been missed.
  void OnRevision(const std::string& service, std::function<void(int64_t)> listener);
  void OnSnapshot(const std::string& name, std::function<void(int64_t)> listener);
  // Once it returns no listener is called any more. Not to be called by a listener.
  void ForgetListeners();

  // Adds each delta to the counter of that name, in one round trip, and returns the totals in the
  // same order. A counter that is new lives for `ttl` from then on; when it is gone it starts at 0.
  absl::StatusOr<std::vector<int64_t>> AddToCounters(
      const std::vector<std::pair<std::string, int64_t>>& deltas, absl::Duration ttl);

  // A value stored under `key` (answer_cache.h); kNotFound when there is none.
  absl::StatusOr<std::string> FetchAnswer(const std::string& key);
  // Stores it for `ttl`. Some megabytes may wait to be stored, more is dropped.
  void StoreAnswer(const std::string& key, std::string bytes, absl::Duration ttl);

 private:
  class Background;

  // Null when there is no Redis.
  std::unique_ptr<Background> background_;
};

}  // namespace klynge::shared_state
