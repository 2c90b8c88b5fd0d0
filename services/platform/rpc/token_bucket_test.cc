#include "services/platform/rpc/token_bucket.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace klynge::rpc {
namespace {

constexpr absl::Time kStart = absl::UnixEpoch();

TEST(TokenBucket, LetsABurstThroughAndThenTheRate) {
  TokenBucket bucket(10, 3, kStart);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Take(kStart), absl::ZeroDuration());
  EXPECT_EQ(bucket.Take(kStart), absl::Milliseconds(100));
  EXPECT_EQ(bucket.Take(kStart + absl::Milliseconds(60)), absl::Milliseconds(40));
  EXPECT_EQ(bucket.Take(kStart + absl::Milliseconds(100)), absl::ZeroDuration());
}

TEST(TokenBucket, HoldsNoMoreThanABurst) {
  TokenBucket bucket(10, 3, kStart);
  const absl::Time later = kStart + absl::Hours(1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bucket.Take(later), absl::ZeroDuration());
  EXPECT_GT(bucket.Take(later), absl::ZeroDuration());
}

TEST(TokenBucket, PaysForWhatWasUsedElsewhereButOwesAtMostABurst) {
  TokenBucket bucket(10, 5, kStart);
  bucket.Charge(1'000'000, kStart);
  EXPECT_EQ(bucket.Take(kStart), absl::Milliseconds(600));
  EXPECT_EQ(bucket.Take(kStart + absl::Milliseconds(600)), absl::ZeroDuration());
}

TEST(TokenBucket, GivesNothingForAClockThatIsSetBack) {
  TokenBucket bucket(10, 1, kStart);
  EXPECT_EQ(bucket.Take(kStart), absl::ZeroDuration());
  EXPECT_GT(bucket.Take(kStart - absl::Hours(1)), absl::ZeroDuration());
  EXPECT_EQ(bucket.Take(kStart - absl::Hours(1) + absl::Milliseconds(100)), absl::ZeroDuration());
}

// Whenever requests come: between any two moments no more get through than burst + rate × time, and
// who waits as long as told gets through.
TEST(TokenBucket, NeverLetsMoreThroughThanItShould) {
  std::mt19937 random(20240901);
  for (int round = 0; round < 300; ++round) {
    const double rate = std::uniform_real_distribution<>(0.5, 500)(random);
    const double burst = std::uniform_real_distribution<>(1, 50)(random);
    TokenBucket bucket(rate, burst, kStart);
    absl::Time now = kStart;
    std::vector<absl::Time> passed;
    std::exponential_distribution<> gap(std::uniform_real_distribution<>(0.1, 10)(random) * rate);
    for (int i = 0; i < 200; ++i) {
      now += absl::Seconds(gap(random));
      const absl::Duration wait = bucket.Take(now);
      if (wait > absl::ZeroDuration() && random() % 4 == 0) {
        now += wait + absl::Nanoseconds(1);
        ASSERT_EQ(bucket.Take(now), absl::ZeroDuration()) << "round " << round;
        passed.push_back(now);
      } else if (wait == absl::ZeroDuration()) {
        passed.push_back(now);
      }
    }
    for (size_t from = 0; from < passed.size(); ++from) {
      for (size_t to = from; to < passed.size(); ++to) {
        const double allowed = burst + rate * absl::ToDoubleSeconds(passed[to] - passed[from]);
        ASSERT_LE(static_cast<double>(to - from + 1), allowed + 1e-6) << "round " << round;
      }
    }
  }
}

}  // namespace
}  // namespace klynge::rpc
