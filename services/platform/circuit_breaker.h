// Keeps callers from waiting again and again for something that does not answer.
#pragma once

#include <absl/time/time.h>

#include <algorithm>

#include "services/platform/clock.h"
#include "services/platform/mutex.h"

namespace klynge {

enum class BreakerState { kClosed = 0, kHalfOpen = 1, kOpen = 2 };

// Closed: everything goes. After `failures` failures in a row it opens: nothing goes. After `pause`
// one trial may go (half-open), which closes or opens it again. Thread-safe.
class CircuitBreaker {
 public:
  struct Options {
    int failures = 3;
    absl::Duration pause = absl::Seconds(1);
  };

  // `clock` must outlive this.
  CircuitBreaker(const Clock& clock, Options options) : clock_(clock), options_(options) {}

  BreakerState state() const {
    MutexLock lock(&mutex_);
    return state_;
  }

  // True when it may be tried; each true is to be followed by one of the three Records.
  bool Admit() {
    MutexLock lock(&mutex_);
    if (state_ == BreakerState::kClosed) return true;
    if (state_ == BreakerState::kHalfOpen || Left() > absl::ZeroDuration()) return false;
    state_ = BreakerState::kHalfOpen;
    return true;
  }

  // How long until a trial may go; zero while closed.
  absl::Duration UntilTrial() const {
    MutexLock lock(&mutex_);
    return state_ == BreakerState::kOpen ? Left() : absl::ZeroDuration();
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

  // It was broken off, which says nothing. After a trial the next may go at once.
  void RecordNothing() {
    MutexLock lock(&mutex_);
    if (state_ == BreakerState::kHalfOpen) state_ = BreakerState::kOpen;
  }

 private:
  absl::Duration Left() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const absl::Duration since = clock_.Now() - opened_;
    // A clock that was set back does not prolong the pause.
    if (since < absl::ZeroDuration()) return absl::ZeroDuration();
    return std::max(options_.pause - since, absl::ZeroDuration());
  }

  const Clock& clock_;
  const Options options_;
  mutable Mutex mutex_;
  BreakerState state_ ABSL_GUARDED_BY(mutex_) = BreakerState::kClosed;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time opened_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace klynge
