#include "services/platform/rpc/caller_limits.h"

#include <utility>

namespace klynge::rpc {
namespace {

// Whose bucket those share for whom there is no room.
constexpr char kOthers[] = "";

}  // namespace

CallerLimits::CallerLimits(const Clock& clock, const Options& options)
    : clock_(clock), options_(options) {}

absl::Duration CallerLimits::Take(absl::string_view caller) {
  const absl::Time now = clock_.Now();
  MutexLock lock(&mutex_);
  Caller& found = Find(caller, now);
  const absl::Duration wait = found.bucket.Take(now);
  if (wait == absl::ZeroDuration()) ++found.unreported;
  return wait;
}

std::vector<CallerLimits::Usage> CallerLimits::TakeUsage() {
  const absl::Time now = clock_.Now();
  std::vector<Usage> usage;
  MutexLock lock(&mutex_);
  for (auto caller = callers_.begin(); caller != callers_.end();) {
    const auto here = caller++;
    const int64_t requests = std::exchange(here->second.unreported, 0);
    if (requests == 0 && here->second.bucket.Full(now)) {
      callers_.erase(here);
    } else {
      usage.push_back({here->first, requests});
    }
  }
  return usage;
}

void CallerLimits::Charge(absl::string_view caller, int64_t requests) {
  const absl::Time now = clock_.Now();
  MutexLock lock(&mutex_);
  Find(caller, now).bucket.Charge(static_cast<double>(requests), now);
}

size_t CallerLimits::callers() const {
  MutexLock lock(&mutex_);
  return callers_.size();
}

CallerLimits::Caller& CallerLimits::Find(absl::string_view caller, absl::Time now) {
  if (const auto found = callers_.find(caller); found != callers_.end()) return found->second;
  const bool room = callers_.size() < options_.most_callers;
  return callers_
      .try_emplace(std::string(room ? caller : kOthers),
                   Caller{TokenBucket(options_.rate, options_.burst, now)})
      .first->second;
}

}  // namespace klynge::rpc
