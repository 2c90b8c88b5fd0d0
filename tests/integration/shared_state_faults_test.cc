// What SharedState makes of a Redis that is wrongly configured, in trouble, or gone.
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "services/platform/shared_state/answer_cache.h"
#include "services/platform/shared_state/connection.h"
#include "services/platform/shared_state/shared_state.h"
#include "tests/support/processes.h"
#include "tests/support/status_matchers.h"

namespace klynge::shared_state {
namespace {

using klynge::testing::Eventually;
using klynge::testing::IsOk;
using klynge::testing::RedisServer;
using klynge::testing::StatusIs;
using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr absl::Duration kTimeout = absl::Milliseconds(500);

bool Connected(const SharedState& state) {
  return Eventually(kPatience, [&] { return state.connected(); });
}
bool Away(const SharedState& state) {
  return Eventually(kPatience, [&] { return !state.connected(); });
}
absl::Status Count(SharedState& state) {
  return state.AddToCounters({{"n", 1}}, absl::Hours(1)).status();
}
Endpoint At(const RedisServer& redis) { return {"127.0.0.1", redis.port(), ""}; }

TEST(Connection, IsRefusedWithTheWordsOfRedisWhenThePasswordIsWrong) {
  RedisServer redis({"--requirepass", "right"});
  for (const std::string password : {"", "wrong"}) {
    const auto status = Connection::Open(At(redis), {password}, kTimeout).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(std::string(status.message()), ::testing::ContainsRegex("WRONGPASS|NOAUTH"));
  }
  EXPECT_THAT(Connection::Open(At(redis), {"right"}, kTimeout), IsOk());
}

TEST(Connection, IsRefusedWhenThereIsNoSuchDatabase) {
  RedisServer redis;
  const auto status = Connection::Open(At(redis), {"", 99}, kTimeout).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("out of range"));
}

TEST(Connection, TellsARedisThatHangsFromOneThatIsNotThere) {
  RedisServer redis;
  redis.Pause();
  EXPECT_TRUE(absl::IsDeadlineExceeded(Connection::Open(At(redis), {}, kTimeout).status()));
  redis.Resume();
  redis.Stop();
  EXPECT_TRUE(absl::IsUnavailable(Connection::Open(At(redis), {}, kTimeout).status()));
}

TEST(SharedStateConfigured, StaysAwayWithAWrongPasswordAndComesWhenItIsMadeRight) {
  RedisServer redis({"--requirepass", "right"});
  SharedState wrong({redis.address(), "wrong"});
  SharedState right({redis.address(), "right"});
  ASSERT_TRUE(Connected(right));
  EXPECT_FALSE(wrong.connected());
  EXPECT_THAT(Count(wrong), StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
}

TEST(SharedStateConfigured, LogsInAsAUserOfTheAccessRules) {
  RedisServer redis({"--user", "klynge", "on", ">secret", "~klynge:*", "&klynge:v1:db0:*", "+@all",
                     "-@admin", "-@dangerous"});
  SharedState state({redis.address(), "klynge secret"});
  ASSERT_TRUE(Connected(state));
  EXPECT_THAT(Count(state), IsOk());
  state.PublishSnapshot("tree", 1, "bytes");
  EXPECT_TRUE(Eventually(kPatience, [&] { return state.FetchSnapshot("tree").ok(); }));
}

TEST(SharedStateConfigured, UsesAUnixSocket) {
  RedisServer redis;
  SharedState state({absl::StrCat("unix:", redis.socket())});
  ASSERT_TRUE(Connected(state));
  EXPECT_THAT(Count(state), IsOk());
}

TEST(SharedStateConfigured, SharesARedisWithAnotherInstallationByTheDatabase) {
  RedisServer redis;
  SharedState ours({absl::StrCat(redis.address(), "/1")});
  SharedState theirs({absl::StrCat(redis.address(), "/2")});
  std::atomic<int64_t> heard = 0;
  ours.OnRevision("goals", [&](int64_t revision) { heard = std::max(heard.load(), revision); });
  ASSERT_TRUE(Connected(ours) && Connected(theirs));
  theirs.PublishRevision("goals", 1000);
  theirs.PublishSnapshot("tree", 1000, "theirs");
  ASSERT_TRUE(Eventually(kPatience, [&] { return theirs.FetchSnapshot("tree").ok(); }));
  ours.PublishRevision("goals", 7);
  ASSERT_TRUE(Eventually(kPatience, [&] { return heard > 0; }));
  EXPECT_EQ(heard, 7);
  EXPECT_EQ(ours.FetchSnapshot("tree").status().code(), absl::StatusCode::kNotFound);
}

TEST(SharedStateConfigured, IsAwayWithAnAddressThatCannotBeRead) {
  SharedState state({"sentinel:nowhere"});
  EXPECT_FALSE(state.connected());
  EXPECT_THAT(Count(state), StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
}

TEST(SharedStateInTrouble, FindsNothingAfterAFlushAndIsTakenUpAgain) {
  RedisServer redis;
  SharedState state({redis.address()});
  ASSERT_TRUE(Connected(state));
  state.PublishSnapshot("tree", 7, "seven");
  ASSERT_TRUE(Eventually(kPatience, [&] { return state.FetchSnapshot("tree").ok(); }));
  redis.Flush();
  EXPECT_EQ(state.FetchSnapshot("tree").status().code(), absl::StatusCode::kNotFound);
  state.PublishSnapshot("tree", 6, "six");
  ASSERT_TRUE(Eventually(kPatience, [&] { return state.FetchSnapshot("tree").ok(); }));
  EXPECT_EQ(state.FetchSnapshot("tree")->revision, 6);
}

TEST(SharedStateInTrouble, TellsListenersToLookAgainAfterARestart) {
  RedisServer redis;
  SharedState state({redis.address()});
  std::atomic<int> looks = 0;
  state.OnRevision("goals", [&](int64_t revision) { looks += revision == 0; });
  state.OnSnapshot("tree", [&](int64_t revision) { looks += revision == 0; });
  ASSERT_TRUE(Connected(state));
  redis.Stop();
  ASSERT_TRUE(Away(state));
  const int before = looks;
  redis.Start();
  EXPECT_TRUE(Eventually(kPatience, [&] { return looks == before + 2; }));
}

TEST(SharedStateInTrouble, GivesUpWhatItWouldStoreWhenRedisIsFullAndStillTellsRevisions) {
  RedisServer redis({"--maxmemory", "1", "--maxmemory-policy", "noeviction"});
  SharedState state({redis.address()});
  SharedState other({redis.address()});
  std::atomic<int64_t> heard = 0;
  other.OnRevision("goals", [&](int64_t revision) { heard = std::max(heard.load(), revision); });
  ASSERT_TRUE(Connected(state) && Connected(other));
  EXPECT_THAT(Count(state), StatusIs(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE"));
  EXPECT_GE(state.counters().refused, 1);
  state.PublishSnapshot("tree", 1, "bytes");
  EXPECT_TRUE(Eventually(kPatience, [&] { return state.counters().dropped == 1; }));
  state.PublishRevision("goals", 7);
  EXPECT_TRUE(Eventually(kPatience, [&] { return heard == 7; }));
  EXPECT_TRUE(state.connected());
}

TEST(SharedStateInTrouble, CostsOneRoundTripWhenManyAskARedisThatHangs) {
  RedisServer redis;
  SharedState state({redis.address()});
  ASSERT_TRUE(Connected(state));
  redis.Pause();
  std::vector<std::thread> callers;
  for (int i = 0; i < 32; ++i) {
    callers.emplace_back([&] {
      for (int times = 0; times < 100; ++times) EXPECT_FALSE(Count(state).ok());
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(state.counters().timeouts, 1);
  redis.Resume();
  EXPECT_TRUE(Connected(state));
}

// CLIENT PAUSE … WRITE: whatever would change something hangs, a PING is answered.
void PauseWrites(const RedisServer& redis, bool pause) {
  const auto connection = Connection::Open(At(redis), {}, kTimeout);
  ASSERT_THAT(connection, IsOk());
  const Command command =
      pause ? Command{"CLIENT", "PAUSE", "3600000", "WRITE"} : Command{"CLIENT", "UNPAUSE"};
  ASSERT_THAT((*connection)->Exchange(std::vector<Command>{command}), IsOk());
}

// Lets writes time out until the breaker opens.
void OpenTheBreaker(const RedisServer& redis, SharedState& state) {
  PauseWrites(redis, true);
  ASSERT_TRUE(Eventually(kPatience, [&] {
    EXPECT_FALSE(Count(state).ok());
    return state.breaker() == BreakerState::kOpen;
  }));
}

TEST(SharedStateInTrouble, OpensTheBreakerAfterThreeTimeoutsInARow) {
  RedisServer redis;
  SharedState state({redis.address()});
  ASSERT_TRUE(Connected(state));
  ASSERT_NO_FATAL_FAILURE(OpenTheBreaker(redis, state));
  EXPECT_EQ(state.counters().timeouts, 3);
  EXPECT_FALSE(state.connected());
}

TEST(SharedStateInTrouble, ClosesTheBreakerWhenRedisIsWell) {
  RedisServer redis;
  SharedState state({redis.address()});
  ASSERT_TRUE(Connected(state));
  ASSERT_NO_FATAL_FAILURE(OpenTheBreaker(redis, state));
  PauseWrites(redis, false);
  EXPECT_TRUE(Connected(state));
  EXPECT_THAT(Count(state), IsOk());
}

TEST(SharedStateInTrouble, NeverMakesWhoeverPublishesWait) {
  RedisServer redis;
  SharedState state({redis.address()});
  ASSERT_TRUE(Connected(state));
  redis.Pause();
  const std::string large(1 << 20, 'x');
  const absl::Time before = absl::Now();
  for (int revision = 1; revision <= 1000; ++revision) {
    state.PublishRevision("goals", revision);
    state.PublishSnapshot("tree", revision, large);
  }
  // A thousand timeouts would be fifty seconds.
  EXPECT_LT(absl::Now() - before, absl::Seconds(25));
  redis.Resume();
  ASSERT_TRUE(Connected(state));
  state.PublishSnapshot("tree", 1001, large);
  EXPECT_TRUE(Eventually(kPatience, [&] {
    const auto stored = state.FetchSnapshot("tree");
    return stored.ok() && stored->revision == 1001;
  }));
}

class SharedAnswers : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Ask(AnswerCache& cache, const std::string& answer) {
    return cache.GetOrCompute("a", absl::InfiniteFuture(), [&] {
      ++computed_;
      return absl::StatusOr<std::string>(answer);
    });
  }
  RedisServer redis_;
  std::atomic<int> computed_ = 0;
};

TEST_F(SharedAnswers, AreComputedByOneReplicaForAll) {
  SharedState one({redis_.address()});
  SharedState other({redis_.address()});
  ASSERT_TRUE(Connected(one) && Connected(other));
  AnswerCache first(one, {});
  AnswerCache second(other, {});
  EXPECT_EQ(*Ask(first, "from one"), "from one");
  ASSERT_TRUE(Eventually(kPatience, [&] { return other.FetchAnswer("a").ok(); }));
  EXPECT_EQ(*Ask(second, "from the other"), "from one");
  EXPECT_EQ(computed_, 1);
  EXPECT_EQ(second.counts().shared_hits, 1);
}

TEST_F(SharedAnswers, AreForgottenByRedisAfterTheirTime) {
  SharedState state({redis_.address()});
  ASSERT_TRUE(Connected(state));
  AnswerCache cache(state, {.ttl = absl::Milliseconds(200)});
  ASSERT_THAT(Ask(cache, "answer"), IsOk());
  EXPECT_TRUE(Eventually(kPatience, [&] { return state.counters().commands > 1; }));
  EXPECT_TRUE(
      Eventually(kPatience, [&] { return absl::IsNotFound(state.FetchAnswer("a").status()); }));
}

TEST_F(SharedAnswers, AreRightWhileRedisHangsIsKilledOrFull) {
  SharedState state({redis_.address()});
  ASSERT_TRUE(Connected(state));
  redis_.Pause();
  AnswerCache hanging(state, {});
  EXPECT_EQ(*Ask(hanging, "hangs"), "hangs");
  redis_.Resume();
  redis_.Stop();
  AnswerCache killed(state, {});
  EXPECT_EQ(*Ask(killed, "killed"), "killed");
  RedisServer full({"--maxmemory", "1", "--maxmemory-policy", "noeviction"});
  SharedState to_full({full.address()});
  ASSERT_TRUE(Connected(to_full));
  AnswerCache in_full(to_full, {});
  EXPECT_EQ(*Ask(in_full, "full"), "full");
  EXPECT_EQ(*Ask(in_full, "anew"), "full");
}

TEST_F(SharedAnswers, OfMoreThanTheBoundStayInTheProcess) {
  SharedState state({redis_.address()});
  ASSERT_TRUE(Connected(state));
  AnswerCache cache(state, {.max_shared_bytes = 10});
  ASSERT_THAT(Ask(cache, "longer than ten"), IsOk());
  EXPECT_EQ(cache.counts().stored, 0);
  EXPECT_EQ(*Ask(cache, "anew"), "longer than ten");
}

}  // namespace
}  // namespace klynge::shared_state
