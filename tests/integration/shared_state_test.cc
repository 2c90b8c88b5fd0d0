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
  EXPECT_THAT(state.PublishSnapshot("tree", 2, std::string("new\0bytes", 9)), IsOk());
  EXPECT_THAT(state.PublishSnapshot("tree", 1, "old"), IsOk());
  const auto snapshot = state.FetchSnapshot("tree");
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
  ASSERT_THAT(writer.PublishRevision("goals", 7), IsOk());
  EXPECT_TRUE(Eventually(absl::Seconds(5), [&] { return heard == 7; }));
  EXPECT_LE(others, 0);
}

TEST_F(SharedStateTest, FailsAtOnceWhileRedisIsAwayAndPicksItUpWhenItComes) {
  SharedState state({redis_.address()});
  std::atomic<int> connections = 0;
  state.OnRevision("goals", [&](int64_t revision) { connections += revision == 0; });
  ASSERT_TRUE(Connected(state));
  redis_.Stop();
  ASSERT_TRUE(Away(state));
  const absl::Time before = absl::Now();
  EXPECT_THAT(state.FetchSnapshot("tree"),
              StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
  EXPECT_LT(absl::Now() - before, absl::Seconds(1));
  redis_.Start();
  EXPECT_TRUE(Connected(state));
  EXPECT_TRUE(Eventually(absl::Seconds(5), [&] { return connections >= 1; }));
  EXPECT_THAT(state.PublishSnapshot("tree", 1, "x"), IsOk());
}

TEST_F(SharedStateTest, GivesUpSoonOnARedisThatDoesNotAnswer) {
  SharedState state({redis_.address()});
  ASSERT_TRUE(Connected(state));
  redis_.Pause();
  EXPECT_THAT(state.PublishRevision("goals", 1),
              StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
  EXPECT_TRUE(Away(state));
  redis_.Resume();
  EXPECT_TRUE(Connected(state));
}

TEST(SharedStateWithoutRedis, SaysUnavailable) {
  SharedState state({""});
  EXPECT_FALSE(state.connected());
  EXPECT_THAT(state.PublishRevision("goals", 1),
              StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
}

}  // namespace
}  // namespace klynge::shared_state
