#include "services/platform/shared_state/circuit_breaker.h"

#include <gtest/gtest.h>

namespace klynge::shared_state {
namespace {

class CircuitBreakerTest : public ::testing::Test {
 protected:
  void Fail(int times) {
    for (int i = 0; i < times; ++i) breaker_.RecordFailure();
  }
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  CircuitBreaker breaker_{clock_, {.failures = 3, .pause = absl::Seconds(1)}};
};

TEST_F(CircuitBreakerTest, OpensAfterThreeFailuresInARow) {
  Fail(2);
  EXPECT_TRUE(breaker_.Closed());
  Fail(1);
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, ForgetsFailuresAfterASuccess) {
  Fail(2);
  breaker_.RecordSuccess();
  Fail(2);
  EXPECT_TRUE(breaker_.Closed());
}

TEST_F(CircuitBreakerTest, LetsNobodyTryBeforeThePauseIsOver) {
  Fail(3);
  clock_.Advance(absl::Milliseconds(999));
  EXPECT_FALSE(breaker_.StartTrial());
}

TEST_F(CircuitBreakerTest, LetsOneTrialThroughAfterThePause) {
  Fail(3);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(breaker_.StartTrial());
  EXPECT_EQ(breaker_.state(), BreakerState::kHalfOpen);
  EXPECT_FALSE(breaker_.StartTrial());
  EXPECT_FALSE(breaker_.Closed());
}

TEST_F(CircuitBreakerTest, ClosesWhenTheTrialSucceeds) {
  Fail(3);
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(breaker_.StartTrial());
  breaker_.RecordSuccess();
  EXPECT_TRUE(breaker_.Closed());
}

TEST_F(CircuitBreakerTest, PausesAgainWhenTheTrialFails) {
  Fail(3);
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(breaker_.StartTrial());
  Fail(1);
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
  EXPECT_FALSE(breaker_.StartTrial());
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(breaker_.StartTrial());
}

TEST_F(CircuitBreakerTest, StaysOpenWhenAnOlderCommandSucceedsAfterAll) {
  Fail(3);
  breaker_.RecordSuccess();
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, DoesNotWaitLongerWhenTheClockIsSetBack) {
  Fail(3);
  clock_.Advance(-absl::Hours(1));
  EXPECT_TRUE(breaker_.StartTrial());
}

TEST_F(CircuitBreakerTest, HasNoTrialWhileItIsClosed) { EXPECT_FALSE(breaker_.StartTrial()); }

}  // namespace
}  // namespace klynge::shared_state
