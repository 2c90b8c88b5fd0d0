#include "services/platform/operations/liveness.h"

#include <gmock/gmock.h>

namespace klynge::operations {
namespace {

using ::testing::HasSubstr;

class LivenessTest : public ::testing::Test {
 protected:
  // Lets the loop come round every second.
  void Run(int seconds, size_t queued, int64_t started_each_second) {
    for (int i = 0; i < seconds; ++i) {
      steady_.Advance(absl::Seconds(1));
      started_ += started_each_second;
      liveness_.Tick(queued, started_);
    }
  }

  FakeClock steady_{absl::UnixEpoch()};
  Liveness liveness_{steady_};
  int64_t started_ = 0;
};

TEST_F(LivenessTest, LivesWhileItStarts) {
  steady_.Advance(absl::Hours(1));
  EXPECT_EQ(liveness_.Problem(), "");
}

TEST_F(LivenessTest, LivesWithNothingToDo) {
  Run(1000, 0, 0);
  EXPECT_EQ(liveness_.Problem(), "");
}

TEST_F(LivenessTest, LivesWithMoreWorkThanItCanDo) {
  Run(1000, 100, 1);
  EXPECT_EQ(liveness_.Problem(), "");
}

TEST_F(LivenessTest, BearsWithSlowWork) {
  Run(90, 100, 0);
  EXPECT_EQ(liveness_.Problem(), "");
}

TEST_F(LivenessTest, IsDeadWhenCallsWaitAndNoneIsStarted) {
  Run(1 + 91, 1, 0);
  EXPECT_THAT(liveness_.Problem(), HasSubstr("none was started for 91 s"));
  Run(1, 1, 1);
  EXPECT_EQ(liveness_.Problem(), "");
}

TEST_F(LivenessTest, IsDeadWhenTheWatchLoopStandsStill) {
  Run(1, 0, 0);
  steady_.Advance(absl::Seconds(31));
  EXPECT_THAT(liveness_.Problem(), HasSubstr("watch loop has stood still for 31 s"));
}

}  // namespace
}  // namespace klynge::operations
