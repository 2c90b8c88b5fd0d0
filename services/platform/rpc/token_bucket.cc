#include "services/platform/rpc/token_bucket.h"

#include <algorithm>

namespace klynge::rpc {

TokenBucket::TokenBucket(double rate, double burst, absl::Time now)
    : rate_(rate), burst_(burst), tokens_(burst), filled_(now) {}

absl::Duration TokenBucket::Take(absl::Time now) {
  Fill(now);
  if (tokens_ >= 1) {
    --tokens_;
    return absl::ZeroDuration();
  }
  // Never zero, which would mean that a token was taken.
  return std::max(absl::Seconds((1 - tokens_) / rate_), absl::Milliseconds(1));
}

void TokenBucket::Charge(double tokens, absl::Time now) {
  Fill(now);
  tokens_ = std::max(tokens_ - tokens, -burst_);
}

bool TokenBucket::Full(absl::Time now) {
  Fill(now);
  return tokens_ >= burst_;
}

void TokenBucket::Fill(absl::Time now) {
  const double passed = absl::ToDoubleSeconds(now - filled_);
  if (passed > 0) tokens_ = std::min(burst_, tokens_ + passed * rate_);
  filled_ = now;  // a clock that was set back fills nothing, and goes on from there
}

}  // namespace klynge::rpc
