// Redis holds only what can be rebuilt: whatever happens to it, no client sees more than a slower
// answer.
#include <absl/time/clock.h>

#include "tests/faults/fault_test.h"
#include "tests/support/tcp_proxy.h"

namespace klynge::faults {
namespace {

using klynge::testing::Cluster;
using klynge::testing::Replica;

constexpr char kUnnoticed[] =
    "every answer right and OK; `dependency.redis` NOT_SERVING meanwhile, the service SERVING";

class RedisFault : public FaultTest {
 protected:
  void ExpectRedis(bool serving) {
    for (const Replica* replica : goals()) ExpectHealth(*replica, Replica::kRedis, serving);
  }
  void ExpectToServeWithoutRedis() {
    ExpectRedis(false);
    for (const Replica* replica : goals()) ExpectToServeFor(*replica, absl::Seconds(1));
  }

  klynge::testing::RedisServer redis_;
};

TEST_F(RedisFault, IsNotNoticedByClientsWhenRedisIsKilled) {
  Cluster cluster(redis_.address());
  ASSERT_NO_FATAL_FAILURE(Start(cluster));
  ExpectRedis(true);
  const Seen seen =
      Suffer({"Redis killed (`kill -9`), then started again", kUnnoticed, [&] { redis_.Stop(); },
              [&] { ExpectToServeWithoutRedis(); }, [&] { redis_.Start(); }});
  EXPECT_EQ(seen.Failures(), 0);
  ExpectRedis(true);
}

TEST_F(RedisFault, IsNotNoticedByClientsWhenRedisIsPaused) {
  Cluster cluster(redis_.address());
  ASSERT_NO_FATAL_FAILURE(Start(cluster));
  ExpectRedis(true);
  const Seen seen = Suffer({"Redis paused (`SIGSTOP`)", kUnnoticed, [&] { redis_.Pause(); },
                            [&] { ExpectToServeWithoutRedis(); }, [&] { redis_.Resume(); }});
  EXPECT_EQ(seen.Failures(), 0);
  ExpectRedis(true);
}

TEST_F(RedisFault, IsNotNoticedByClientsWhenRedisIsEmptied) {
  Cluster cluster(redis_.address());
  ASSERT_NO_FATAL_FAILURE(Start(cluster));
  const Seen seen = Suffer({"Redis emptied (`FLUSHALL`) ten times a second",
                            "every answer right and OK; a replica started meanwhile serves", [] {},
                            [&] {
                              for (int n = 0; n < 20; ++n) {
                                redis_.Flush();
                                absl::SleepFor(absl::Milliseconds(100));
                              }
                              cluster.Start("goals");
                            },
                            [] {}});
  EXPECT_EQ(seen.Failures(), 0);
}

TEST_F(RedisFault, IsNotNoticedByClientsWhenRedisIsSlow) {
  klynge::testing::TcpProxy proxy(redis_.address());
  Cluster cluster(proxy.address());
  ASSERT_NO_FATAL_FAILURE(Start(cluster));
  ExpectRedis(true);
  const Seen seen = Suffer({"Redis slow: half a second and at most 64 bytes a packet", kUnnoticed,
                            [&] { proxy.SlowDown(absl::Milliseconds(500), 64); },
                            [&] { ExpectToServeWithoutRedis(); }, [&] { proxy.SpeedUp(); }});
  EXPECT_EQ(seen.Failures(), 0);
  ExpectRedis(true);
}

TEST_F(RedisFault, IsNotNoticedByClientsWhenConnectionsToRedisBreak) {
  klynge::testing::TcpProxy proxy(redis_.address());
  Cluster cluster(proxy.address());
  ASSERT_NO_FATAL_FAILURE(Start(cluster));
  ExpectRedis(true);
  const Seen seen = Suffer({"Connections to Redis cut ten times a second",
                            "every answer right and OK; the service SERVING", [] {},
                            [&] {
                              for (int n = 0; n < 20; ++n) {
                                proxy.Cut();
                                absl::SleepFor(absl::Milliseconds(100));
                              }
                              for (const Replica* replica : goals()) {
                                ExpectToServeFor(*replica, absl::Milliseconds(200));
                              }
                            },
                            [] {}});
  EXPECT_EQ(seen.Failures(), 0);
  ExpectRedis(true);
}

}  // namespace
}  // namespace klynge::faults
