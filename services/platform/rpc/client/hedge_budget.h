// How many calls may be sent a second time: a tenth of all calls in the long run, so that a slow
// peer is not asked twice as much, and a reserve for the moments in which a replica hangs.
#pragma once

#include <algorithm>

#include "services/platform/mutex.h"

namespace klynge::rpc {

// Thread-safe.
class HedgeBudget {
 public:
  static constexpr double kShare = 0.1;
  static constexpr double kReserve = 100;

  // For each call.
  void Earn() {
    MutexLock lock(&mutex_);
    left_ = std::min(left_ + kShare, kReserve);
  }

  // For each second sending; false: none is left.
  bool Spend() {
    MutexLock lock(&mutex_);
    if (left_ < 1) return false;
    --left_;
    return true;
  }

 private:
  Mutex mutex_;
  double left_ ABSL_GUARDED_BY(mutex_) = kReserve;
};

}  // namespace klynge::rpc
