// The commands of all threads over one connection: what arrives while a round trip is under way
// goes together in the next one.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "services/platform/circuit_breaker.h"
#include "services/platform/clock.h"
#include "services/platform/mutex.h"
#include "services/platform/shared_state/connection.h"

namespace klynge::shared_state {

// The status of everything that cannot be had because Redis is away: kUnavailable, reason
// REDIS_UNAVAILABLE.
absl::Status Away();

// Thread-safe. It never connects: without a connection, and while the breaker is open, commands
// fail at once.
class CommandPipeline {
 public:
  // What happened since the start.
  struct Counts {
    int64_t commands = 0;  // sent
    int64_t refused = 0;   // answered with an error, as when the memory is full
    int64_t timeouts = 0;  // round trips not answered in time
    int64_t losses = 0;    // round trips gone with the connection
  };

  // `on_loss` is called, without a lock held, each time the connection is lost.
  CommandPipeline(const Clock& clock, std::function<void()> on_loss)
      : breaker_(clock, {}), on_loss_(std::move(on_loss)) {}

  void Use(std::unique_ptr<Connection> connection);
  void Drop();
  bool connected() const;

  // One round trip for all `commands`; as many replies, in order, none of them an error. Away()
  // after the connection's timeout at the latest (twice that behind another round trip), or when
  // Redis refuses one of them.
  absl::StatusOr<Replies> Run(std::vector<Command> commands);

  // Sends a PING; the error is Away(). Never fails while the breaker is open and its pause not
  // over: nothing is sent then. Not for callers that somebody waits for: while it half-opens, this
  // is the trial.
  absl::Status Ping();

  BreakerState breaker() const { return breaker_.state(); }
  Counts counts() const;

 private:
  // The commands of one caller; lives in its frame.
  struct Batch {
    std::vector<Command> commands;
    absl::StatusOr<Replies> replies = Away();
    bool done = false;
  };

  absl::StatusOr<Replies> RunWaiting(std::vector<Command> commands);
  // Sends what waits and shares the replies out; true when the connection was lost.
  bool Lead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Replies> Exchange(Connection* connection, const std::vector<Batch*>& batches);

  CircuitBreaker breaker_;
  const std::function<void()> on_loss_;
  mutable Mutex mutex_;
  std::shared_ptr<Connection> connection_ ABSL_GUARDED_BY(mutex_);
  std::vector<Batch*> waiting_ ABSL_GUARDED_BY(mutex_);
  bool under_way_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<int64_t> commands_ = 0, refused_ = 0, timeouts_ = 0, losses_ = 0;
};

}  // namespace klynge::shared_state
