#include "services/platform/operations/liveness.h"

#include <absl/strings/str_cat.h>

namespace klynge::operations {

Liveness::Liveness(const Clock& steady)
    : steady_(steady), ticked_(absl::InfiniteFuture()), moved_(absl::InfiniteFuture()) {}

void Liveness::Tick(size_t queued, int64_t started) {
  MutexLock lock(&mutex_);
  ticked_ = steady_.Now();
  if (queued == 0 || started != started_ || moved_ > ticked_) moved_ = ticked_;
  started_ = started;
}

std::string Liveness::Problem() const {
  MutexLock lock(&mutex_);
  const absl::Duration without_tick = steady_.Now() - ticked_;
  if (without_tick > kMostWithoutTick) {
    return absl::StrCat("the watch loop has stood still for ", absl::ToInt64Seconds(without_tick),
                        " s");
  }
  const absl::Duration without_start = steady_.Now() - moved_;
  if (without_start > kMostWithoutStart) {
    return absl::StrCat("calls wait and none was started for ", absl::ToInt64Seconds(without_start),
                        " s");
  }
  return "";
}

}  // namespace klynge::operations
