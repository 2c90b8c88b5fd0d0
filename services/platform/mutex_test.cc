#include "services/platform/mutex.h"

#include <absl/time/clock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "services/platform/steady_clock.h"

namespace klynge {
namespace {

TEST(MutexWait, EndsWhenItsTimeHasPassed) {
  Mutex mutex;
  bool never = false;
  const absl::Time begun = SteadyNow();
  MutexLock lock(&mutex);
  EXPECT_FALSE(mutex.AwaitWithTimeout(absl::Condition(&never), absl::Milliseconds(50)));
  EXPECT_GE(SteadyNow() - begun, absl::Milliseconds(50));
}

TEST(MutexWait, EndsAsSoonAsTheConditionIsTrue) {
  Mutex mutex;
  bool done = false;
  std::thread other([&] {
    MutexLock lock(&mutex);
    done = true;
  });
  {
    MutexLock lock(&mutex);
    EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&done), absl::InfiniteDuration()));
  }
  other.join();
}

TEST(MutexWait, OfNoTimeLooksOnce) {
  Mutex mutex;
  bool yes = true, no = false;
  MutexLock lock(&mutex);
  EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&yes), absl::ZeroDuration()));
  EXPECT_FALSE(mutex.AwaitWithTimeout(absl::Condition(&no), -absl::Seconds(1)));
}

TEST(MutexWait, LeavesTheMutexToOthersMeanwhile) {
  Mutex mutex;
  bool never = false;
  std::atomic<bool> had_it = false;
  std::thread other;
  {
    MutexLock lock(&mutex);
    other = std::thread([&] {
      MutexLock mine(&mutex);
      had_it = true;
    });
    while (!had_it) {
      EXPECT_FALSE(mutex.AwaitWithTimeout(absl::Condition(&never), absl::Milliseconds(5)));
    }
  }
  other.join();
}

// Waits that begin and end all the time, on mutexes that live no longer than the wait.
TEST(MutexWait, EndsForEachOfManyWhoWaitAtOnce) {
  constexpr int kRounds = 200;
  std::vector<std::thread> waiters;
  std::atomic<int> timeouts = 0;
  for (int n = 0; n < 8; ++n) {
    waiters.emplace_back([&timeouts, n] {
      for (int round = 0; round < kRounds; ++round) {
        Mutex mutex;
        bool never = false;
        MutexLock lock(&mutex);
        timeouts += !mutex.AwaitWithTimeout(absl::Condition(&never),
                                            absl::Microseconds(100 * (n + round % 3)));
      }
    });
  }
  for (auto& waiter : waiters) waiter.join();
  EXPECT_EQ(timeouts, 8 * kRounds);
}

}  // namespace
}  // namespace klynge
