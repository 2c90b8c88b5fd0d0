#include <absl/synchronization/notification.h>
#include <gmock/gmock.h>

#include <thread>

#include "services/platform/sql/pool.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {
namespace {

using klynge::testing::Eventually;
using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::PostgresServer;
using klynge::testing::StatusIs;
using ::testing::ElementsAre;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

class PoolTest : public klynge::testing::EngineTest {
 protected:
  static SessionPool::Lease Lease(SessionPool& pool) {
    auto lease = pool.BeginRead(Soon());
    EXPECT_THAT(lease, IsOk());
    return *std::move(lease);
  }
};

KLYNGE_ON_BOTH_ENGINES(PoolTest);

TEST_P(PoolTest, UsesASessionAgain) {
  SessionPool pool(url(), 3);
  for (int i = 0; i < 5; ++i) Lease(pool);
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.size, 3);
  EXPECT_EQ(stats.leases, 5);
  EXPECT_EQ(stats.connects, 1);
  EXPECT_EQ(stats.idle, 1);
  EXPECT_EQ(stats.leased, 0);
}

TEST_P(PoolTest, GivesNoMoreSessionsThanItsSizeAndWaitsUntilTheDeadline) {
  SessionPool pool(url(), 2);
  auto first = Lease(pool);
  auto second = Lease(pool);
  EXPECT_THAT(pool.BeginRead(absl::Now() + absl::Milliseconds(50)),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "DATABASE_POOL_BUSY"));
  EXPECT_EQ(pool.stats().leased, 2);
  EXPECT_EQ(pool.stats().gave_up_waiting, 1);
  EXPECT_GT(pool.stats().seconds_waited, 0.04);
}

TEST_P(PoolTest, ServesCallersInTheOrderInWhichTheyAsked) {
  SessionPool pool(url(), 1);
  std::vector<int> served;
  std::vector<std::thread> callers;
  {
    auto taken = Lease(pool);
    for (int i = 0; i < 5; ++i) {
      callers.emplace_back([&pool, &served, i] {
        auto lease = Lease(pool);
        served.push_back(i);  // one at a time: there is one session
      });
      EXPECT_TRUE(Eventually(absl::Seconds(10), [&] { return pool.stats().waiting == i + 1; }));
    }
  }
  for (auto& caller : callers) caller.join();
  EXPECT_THAT(served, ElementsAre(0, 1, 2, 3, 4));
}

TEST_P(PoolTest, PassesOverACallerThatGaveUp) {
  SessionPool pool(url(), 1);
  std::thread patient;
  {
    auto taken = Lease(pool);
    EXPECT_THAT(pool.BeginRead(absl::Now() + absl::Milliseconds(20)),
                StatusIs(absl::StatusCode::kDeadlineExceeded, "DATABASE_POOL_BUSY"));
    patient = std::thread([&] { Lease(pool); });
    EXPECT_TRUE(Eventually(absl::Seconds(10), [&] { return pool.stats().waiting == 1; }));
  }
  patient.join();
  EXPECT_EQ(pool.stats().leased, 0);
}

TEST_P(PoolTest, ClosesWhatNobodyNeeded) {
  SessionPool pool(url(), 3, absl::Milliseconds(100));
  {
    auto first = Lease(pool);
    auto second = Lease(pool);
    auto third = Lease(pool);
  }
  EXPECT_EQ(pool.stats().idle, 3);
  EXPECT_TRUE(Eventually(absl::Seconds(10), [&] {
    Lease(pool);
    return pool.stats().idle == 1;
  }));
}

class PostgresPoolTest : public ::testing::Test {
 protected:
  PostgresPoolTest()
      : server_(PostgresServer::Durability::kNone), pool_(server_.NewDatabase(), 4) {}

  // Connects as many sessions as the pool may have.
  void Fill() {
    std::vector<SessionPool::Lease> leases;
    for (int i = 0; i < pool_.stats().size; ++i) {
      auto lease = pool_.BeginRead(Soon());
      ASSERT_THAT(lease, IsOk());
      leases.push_back(*std::move(lease));
    }
  }

  PostgresServer server_;
  SessionPool pool_;
};

TEST_F(PostgresPoolTest, ReplacesEverySessionThatDiedWithTheServerUnnoticed) {
  Fill();
  server_.Restart();
  Fill();
  EXPECT_EQ(pool_.stats().connects, 8);
  EXPECT_EQ(pool_.stats().idle, 4);
}

TEST_F(PostgresPoolTest, ReplacesEverySessionThatWasTerminatedUnnoticed) {
  Fill();
  EXPECT_EQ(server_.TerminateBackends(), 4);
  Fill();
  EXPECT_EQ(pool_.stats().connects, 8);
}

TEST_F(PostgresPoolTest, WaitsNoLongerThanTheDeadlineForAPausedServer) {
  Fill();
  server_.Pause();
  const absl::Time asked = absl::Now();
  const auto idle = pool_.BeginRead(asked + absl::Milliseconds(300));
  const absl::Duration waited = absl::Now() - asked;
  server_.Resume();
  EXPECT_THAT(idle, StatusIs(absl::StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT"));
  EXPECT_LT(waited, absl::Seconds(5));
  Fill();
}

TEST(PostgresPool, KeepsEveryCallersDeadlineWhileTheServerIsPaused) {
  PostgresServer server(PostgresServer::Durability::kNone);
  SessionPool pool(server.NewDatabase(), 2);
  { EXPECT_THAT(pool.BeginRead(Soon()), IsOk()); }
  server.Pause();
  const absl::Time begin = absl::Now();
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back(
        [&] { EXPECT_FALSE(pool.BeginRead(absl::Now() + absl::Milliseconds(500)).ok()); });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  server.Resume();
  EXPECT_TRUE(Eventually(absl::Seconds(20), [&] { return pool.BeginRead(Soon()).ok(); }));
  EXPECT_EQ(pool.stats().leased, 0);
}

TEST(PostgresPool, TellsOthersAtOnceWhileOneTriesToConnect) {
  PostgresServer server(PostgresServer::Durability::kNone);
  SessionPool pool(server.NewDatabase(), 20);
  server.Pause();
  // The first finds out; it takes the whole connect timeout.
  EXPECT_THAT(pool.BeginRead(Soon()),
              IsRetryable(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_FALSE(pool.stats().reachable);
  const absl::Time begin = absl::Now();
  std::vector<std::thread> callers;
  for (int i = 0; i < 20; ++i) {
    callers.emplace_back([&] {
      EXPECT_THAT(pool.BeginRead(Soon()),
                  IsRetryable(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_LE(pool.stats().failed_connects, 2);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
  server.Resume();
  EXPECT_TRUE(Eventually(absl::Seconds(20), [&] { return pool.BeginRead(Soon()).ok(); }));
  EXPECT_TRUE(pool.stats().reachable);
}

TEST(PostgresPool, DoesNotCallADatabaseAwayBecauseOneCallerHadNoTime) {
  PostgresServer server(PostgresServer::Durability::kNone);
  SessionPool pool(server.NewDatabase(), 2);
  EXPECT_EQ(pool.BeginRead(absl::Now() - absl::Seconds(1)).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(pool.stats().reachable);
  EXPECT_THAT(pool.BeginRead(Soon()), IsOk());
}

}  // namespace
}  // namespace klynge::sql
