// The wall clock of programs under test, to be stepped while they run.
#pragma once

#include <absl/time/time.h>

#include <string>
#include <vector>

#include "tests/support/processes.h"

namespace klynge::testing {

class SteppedClock {
 public:
  SteppedClock() { Step(absl::ZeroDuration()); }

  // The words to start a program with whose wall clock this is: Cluster::StartWith(clock.Prefix()).
  std::vector<std::string> Prefix() const;
  // From now on the clock is off by `offset` from the true time. The monotonic clock goes on.
  void Step(absl::Duration offset);

 private:
  std::string file() const { return directory_.path() + "/offset"; }

  TemporaryDirectory directory_;
};

}  // namespace klynge::testing
