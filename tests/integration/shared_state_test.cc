#include "services/platform/shared_state/shared_state.h"

#include <absl/time/clock.h>
#include <gmock/gmock.h>

#include <atomic>

#include "tests/support/processes.h"
#include "tests/support/status_matchers.h"

namespace klynge::shared_state {
namespace {

using klynge::testing::Eventually;
using klynge::testing::IsOk;
using klynge::testing::StatusIs;

class SharedStateTest : public ::testing::Test {
 protected:
  bool Connected(const SharedState& state) {
    return Eventually(absl::Seconds(10), [&] { return state.connected(); });
  }
  bool Away(const SharedState& state) {
    return Eventually(absl::Seconds(10), [&] { return !state.connected(); });
  }
  klynge::testing::RedisServer redis_;
};

TEST_F(SharedStateTest, KeepsTheNewestSnapshot) {
  SharedState state({redis_.address()});
  ASSERT_TRUE(Connected(state));
  EXPECT_EQ(state.FetchSnapshot("tree").status().code(), absl::StatusCode::kNotFound);
  std::atomic<int64_t> heard = 0;
  state.OnSnapshot("tree", [&](int64_t revision) { heard = revision; });
  state.PublishSnapshot("tree", 2, std::string("new\0bytes", 9));
  ASSERT_TRUE(Eventually(absl::Seconds(5), [&] { return heard == 2; }));
  SharedState late({redis_.address()});
  ASSERT_TRUE(Connected(late));
  late.PublishSnapshot("tree", 1, "old");
  late.PublishRevision("tree", 1);
  ASSERT_TRUE(Eventually(absl::Seconds(5), [&] { return late.counters().commands >= 2; }));
  const auto snapshot = late.FetchSnapshot("tree");
  ASSERT_THAT(snapshot, IsOk());
  EXPECT_EQ(snapshot->revision, 2);
  EXPECT_EQ(snapshot->bytes, std::string("new\0bytes", 9));
}

TEST_F(SharedStateTest, TellsOtherReplicasOfARevision) {
  SharedState writer({redis_.address()});
  SharedState reader({redis_.address()});
  std::atomic<int64_t> heard = -1, others = -1;
  reader.OnRevision("goals", [&](int64_t revision) { heard = std::max(heard.load(), revision); });
  reader.OnRevision("courses",
                    [&](int64_t revision) { others = std::max(others.load(), revision); });
  ASSERT_TRUE(Connected(writer) && Connected(reader));
  writer.PublishRevision("goals", 7);
  EXPECT_TRUE(Eventually(absl::Seconds(5), [&] { return heard == 7; }));
  EXPECT_LE(others, 0);
}

TEST_F(SharedStateTest, AddsToCountersForAllReplicasAndEndsThem) {
  SharedState one({redis_.address()});
  SharedState other({redis_.address()});
  ASSERT_TRUE(Connected(one) && Connected(other));
  const auto first = one.AddToCounters({{"a", 3}, {"b", 1}}, absl::Milliseconds(400));
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(*first, ::testing::ElementsAre(3, 1));
  const auto second = other.AddToCounters({{"b", 2}, {"a", -1}}, absl::Hours(1));
  ASSERT_THAT(second, IsOk());
  EXPECT_THAT(*second, ::testing::ElementsAre(3, 2));
  EXPECT_TRUE(Eventually(absl::Seconds(5), [&] {
    const auto totals = one.AddToCounters({{"a", 0}}, absl::Milliseconds(1));
    return totals.ok() && totals->front() == 0;
  }));
}

TEST_F(SharedStateTest, FailsAtOnceWhileRedisIsAwayAndPicksItUpWhenItComes) {
  SharedState state({redis_.address()});
  std::atomic<int> connections = 0;
  state.OnRevision("goals", [&](int64_t revision) { connections += revision == 0; });
  ASSERT_TRUE(Connected(state));
  redis_.Stop();
  ASSERT_TRUE(Away(state));
  EXPECT_THAT(state.FetchSnapshot("tree"),
              StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
  EXPECT_THAT(state.AddToCounters({{"a", 1}}, absl::Seconds(1)),
              StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
  redis_.Start();
  EXPECT_TRUE(Connected(state));
  EXPECT_TRUE(Eventually(absl::Seconds(5), [&] { return connections >= 1; }));
  EXPECT_THAT(state.AddToCounters({{"a", 1}}, absl::Seconds(1)), IsOk());
}

TEST_F(SharedStateTest, GivesUpSoonOnARedisThatDoesNotAnswer) {
  SharedState state({redis_.address()});
  ASSERT_TRUE(Connected(state));
  redis_.Pause();
  EXPECT_THAT(state.FetchSnapshot("tree"),
              StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
  EXPECT_TRUE(Away(state));
  const int64_t commands = state.counters().commands;
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(state.FetchSnapshot("tree").ok());
  EXPECT_EQ(state.counters().commands, commands);
  redis_.Resume();
  EXPECT_TRUE(Connected(state));
}

TEST(SharedStateWithoutRedis, SaysUnavailable) {
  SharedState state({""});
  EXPECT_FALSE(state.connected());
  state.PublishRevision("goals", 1);
  EXPECT_THAT(state.FetchSnapshot("tree"),
              StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
}

}  // namespace
}  // namespace klynge::shared_state
