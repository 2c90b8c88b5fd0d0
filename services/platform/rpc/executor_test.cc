#include "services/platform/rpc/executor.h"

#include <absl/synchronization/notification.h>
#include <absl/time/clock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/support/processes.h"

namespace klynge::rpc {
namespace {

using klynge::testing::Eventually;

constexpr absl::Time kNoHurry = absl::InfiniteFuture();

TEST(Executor, RunsWhatItTookBeforeItStops) {
  std::atomic<int> done = 0;
  Executor executor(2, 1000);
  for (int i = 0; i < 500; ++i) {
    EXPECT_FALSE(executor.Submit([&] { ++done; }, kNoHurry));
  }
  executor.Stop();
  EXPECT_EQ(done, 500);
  EXPECT_TRUE(executor.Submit([&] { ++done; }, kNoHurry));
}

TEST(Executor, LetsSixtyFourWritersWaitAtOnce) {
  Executor executor(64, 1000);
  absl::Notification release;
  std::atomic<int> waiting = 0;
  for (int i = 0; i < 64; ++i) {
    executor.Submit(
        [&] {
          ++waiting;
          release.WaitForNotification();
        },
        kNoHurry);
  }
  EXPECT_TRUE(Eventually(absl::Seconds(10), [&] { return waiting == 64; }));
  EXPECT_EQ(executor.queued(), 0u);
  release.Notify();
}

// One thread, tasks of 10 ms, until the pace is known.
class BusyExecutor : public ::testing::Test {
 protected:
  void Queue(int tasks) {
    for (int i = 0; i < tasks; ++i) {
      EXPECT_FALSE(executor_.Submit([] { absl::SleepFor(absl::Milliseconds(10)); }, kNoHurry));
    }
  }
  // Fills the queue until no more is taken; after how long to try again.
  absl::Duration Refusal() {
    while (true) {
      const auto later = executor_.Submit([] { absl::SleepFor(absl::Milliseconds(10)); }, kNoHurry);
      if (later) return *later;
    }
  }

  Executor executor_{1, 200};
};

TEST_F(BusyExecutor, DoesNotTakeWhatWouldComeTooLate) {
  Queue(100);
  ASSERT_TRUE(Eventually(absl::Seconds(10), [&] { return executor_.queued() <= 60; }));
  Queue(40);  // about a second of work
  EXPECT_TRUE(executor_.Submit([] {}, absl::Now() + absl::Milliseconds(50)));
  EXPECT_FALSE(executor_.Submit([] {}, absl::Now() + absl::Minutes(1)));
}

TEST_F(BusyExecutor, TellsToWaitAsLongAsTheQueueTakes) {
  Queue(100);
  ASSERT_TRUE(Eventually(absl::Seconds(10), [&] { return executor_.queued() <= 50; }));
  const auto short_queue = executor_.Submit([] {}, absl::Now());
  const absl::Duration full_queue = Refusal();
  ASSERT_TRUE(short_queue);
  EXPECT_GT(full_queue, *short_queue * 2);
  EXPECT_GT(full_queue, absl::Seconds(1));
}

}  // namespace
}  // namespace klynge::rpc
