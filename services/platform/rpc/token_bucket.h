// How often something may happen: `rate` times a second in the long run, `burst` times at once.
// Pure; not thread-safe.
#pragma once

#include <absl/time/time.h>

namespace klynge::rpc {

class TokenBucket {
 public:
  // Full at the start. `rate` > 0, `burst` >= 1.
  TokenBucket(double rate, double burst, absl::Time now);

  // Takes a token, and returns zero; or, when there is none, how long until there is one.
  absl::Duration Take(absl::Time now);

  // Takes `tokens` that were used elsewhere. The bucket may owe up to one burst, so that nobody
  // waits longer than burst / rate for what others did in their name.
  void Charge(double tokens, absl::Time now);

  // True when it is as good as a new one.
  bool Full(absl::Time now);

 private:
  void Fill(absl::Time now);

  double rate_;
  double burst_;
  double tokens_;
  absl::Time filled_;
};

}  // namespace klynge::rpc
