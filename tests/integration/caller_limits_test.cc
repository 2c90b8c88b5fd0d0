// Two replicas that limit one caller, with a real Redis between them.
#include "services/platform/rpc/caller_limits.h"

#include <absl/time/clock.h>
#include <gtest/gtest.h>

#include "services/platform/rpc/shared_limits.h"
#include "services/platform/shared_state/shared_state.h"
#include "services/platform/steady_clock.h"
#include "tests/support/processes.h"

namespace klynge::rpc {
namespace {

using klynge::testing::Eventually;
using klynge::testing::RedisServer;

constexpr double kRate = 100;

// What one process holds.
class Replica {
 public:
  explicit Replica(const std::string& redis) : redis_({redis, ""}) {}

  bool connected() const { return redis_.connected(); }
  bool Pass() { return limits_.Take("spiffe://klynge/operator") == absl::ZeroDuration(); }

 private:
  SteadyClock clock_;
  shared_state::SharedState redis_;
  CallerLimits limits_{clock_, {.rate = kRate, .burst = kRate / 2}};
  SharedLimits shared_{"testing", limits_, [this](const auto& deltas, absl::Duration ttl) {
                         return redis_.AddToCounters(deltas, ttl);
                       }};
};

class SharedCallerLimits : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(
        Eventually(absl::Seconds(10), [&] { return one_.connected() && other_.connected(); }));
  }

  // How many requests a second get through when both are asked all the time.
  double PassedPerSecond(absl::Duration duration) {
    const absl::Time start = absl::Now();
    int passed = 0;
    while (absl::Now() < start + duration) {
      passed += one_.Pass() + other_.Pass();
      absl::SleepFor(absl::Milliseconds(1));
    }
    return passed / absl::ToDoubleSeconds(absl::Now() - start);
  }

  RedisServer redis_;
  Replica one_{redis_.address()}, other_{redis_.address()};
};

TEST_F(SharedCallerLimits, AreOneLimitWithRedisAndOneEachWithoutIt) {
  PassedPerSecond(absl::Seconds(3));  // the bursts
  const double together = PassedPerSecond(absl::Seconds(5));
  EXPECT_GT(together, 0.6 * kRate);
  EXPECT_LT(together, 1.4 * kRate);
  redis_.Stop();
  ASSERT_TRUE(
      Eventually(absl::Seconds(10), [&] { return !one_.connected() && !other_.connected(); }));
  PassedPerSecond(absl::Seconds(1));
  const double apart = PassedPerSecond(absl::Seconds(5));
  EXPECT_GT(apart, 1.6 * kRate);
  EXPECT_LT(apart, 2.2 * kRate);
  redis_.Start();
  ASSERT_TRUE(
      Eventually(absl::Seconds(20), [&] { return one_.connected() && other_.connected(); }));
  PassedPerSecond(absl::Seconds(2));
  EXPECT_LT(PassedPerSecond(absl::Seconds(5)), 1.4 * kRate);
}

}  // namespace
}  // namespace klynge::rpc
