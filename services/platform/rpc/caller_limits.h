// How much one caller may ask, so that none takes the service from the others: a token bucket for
// each. Kept in memory; what other replicas let through is told by SharedLimits (shared_limits.h).
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include <string>
#include <vector>

#include "services/platform/clock.h"
#include "services/platform/mutex.h"
#include "services/platform/rpc/token_bucket.h"

namespace klynge::rpc {

// Thread-safe.
class CallerLimits {
 public:
  struct Options {
    // Requests a second, in the long run and at once. A stream counts as one.
    double rate = 0;
    double burst = 0;
    // Callers remembered apart; the others share one bucket until there is room.
    size_t most_callers = 10'000;
  };

  // `clock` must outlive this.
  CallerLimits(const Clock& clock, const Options& options);

  // Zero: the request may go on. Else how long the caller has to wait.
  absl::Duration Take(absl::string_view caller);

  struct Usage {
    std::string caller;
    int64_t requests = 0;
  };
  // What each caller remembered has taken here since the last time this was asked. Forgets callers
  // that have taken nothing for so long that their bucket is full again.
  std::vector<Usage> TakeUsage();

  // Other replicas have let `requests` of the caller through.
  void Charge(absl::string_view caller, int64_t requests);

  size_t callers() const;

 private:
  struct Caller {
    TokenBucket bucket;
    int64_t unreported = 0;
  };

  Caller& Find(absl::string_view caller, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  const Options options_;
  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, Caller> callers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace klynge::rpc
