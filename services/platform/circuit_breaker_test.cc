#include "services/platform/circuit_breaker.h"

#include <gtest/gtest.h>

namespace klynge {
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
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
  Fail(1);
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, ForgetsFailuresAfterASuccess) {
  Fail(2);
  breaker_.RecordSuccess();
  Fail(2);
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
}

TEST_F(CircuitBreakerTest, LetsNobodyTryBeforeThePauseIsOver) {
  Fail(3);
  clock_.Advance(absl::Milliseconds(999));
  EXPECT_FALSE(breaker_.Admit());
}

TEST_F(CircuitBreakerTest, LetsOneTrialThroughAfterThePause) {
  Fail(3);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(breaker_.Admit());
  EXPECT_EQ(breaker_.state(), BreakerState::kHalfOpen);
  EXPECT_FALSE(breaker_.Admit());
}

TEST_F(CircuitBreakerTest, ClosesWhenTheTrialSucceeds) {
  Fail(3);
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(breaker_.Admit());
  breaker_.RecordSuccess();
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
}

TEST_F(CircuitBreakerTest, PausesAgainWhenTheTrialFails) {
  Fail(3);
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(breaker_.Admit());
  Fail(1);
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
  EXPECT_FALSE(breaker_.Admit());
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(breaker_.Admit());
}

TEST_F(CircuitBreakerTest, StaysOpenWhenAnOlderCommandSucceedsAfterAll) {
  Fail(3);
  breaker_.RecordSuccess();
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, DoesNotWaitLongerWhenTheClockIsSetBack) {
  Fail(3);
  clock_.Advance(-absl::Hours(1));
  EXPECT_TRUE(breaker_.Admit());
}

TEST_F(CircuitBreakerTest, LetsTheNextTryAtOnceWhenATrialWasBrokenOff) {
  Fail(3);
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(breaker_.Admit());
  breaker_.RecordNothing();
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
  EXPECT_TRUE(breaker_.Admit());
}

TEST_F(CircuitBreakerTest, TellsHowLongUntilATrial) {
  EXPECT_EQ(breaker_.UntilTrial(), absl::ZeroDuration());
  Fail(3);
  clock_.Advance(absl::Milliseconds(300));
  EXPECT_EQ(breaker_.UntilTrial(), absl::Milliseconds(700));
}

}  // namespace
}  // namespace klynge
