// Keeps callers from waiting again and again for a Redis that does not answer.
#pragma once

#include <absl/time/time.h>

#include "services/platform/clock.h"
#include "services/platform/mutex.h"

namespace klynge::shared_state {

enum class BreakerState { kClosed = 0, kHalfOpen = 1, kOpen = 2 };

// Closed: commands go. After `failures` failures in a row it opens: nothing goes. After `pause` one
// trial may go (half-open), which closes or opens it again. Thread-safe.
class CircuitBreaker {
 public:
  struct Options {
    int failures = 3;
    absl::Duration pause = absl::Seconds(1);
  };

  CircuitBreaker(const Clock& clock, Options options) : clock_(clock), options_(options) {}

  BreakerState state() const {
    MutexLock lock(&mutex_);
    return state_;
  }

  // True when a command may go. The trial does not ask this; it calls StartTrial.
  bool Closed() const { return state() == BreakerState::kClosed; }

  // True for one caller after each pause: its success or failure decides.
  bool StartTrial() {
    MutexLock lock(&mutex_);
    if (state_ != BreakerState::kOpen) return false;
    const absl::Duration since = clock_.Now() - opened_;
    // A clock that was set back does not prolong the pause.
    if (since >= absl::ZeroDuration() && since < options_.pause) return false;
    state_ = BreakerState::kHalfOpen;
    return true;
  }

  void RecordSuccess() {
    MutexLock lock(&mutex_);
    // What was sent before it opened may still succeed; only the trial closes it.
    if (state_ == BreakerState::kOpen) return;
    state_ = BreakerState::kClosed;
    failures_ = 0;
  }

  void RecordFailure() {
    MutexLock lock(&mutex_);
    if (state_ == BreakerState::kOpen) return;
    if (state_ == BreakerState::kClosed && ++failures_ < options_.failures) return;
    state_ = BreakerState::kOpen;
    failures_ = 0;
    opened_ = clock_.Now();
  }

 private:
  const Clock& clock_;
  const Options options_;
  mutable Mutex mutex_;
  BreakerState state_ ABSL_GUARDED_BY(mutex_) = BreakerState::kClosed;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time opened_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace klynge::shared_state
