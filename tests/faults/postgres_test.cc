// PostgreSQL holds the truth: without it writes are refused with a code that says so, and what was
// acknowledged before is there afterwards.
#include <absl/time/clock.h>
#include <gmock/gmock.h>

#include "tests/faults/fault_test.h"

namespace klynge::faults {
namespace {

using klynge::testing::Cluster;
using klynge::testing::PostgresServer;
using klynge::testing::Replica;

class PostgresFault : public FaultTest {
 protected:
  // Goals with its clients, and organisation, of which nobody asks anything just then.
  void ExpectToSayThatTheDatabaseIsAway() {
    for (const Replica* replica : goals()) {
      ExpectHealth(*replica, "klynge.goals.v1.GoalsService", false);
    }
    for (const auto& replica : cluster_.replicas()) {
      ExpectHealth(*replica, Replica::kDatabase, false);
      ExpectHealth(*replica, "", false);
      ExpectHealth(*replica, Replica::kLiveness, true);
    }
  }

  klynge::testing::RedisServer redis_;
  Cluster cluster_{redis_.address()};
};

TEST_F(PostgresFault, LosesNothingWhenPostgresIsRestarted) {
  ASSERT_NO_FATAL_FAILURE(Start(cluster_));
  const Seen seen =
      Suffer({"PostgreSQL restarted (`fast`)",
              "writes UNAVAILABLE with RetryInfo meanwhile, nothing acknowledged lost",
              [] { PostgresServer::Shared().Restart(); }, [] {}, [] {}});
  ExpectErrors(seen, "UNAVAILABLE");
}

TEST_F(PostgresFault, LosesNothingWhenConnectionsToPostgresAreEnded) {
  ASSERT_NO_FATAL_FAILURE(Start(cluster_));
  int ended = 0;
  const Seen seen =
      Suffer({"All PostgreSQL backends ended (`pg_terminate_backend`) five times a second",
              "writes OK or UNAVAILABLE with RetryInfo, none done twice", [] {},
              [&] {
                for (int n = 0; n < 15; ++n) {
                  ended += PostgresServer::Shared().TerminateBackends();
                  absl::SleepFor(absl::Milliseconds(200));
                }
              },
              [] {}});
  EXPECT_GT(ended, 15);
  ExpectErrors(seen, "UNAVAILABLE");
}

TEST_F(PostgresFault, AnswersInTimeWhilePostgresIsPaused) {
  ASSERT_NO_FATAL_FAILURE(Start(cluster_));
  const Seen seen =
      Suffer({"PostgreSQL paused (`SIGSTOP` to server and backends)",
              "every call answered by its deadline; `dependency.database` and the service "
              "NOT_SERVING meanwhile, `liveness` SERVING",
              [] { PostgresServer::Shared().Pause(); },
              [&] {
                ExpectToSayThatTheDatabaseIsAway();
                // Longer than any call may take.
                absl::SleepFor(Clients::kDeadline + absl::Seconds(2));
              },
              [] { PostgresServer::Shared().Resume(); }});
  EXPECT_GT(seen.Failures(), 0);
}

}  // namespace
}  // namespace klynge::faults
