// A clock that nobody can set, for measuring how long something takes. It shows the time since some
// unknown moment, so its times mean nothing to anybody but the process itself.
#pragma once

#include <chrono>

#include "services/platform/clock.h"

namespace klynge {

inline absl::Time SteadyNow() {
  return absl::UnixEpoch() + absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

class SteadyClock final : public Clock {
 public:
  absl::Time Now() const override { return SteadyNow(); }
};

}  // namespace klynge
