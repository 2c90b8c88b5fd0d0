// How often questions may be sent again. A peer that is slow as a whole must not be asked twice as
// much for it: a tenth of all questions, and a reserve. But where a later sending gets the answer
// that the first did not, a replica hangs and the others have time: such sendings are free.
#pragma once

#include <algorithm>

#include "services/platform/mutex.h"

namespace klynge::rpc {

// Thread-safe.
class HedgeBudget {
 public:
  static constexpr double kShare = 0.1;
  static constexpr double kReserve = 100;

  // For each question.
  void Earn() {
    MutexLock lock(&mutex_);
    left_ = std::min(left_ + kShare, kReserve);
  }

  // Before each further sending; false: none is left.
  bool Spend() {
    MutexLock lock(&mutex_);
    if (left_ < 1) return false;
    --left_;
    return true;
  }

  // The last of so many further sendings was answered first.
  void Return(size_t sendings) {
    MutexLock lock(&mutex_);
    left_ = std::min(left_ + static_cast<double>(sendings), kReserve);
  }

 private:
  Mutex mutex_;
  double left_ ABSL_GUARDED_BY(mutex_) = kReserve;
};

}  // namespace klynge::rpc
