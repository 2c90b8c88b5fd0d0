// Services that die or stand still: the service itself in the middle of writes, and the one it
// asks.
#include <absl/time/clock.h>
#include <gmock/gmock.h>

#include "tests/faults/fault_test.h"

namespace klynge::faults {
namespace {

using klynge::testing::Cluster;
using klynge::testing::Replica;

constexpr char kOrganisation[] = "dependency.organisation";
constexpr char kUnnoticed[] =
    "every answer OK, from the tree that goals holds; `dependency.organisation` of goals "
    "NOT_SERVING meanwhile, goals SERVING";

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

  void ExpectOrganisation(bool serving) {
    for (const Replica* replica : goals()) ExpectHealth(*replica, kOrganisation, serving);
  }
  void ExpectToServeWithoutOrganisation() {
    ExpectOrganisation(false);
    for (const Replica* replica : goals()) ExpectToServeFor(*replica, absl::Seconds(1));
  }

  klynge::testing::RedisServer redis_;
  Cluster cluster_{redis_.address()};
};

TEST_F(ProcessFault, LosesNothingWhenAReplicaIsKilled) {
  ASSERT_NO_FATAL_FAILURE(Start(cluster_));
  const Seen seen = Suffer(
      {"A replica killed (`kill -9`) three times in the middle of writes",
       "its clients UNAVAILABLE until it is back, nothing acknowledged lost, none done twice",
       [] {}, [&] { KillThreeTimes(*goals()[0]); }, [] {}});
  ExpectErrors(seen, "UNAVAILABLE");
}

TEST_F(ProcessFault, LosesNothingWhenTheOnlyReplicaOnSqliteIsKilled) {
  klynge::testing::TemporaryDirectory directory;
  cluster_.Use("goals", "sqlite:" + directory.path() + "/goals.db");
  ASSERT_NO_FATAL_FAILURE(Start(cluster_, 1));
  const Seen seen =
      Suffer({"The only replica, on SQLite, killed (`kill -9`) three times in the middle of writes",
              "clients UNAVAILABLE until it is back, nothing acknowledged lost, none done twice",
              [] {}, [&] { KillThreeTimes(*goals()[0]); }, [] {}});
  ExpectErrors(seen, "UNAVAILABLE");
}

TEST_F(ProcessFault, GoesOnWithWhatItKnowsWhenTheServiceItAsksIsPaused) {
  ASSERT_NO_FATAL_FAILURE(Start(cluster_));
  const Seen seen =
      Suffer({"Organisation, which goals asks, paused (`SIGSTOP`)", kUnnoticed,
              [&] { organisation().Pause(); }, [&] { ExpectToServeWithoutOrganisation(); },
              [&] { organisation().Resume(); }});
  EXPECT_EQ(seen.Failures(), 0);
  ExpectOrganisation(true);
}

TEST_F(ProcessFault, GoesOnWithWhatItKnowsWhenTheServiceItAsksIsKilled) {
  ASSERT_NO_FATAL_FAILURE(Start(cluster_));
  const Seen seen =
      Suffer({"Organisation, which goals asks, killed (`kill -9`)", kUnnoticed,
              [&] { organisation().Kill(); }, [&] { ExpectToServeWithoutOrganisation(); },
              [&] { organisation().Start(); }});
  EXPECT_EQ(seen.Failures(), 0);
  ExpectOrganisation(true);
}

}  // namespace
}  // namespace klynge::faults
