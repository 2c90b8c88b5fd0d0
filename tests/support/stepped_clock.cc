#include "tests/support/stepped_clock.h"

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace klynge::testing {

std::vector<std::string> SteppedClock::Prefix() const {
  return {"env", "LD_PRELOAD=" KLYNGE_STEPPED_CLOCK, absl::StrCat("TEST_CLOCK_OFFSET=", file())};
}

void SteppedClock::Step(absl::Duration offset) {
  const int64_t nanoseconds = absl::ToInt64Nanoseconds(offset);
  const int fd = open(file().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  EXPECT_EQ(pwrite(fd, &nanoseconds, sizeof nanoseconds, 0),
            static_cast<ssize_t>(sizeof nanoseconds));
  close(fd);
}

}  // namespace klynge::testing
