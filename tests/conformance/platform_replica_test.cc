#include <gmock/gmock.h>

#include "services/platform/sql/replica_reader.h"
#include "services/platform/sql/revisioned.h"
#include "tests/support/processes.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {
namespace {

using klynge::testing::Eventually;
using klynge::testing::IsOk;
using klynge::testing::PostgresServer;
using klynge::testing::StatusIs;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

// A primary and a real streaming standby of it.
class ReplicaReaderTest : public ::testing::Test {
 protected:
  ReplicaReaderTest()
      : primary_server_(PostgresServer::Durability::kNone),
        url_(primary_server_.NewDatabase()),
        primary_(url_, 2),
        standby_(PrepareThenFollow()),
        reader_(primary_, standby_.UrlHere(url_), 2) {}

  PostgresServer::StandbyOf PrepareThenFollow() {
    OnPrimary("CREATE TABLE klynge_revision (revision BIGINT NOT NULL)");
    OnPrimary("INSERT INTO klynge_revision (revision) VALUES (1)");
    return {primary_server_};
  }

  void OnPrimary(const std::string& sql) {
    auto lease = primary_.BeginWrite(Soon());
    ASSERT_THAT(lease, IsOk());
    ASSERT_THAT((*lease)->Execute(sql), IsOk());
    ASSERT_THAT(lease->Commit(), IsOk());
  }
  void OnStandby(const std::string& sql) {
    SessionPool pool(standby_.UrlHere(url_), 1);
    auto lease = pool.BeginRead(Soon());
    ASSERT_THAT(lease, IsOk());
    ASSERT_THAT((*lease)->Execute(sql), IsOk());
  }
  void Write(int64_t revision) {
    OnPrimary(absl::StrCat("UPDATE klynge_revision SET revision = ", revision));
  }

  // The revision that a read which asks for `min_revision` sees.
  int64_t Read(int64_t min_revision) {
    int64_t seen = -1;
    EXPECT_THAT(reader_.Read(Soon(), min_revision,
                             [&](Session& session) -> absl::Status {
                               KLYNGE_ASSIGN_OR_RETURN(
                                   const auto rows,
                                   session.Query("SELECT revision FROM klynge_revision"));
                               seen = rows[0].Int(0);
                               return absl::OkStatus();
                             }),
                IsOk());
    return seen;
  }
  bool CatchesUp(int64_t revision) {
    return Eventually(absl::Seconds(20), [&] {
      const int64_t served = reader_.stats().served;
      Read(revision);
      return reader_.stats().served > served;
    });
  }

  PostgresServer primary_server_;
  const std::string url_;
  SessionPool primary_;
  PostgresServer standby_;
  ReplicaReader reader_;
};

TEST_F(ReplicaReaderTest, ReadsFromTheReplicaOnceItHasTheRevision) {
  Write(2);
  EXPECT_TRUE(CatchesUp(2));
  EXPECT_EQ(reader_.stats().failed, 0);
}

TEST_F(ReplicaReaderTest, NeverShowsLessThanWasAskedForWhileTheReplicaIsBehind) {
  ASSERT_TRUE(CatchesUp(1));
  OnStandby("SELECT pg_wal_replay_pause()");
  Write(2);
  EXPECT_EQ(Read(2), 2);
  EXPECT_EQ(Read(0), 1);  // nobody asked for more
  EXPECT_GE(reader_.stats().behind, 1);
  OnStandby("SELECT pg_wal_replay_resume()");
  EXPECT_TRUE(CatchesUp(2));
}

TEST_F(ReplicaReaderTest, ReadsFromThePrimaryWhenTheReplicaIsLostAndReturnsToIt) {
  ASSERT_TRUE(CatchesUp(1));
  standby_.Stop();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Read(1), 1);
  EXPECT_GE(reader_.stats().failed, 1);
  EXPECT_LT(reader_.stats().failed, 10);  // it is left alone for a while
  standby_.Start();
  EXPECT_TRUE(CatchesUp(1));
}

TEST_F(ReplicaReaderTest, ReadsFromThePrimaryInTimeWhenTheReplicaDoesNotAnswer) {
  ASSERT_TRUE(CatchesUp(1));
  standby_.Pause();
  EXPECT_THAT(
      reader_.Read(absl::Now() + absl::Seconds(2), 1, [](Session&) { return absl::OkStatus(); }),
      IsOk());
  standby_.Resume();
  EXPECT_EQ(reader_.stats().failed, 1);
}

TEST_F(ReplicaReaderTest, GivesBackWhatTheBodySaid) {
  ASSERT_TRUE(CatchesUp(1));
  EXPECT_THAT(reader_.Read(Soon(), 1,
                           [](Session&) {
                             return MakeStatus(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND", "");
                           }),
              StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
  EXPECT_EQ(reader_.stats().failed, 0);
}

TEST_F(ReplicaReaderTest, ReadsFromThePrimaryWithoutAReplica) {
  ReplicaReader none(primary_, "", 2);
  EXPECT_THAT(none.Read(Soon(), 1, [](Session&) { return absl::OkStatus(); }), IsOk());
  EXPECT_EQ(none.stats().served, 0);
}

// The whole way: a model is loaded from the replica, and never older than a revision that was told.
TEST(Replica, FeedsAModelWithoutEverTurningItBack) {
  PostgresServer primary(PostgresServer::Durability::kNone);
  const std::string url = primary.NewDatabase();
  SystemClock clock;
  const std::vector<Migration> schema = {{1, "things", "CREATE TABLE thing (id BIGINT);\n"}};
  ASSERT_THAT(Database::Open({.url = url}, schema, &clock), IsOk());
  PostgresServer standby(PostgresServer::StandbyOf{primary});
  auto database = Database::Open({.url = url, .replica_url = standby.UrlHere(url)}, schema, &clock);
  ASSERT_THAT(database, IsOk());
  Revisioned<int64_t> count(**database,
                            [](Session& session, std::shared_ptr<const int64_t>,
                               int64_t) -> absl::StatusOr<std::shared_ptr<const int64_t>> {
                              KLYNGE_ASSIGN_OR_RETURN(const auto rows,
                                                      session.Query("SELECT count(*) FROM thing"));
                              return std::make_shared<const int64_t>(rows[0].Int(0));
                            });
  for (int64_t i = 1; i <= 50; ++i) {
    const auto revision = (*database)->Write({}, [&](WriteTransaction& transaction) {
      return transaction.Execute("INSERT INTO thing (id) VALUES (:id)", {i});
    });
    ASSERT_THAT(revision, IsOk());
    const auto seen = count.AtLeast(*revision, Soon());
    ASSERT_THAT(seen, IsOk());
    EXPECT_EQ(*seen->model, i);
  }
  const ReplicaStats stats = (*database)->replica_stats();
  EXPECT_EQ(stats.failed, 0);
  EXPECT_GE(stats.served + stats.behind, 50);
}

}  // namespace
}  // namespace klynge::sql
