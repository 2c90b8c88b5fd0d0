#include "services/platform/shared_state/answer_cache.h"

#include <gmock/gmock.h>

#include <thread>

#include "klynge/testing/v1/echo_service.pb.h"
#include "services/platform/rpc/status.h"
#include "services/platform/shared_state/build_id.h"
#include "tests/support/processes.h"
#include "tests/support/status_matchers.h"

namespace klynge::shared_state {
namespace {

using klynge::testing::Eventually;
using klynge::testing::IsOk;
using klynge::testing::StatusIs;

constexpr absl::Time kNoDeadline = absl::InfiniteFuture();

// A computation that is counted and waits until it may end.
class Computation {
 public:
  AnswerCache::Compute Returning(absl::StatusOr<std::string> answer) {
    return [this, answer] {
      MutexLock lock(&mutex_);
      ++started_;
      mutex_.Await(absl::Condition(&may_end_));
      return answer;
    };
  }
  void LetEnd() {
    MutexLock lock(&mutex_);
    may_end_ = true;
  }
  int started() const {
    MutexLock lock(&mutex_);
    return started_;
  }

 private:
  mutable Mutex mutex_;
  int started_ ABSL_GUARDED_BY(mutex_) = 0;
  bool may_end_ ABSL_GUARDED_BY(mutex_) = false;
};

AnswerCache::Compute Answering(const std::string& answer) {
  return [answer] { return absl::StatusOr<std::string>(answer); };
}

class AnswerCacheTest : public ::testing::Test {
 protected:
  SharedState no_redis_{Options{}};
  AnswerCache cache_{no_redis_, {}};
};

TEST_F(AnswerCacheTest, ComputesAnAnswerOnce) {
  EXPECT_EQ(*cache_.GetOrCompute("a", kNoDeadline, Answering("first")), "first");
  EXPECT_EQ(*cache_.GetOrCompute("a", kNoDeadline, Answering("second")), "first");
  EXPECT_EQ(*cache_.GetOrCompute("b", kNoDeadline, Answering("other")), "other");
  EXPECT_EQ(cache_.counts().computed, 2);
  EXPECT_EQ(cache_.counts().hits, 1);
}

TEST_F(AnswerCacheTest, ComputesOnceForAHundredWhoAskAtTheSameTime) {
  Computation computation;
  std::atomic<int> right = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 100; ++i) {
    callers.emplace_back([&] {
      const auto answer =
          cache_.GetOrCompute("a", kNoDeadline, computation.Returning(std::string("42")));
      right += answer.ok() && *answer == "42";
    });
  }
  EXPECT_TRUE(Eventually(absl::Seconds(10), [&] { return computation.started() == 1; }));
  computation.LetEnd();
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(right, 100);
  EXPECT_EQ(computation.started(), 1);
  EXPECT_EQ(cache_.counts().waited + cache_.counts().hits, 99);
}

TEST_F(AnswerCacheTest, LetsWhoeverWaitsGiveUpAtItsOwnDeadline) {
  Computation computation;
  std::thread slow([&] {
    EXPECT_THAT(cache_.GetOrCompute("a", kNoDeadline, computation.Returning(std::string("42"))),
                IsOk());
  });
  ASSERT_TRUE(Eventually(absl::Seconds(10), [&] { return computation.started() == 1; }));
  EXPECT_THAT(
      cache_.GetOrCompute("a", absl::Now() + absl::Milliseconds(20), Answering("not asked")),
      StatusIs(absl::StatusCode::kDeadlineExceeded, "ANSWER_LATE"));
  computation.LetEnd();
  slow.join();
}

TEST_F(AnswerCacheTest, KeepsNoErrors) {
  const auto failing = [] { return absl::StatusOr<std::string>(absl::UnavailableError("away")); };
  EXPECT_EQ(cache_.GetOrCompute("a", kNoDeadline, failing).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(*cache_.GetOrCompute("a", kNoDeadline, Answering("now")), "now");
}

// Starts two callers of which the first computes `first`; what the second gets.
absl::StatusOr<std::string> SecondAfter(AnswerCache& cache, const absl::Status& first) {
  Computation computation;
  std::thread leader([&] {
    EXPECT_EQ(cache.GetOrCompute("a", kNoDeadline, computation.Returning(first)).status(), first);
  });
  EXPECT_TRUE(Eventually(absl::Seconds(10), [&] { return computation.started() == 1; }));
  absl::StatusOr<std::string> second;
  std::thread follower(
      [&] { second = cache.GetOrCompute("a", kNoDeadline, Answering("computed by the second")); });
  EXPECT_TRUE(Eventually(absl::Seconds(10), [&] { return cache.counts().waited == 1; }));
  computation.LetEnd();
  leader.join();
  follower.join();
  return second;
}

TEST_F(AnswerCacheTest, GivesTheSameErrorToThoseWhoAskedTheSame) {
  EXPECT_EQ(SecondAfter(cache_, absl::NotFoundError("no such unit")).status(),
            absl::NotFoundError("no such unit"));
}

TEST_F(AnswerCacheTest, ComputesAnewWhenTheFirstCallerGaveUp) {
  EXPECT_EQ(*SecondAfter(cache_, absl::CancelledError("the caller is gone")),
            "computed by the second");
}

TEST_F(AnswerCacheTest, SurvivesAComputationThatThrows) {
  const auto throwing = []() -> absl::StatusOr<std::string> { throw std::runtime_error("broken"); };
  EXPECT_THROW(cache_.GetOrCompute("a", kNoDeadline, throwing).status().IgnoreError(),
               std::runtime_error);
  EXPECT_EQ(*cache_.GetOrCompute("a", kNoDeadline, Answering("now")), "now");
}

TEST_F(AnswerCacheTest, StaysWithinItsBound) {
  AnswerCache small(no_redis_, {.max_bytes = 10'000});
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(small.GetOrCompute(absl::StrCat(i), kNoDeadline, Answering(std::string(1000, 'x'))),
                IsOk());
    EXPECT_LE(small.bytes(), 10'000u);
  }
  EXPECT_EQ(*small.GetOrCompute("99", kNoDeadline, Answering("anew")), std::string(1000, 'x'));
  EXPECT_EQ(*small.GetOrCompute("0", kNoDeadline, Answering("anew")), "anew");
}

TEST(AnswerLru, GivesUpWhatWasNotUsedForLongest) {
  AnswerLru lru(1000);
  lru.Insert("a", std::string(250, 'a'));
  lru.Insert("b", std::string(250, 'b'));
  EXPECT_TRUE(lru.Find("a").has_value());
  lru.Insert("c", std::string(250, 'c'));
  EXPECT_TRUE(lru.Find("a").has_value());
  EXPECT_FALSE(lru.Find("b").has_value());
}

TEST(AnswerLru, KeepsNothingThatIsLargerThanItself) {
  AnswerLru lru(1000);
  lru.Insert("a", std::string(2000, 'a'));
  EXPECT_FALSE(lru.Find("a").has_value());
  EXPECT_EQ(lru.bytes(), 0u);
}

testing::v1::EchoRequest Request(const std::string& text) {
  testing::v1::EchoRequest request;
  request.set_text(text);
  return request;
}

TEST(AnswerName, ContainsEveryRevisionThatTheAnswerDependsOn) {
  const auto name =
      AnswerName("goals", "GetProgress", {{"goals", 7}, {"organisation", 3}}, Request("a"));
  EXPECT_THAT(name, ::testing::StartsWith("goals:GetProgress:goals=7,organisation=3:"));
  EXPECT_NE(name,
            AnswerName("goals", "GetProgress", {{"goals", 8}, {"organisation", 3}}, Request("a")));
}

TEST(AnswerName, IsTheSameForTheSameRequest) {
  EXPECT_EQ(AnswerName("goals", "GetProgress", {}, Request("a")),
            AnswerName("goals", "GetProgress", {}, Request("a")));
  EXPECT_NE(AnswerName("goals", "GetProgress", {}, Request("a")),
            AnswerName("goals", "GetProgress", {}, Request("b")));
}

TEST(BuildId, IsTheOneTheLinkerWrote) {
  EXPECT_THAT(BuildId(), ::testing::MatchesRegex("[0-9a-f]+"));
}

}  // namespace
}  // namespace klynge::shared_state
