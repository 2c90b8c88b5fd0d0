#include <gmock/gmock.h>

#include <atomic>

#include "services/platform/shared_state/sentinel.h"
#include "services/platform/shared_state/shared_state.h"
#include "tests/support/redis_sentinels.h"
#include "tests/support/status_matchers.h"

namespace klynge::shared_state {
namespace {

using klynge::testing::Eventually;
using klynge::testing::IsOk;
using klynge::testing::RedisSentinels;
using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::Duration kTimeout = absl::Milliseconds(500);

bool Counts(SharedState& state) {
  return Eventually(kPatience, [&] {
    return state.AddToCounters({{"n", 1}}, absl::Hours(1)).ok();
  });
}

TEST(Sentinel, TellsWhereThePrimaryIs) {
  RedisSentinels redis;
  const auto primary = FindPrimary(*ParseAddress(redis.address()), "", kTimeout);
  ASSERT_THAT(primary, IsOk());
  EXPECT_EQ(primary->port, redis.first().port());
}

TEST(Sentinel, NeedsOnlyOneOfThemToAnswer) {
  RedisSentinels redis;
  redis.StopSentinel(0);
  redis.StopSentinel(1);
  EXPECT_THAT(FindPrimary(*ParseAddress(redis.address()), "", kTimeout), IsOk());
}

TEST(Sentinel, SaysWhatEachAnsweredWhenNoneKnowsThePrimary) {
  RedisSentinels redis;
  Address address = *ParseAddress(redis.address());
  address.primary_name = "another";
  const auto status = FindPrimary(address, "", kTimeout).status();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("knows no primary \"another\""));
}

TEST(Sentinel, IsNotBelievedWhenItNamesAReplica) {
  RedisSentinels redis;
  const auto replica =
      Connection::Open({"127.0.0.1", redis.second().port(), ""}, Login{}, kTimeout);
  ASSERT_THAT(replica, IsOk());
  EXPECT_TRUE(absl::IsUnavailable(VerifyPrimary(**replica)));
}

TEST(SharedStateWithSentinel, SurvivesTheDeathOfThePrimary) {
  RedisSentinels redis;
  SharedState one({redis.address()});
  SharedState other({redis.address()});
  std::atomic<int64_t> heard = 0;
  other.OnRevision("goals", [&](int64_t revision) { heard = std::max(heard.load(), revision); });
  ASSERT_TRUE(Counts(one) && Counts(other));
  redis.first().Stop();
  ASSERT_TRUE(Eventually(kPatience, [&] { return redis.PrimaryPort() == redis.second().port(); }));
  EXPECT_TRUE(Counts(one) && Counts(other));
  EXPECT_TRUE(Eventually(kPatience, [&] {
    one.PublishRevision("goals", 7);
    return heard == 7;
  }));
}

TEST(SharedStateWithSentinel, SurvivesAPrimaryThatHangsAndComesBackAsAReplica) {
  RedisSentinels redis;
  SharedState state({redis.address()});
  ASSERT_TRUE(Counts(state));
  redis.first().Pause();
  ASSERT_TRUE(Eventually(kPatience, [&] { return redis.PrimaryPort() == redis.second().port(); }));
  EXPECT_TRUE(Counts(state));
  redis.first().Resume();
  // A while in which it would go wrong if the former primary were believed.
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(Counts(state));
    absl::SleepFor(absl::Milliseconds(20));
  }
}

TEST(SharedStateWithSentinel, LogsInToRedisWithTheUserOfTheAccessRules) {
  RedisSentinels redis({"--user", "klynge", "on", ">secret", "~*", "&*", "+@all", "-@admin",
                        "-@dangerous", "+role"});
  SharedState state({redis.address(), "klynge secret"});
  EXPECT_TRUE(Counts(state));
}

}  // namespace
}  // namespace klynge::shared_state
