#include "services/platform/rpc/caller_limits.h"

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>

#include <map>
#include <memory>

#include "services/platform/rpc/shared_limits.h"

namespace klynge::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CallerLimitsTest : public ::testing::Test {
 protected:
  int Passed(CallerLimits& limits, const std::string& caller, int requests) {
    int passed = 0;
    for (int i = 0; i < requests; ++i) passed += limits.Take(caller) == absl::ZeroDuration();
    return passed;
  }

  FakeClock clock_{absl::UnixEpoch()};
};

TEST_F(CallerLimitsTest, LimitEachCallerByItself) {
  CallerLimits limits(clock_, {.rate = 10, .burst = 20});
  EXPECT_EQ(Passed(limits, "a", 100), 20);
  EXPECT_EQ(Passed(limits, "b", 5), 5);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Passed(limits, "a", 100), 10);
}

TEST_F(CallerLimitsTest, RememberOnlySoManyCallersApart) {
  CallerLimits limits(clock_, {.rate = 10, .burst = 20, .most_callers = 50});
  int passed = 0;
  for (int i = 0; i < 1'000; ++i) passed += Passed(limits, absl::StrCat("caller-", i), 1);
  EXPECT_LE(limits.callers(), 51u);
  EXPECT_EQ(passed, 50 + 20);  // the others share one bucket
}

TEST_F(CallerLimitsTest, ForgetWhoHasNotAskedForLong) {
  CallerLimits limits(clock_, {.rate = 10, .burst = 20});
  Passed(limits, "a", 15);
  EXPECT_EQ(limits.TakeUsage().at(0).requests, 15);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(limits.TakeUsage().size(), 1u);  // not full again yet
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(limits.TakeUsage().empty());
  EXPECT_EQ(limits.callers(), 0u);
}

// Counters that replicas share, and that can be lost or out of reach.
class Counters {
 public:
  SharedLimits::AddToCounters Adder() {
    return [this](const auto& deltas, absl::Duration) -> absl::StatusOr<std::vector<int64_t>> {
      MutexLock lock(&mutex_);
      if (away_) return absl::UnavailableError("away");
      std::vector<int64_t> totals;
      for (const auto& [name, delta] : deltas) totals.push_back(sums_[name] += delta);
      return totals;
    };
  }
  void SetAway(bool away) {
    MutexLock lock(&mutex_);
    away_ = away;
  }
  void Lose() {
    MutexLock lock(&mutex_);
    sums_.clear();
  }

 private:
  Mutex mutex_;
  bool away_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, int64_t> sums_ ABSL_GUARDED_BY(mutex_);
};

// Two replicas whose exchanges the test makes.
class SharedLimitsTest : public CallerLimitsTest {
 protected:
  // How many of 100 requests a second to each of the two get through in `seconds`.
  int Run(int seconds) {
    int passed = 0;
    for (int tick = 0; tick < seconds * 10; ++tick) {
      passed += Passed(one_, "a", 10) + Passed(other_, "a", 10);
      clock_.Advance(absl::Milliseconds(100));
      one_shared_.Exchange();
      other_shared_.Exchange();
    }
    return passed;
  }

  static constexpr CallerLimits::Options kOptions = {.rate = 20, .burst = 20};
  Counters counters_;
  CallerLimits one_{clock_, kOptions}, other_{clock_, kOptions};
  SharedLimits one_shared_{"goals", one_, counters_.Adder(), /*threaded=*/false};
  SharedLimits other_shared_{"goals", other_, counters_.Adder(), /*threaded=*/false};
};

TEST_F(SharedLimitsTest, LetReplicasKeepTheLimitTogether) {
  Run(5);  // the bursts are gone
  const int passed = Run(30);
  EXPECT_GE(passed, 30 * 20 * 0.8);
  EXPECT_LE(passed, 30 * 20 * 1.2);
}

TEST_F(SharedLimitsTest, LetEachKeepTheLimitItselfWhileTheCountersAreAway) {
  Run(5);
  counters_.SetAway(true);
  Run(2);
  const int passed = Run(30);
  EXPECT_GE(passed, 2 * 30 * 20 * 0.9);
  EXPECT_LE(passed, 2 * 30 * 20 * 1.1);
}

TEST_F(SharedLimitsTest, GoOnWhenTheCountersAreLost) {
  Run(5);
  counters_.Lose();
  const int passed = Run(30);
  EXPECT_GE(passed, 30 * 20 * 0.8);
  EXPECT_LE(passed, 30 * 20 * 1.3);
}

TEST(CounterName, DoesNotTellWhoTheCallerIs) {
  const std::string name = CounterName("goals", "spiffe://klynge/operator");
  EXPECT_THAT(name, ::testing::StartsWith("caller_requests:goals:"));
  EXPECT_THAT(name, Not(HasSubstr("operator")));
  EXPECT_EQ(name, CounterName("goals", "spiffe://klynge/operator"));
  EXPECT_NE(name, CounterName("goals", "spiffe://klynge/operator2"));
}

}  // namespace
}  // namespace klynge::rpc
