// Services that die or stand still: the service itself in the middle of writes, and the one it
// asks.
#include <absl/time/clock.h>
#include <gmock/gmock.h>

#include "tests/faults/fault_test.h"

namespace klynge::faults {
namespace {

using klynge::testing::Cluster;
using klynge::testing::Replica;

class ProcessFault : public FaultTest {
 protected:
  // Kills the replica again and again, each time in the middle of what clients ask of it.
  static void KillThreeTimes(Replica& replica) {
    for (int n = 0; n < 3; ++n) {
      replica.Kill();
      absl::SleepFor(absl::Milliseconds(200));
      replica.Start();
      absl::SleepFor(absl::Milliseconds(500));
    }
  }

  klynge::testing::RedisServer redis_;
  Cluster cluster_{redis_.address()};
};

TEST_F(ProcessFault, LosesNothingWhenAReplicaIsKilled) {
  ASSERT_NO_FATAL_FAILURE(Start(cluster_));
  Suffer({"A replica killed (`kill -9`) three times in the middle of writes",
          "its clients UNAVAILABLE until it is back, nothing acknowledged lost, none done twice",
          [] {}, [&] { KillThreeTimes(*goals()[0]); }, [] {}});
}

TEST_F(ProcessFault, LosesNothingWhenTheOnlyReplicaOnSqliteIsKilled) {
  klynge::testing::TemporaryDirectory directory;
  cluster_.Use("goals", "sqlite:" + directory.path() + "/goals.db");
  ASSERT_NO_FATAL_FAILURE(Start(cluster_, 1));
  Suffer({"The only replica, on SQLite, killed (`kill -9`) three times in the middle of writes",
          "clients UNAVAILABLE until it is back, nothing acknowledged lost, none done twice", [] {},
          [&] { KillThreeTimes(*goals()[0]); }, [] {}});
}

TEST_F(ProcessFault, GoesOnWithWhatItKnowsWhenTheServiceItAsksIsPaused) {
  ASSERT_NO_FATAL_FAILURE(Start(cluster_));
  const Seen seen = Suffer({"Organisation, which goals asks, paused (`SIGSTOP`)",
                            "every answer OK, from the tree that goals holds; goals SERVING",
                            [&] { organisation().Pause(); },
                            [&] {
                              for (const Replica* replica : goals()) {
                                ExpectToServeFor(*replica, absl::Seconds(2));
                              }
                            },
                            [&] { organisation().Resume(); }});
  EXPECT_EQ(seen.Failures(), 0);
}

TEST_F(ProcessFault, GoesOnWithWhatItKnowsWhenTheServiceItAsksIsKilled) {
  ASSERT_NO_FATAL_FAILURE(Start(cluster_));
  const Seen seen = Suffer({"Organisation, which goals asks, killed (`kill -9`)",
                            "every answer OK, from the tree that goals holds; goals SERVING",
                            [&] { organisation().Kill(); },
                            [&] {
                              for (const Replica* replica : goals()) {
                                ExpectToServeFor(*replica, absl::Seconds(1));
                              }
                            },
                            [&] { organisation().Start(); }});
  EXPECT_EQ(seen.Failures(), 0);
}

}  // namespace
}  // namespace klynge::faults
