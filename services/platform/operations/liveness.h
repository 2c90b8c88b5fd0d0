// Whether a process still gets anywhere, whatever may be missing around it: a process that does not
// is to be killed and started anew.
#pragma once

#include <absl/time/time.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "services/platform/clock.h"
#include "services/platform/mutex.h"

namespace klynge::operations {

// Thread-safe.
class Liveness {
 public:
  // The loop that looks after the process comes round once a second.
  static constexpr absl::Duration kMostWithoutTick = absl::Seconds(30);
  // Longer than any call may take by default, so that slow work is not taken for none.
  static constexpr absl::Duration kMostWithoutStart = absl::Seconds(90);

  // Counts as alive until the first Tick, because starting may take long. `steady` must outlive
  // this.
  explicit Liveness(const Clock& steady);

  // The loop came round and found the executor like this: so many tasks waiting, so many started
  // since the beginning.
  void Tick(size_t queued, int64_t started);

  // "" while the process lives, else what stands still.
  std::string Problem() const;

 private:
  const Clock& steady_;
  mutable Mutex mutex_;
  absl::Time ticked_ ABSL_GUARDED_BY(mutex_);
  absl::Time moved_ ABSL_GUARDED_BY(mutex_);  // when the executor last did, or had nothing to do
  int64_t started_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace klynge::operations
