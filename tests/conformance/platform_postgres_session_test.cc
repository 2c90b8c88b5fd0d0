// What only PostgreSQL can get wrong in a session.
#include <gmock/gmock.h>

#include "services/platform/sql/postgres_session.h"
#include "tests/conformance/platform_session_test.h"
#include "tests/support/processes.h"

namespace klynge::sql {
namespace {

using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::PostgresServer;
using klynge::testing::StatusIs;

class PostgresSessionTest : public ::testing::Test {
 protected:
  PostgresSessionTest() : url_(PostgresServer::Shared().NewDatabase()) {}
  std::unique_ptr<Session> Open() {
    auto session = OpenPostgresSession(url_, Soon());
    EXPECT_THAT(session, IsOk());
    return *std::move(session);
  }
  static void Begin(Session& session, absl::Time deadline = Soon()) {
    ASSERT_THAT(session.Begin(Access::kWrite, deadline), IsOk());
  }

  const std::string url_;
};

TEST_F(PostgresSessionTest, PreparesAStatementOnce) {
  auto session = Open();
  Begin(*session);
  for (int i = 0; i < 10; ++i) Single(*session, "SELECT CAST(:n AS BIGINT)", {int64_t{i}});
  EXPECT_EQ(Single(*session,
                   "SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements "
                   "WHERE statement LIKE 'SELECT CAST%'"),
            Value(std::string("10")));
}

TEST_F(PostgresSessionTest, LetsGoOfStatementsNotUsedForLong) {
  auto session = Open();
  Begin(*session);
  for (int i = 0; i < 500; ++i) Single(*session, absl::StrCat("SELECT ", i));
  const auto kept = session->Query("SELECT count(*) FROM pg_prepared_statements");
  ASSERT_THAT(kept, IsOk());
  EXPECT_LE((*kept)[0].Int(0), 200);
  EXPECT_GE((*kept)[0].Int(0), 100);
}

TEST_F(PostgresSessionTest, SendsUtilityStatementsAsTheyAre) {
  auto session = Open();
  Begin(*session);
  for (const char* const sql :
       {"SAVEPOINT a", "CREATE TABLE a (x BIGINT)", "ROLLBACK TO SAVEPOINT a", "SET a.b = 'c'"}) {
    EXPECT_THAT(session->Execute(sql), IsOk());
  }
  EXPECT_EQ(Single(*session,
                   "SELECT count(*) FROM pg_prepared_statements "
                   "WHERE statement NOT LIKE '%pg_prepared_statements%'"),
            Value(std::string("0")));
}

TEST_F(PostgresSessionTest, PreparesAnewWhenTheSchemaChanged) {
  auto session = Open();
  auto other = Open();
  ASSERT_THAT(other->Execute("CREATE TABLE a (x INT)"), IsOk());
  const auto read = [&] { return session->Query("SELECT x FROM a"); };
  Begin(*session);
  ASSERT_THAT(read(), IsOk());
  session->Rollback();
  ASSERT_THAT(other->Execute("ALTER TABLE a ALTER COLUMN x TYPE TEXT"), IsOk());
  Begin(*session);
  EXPECT_THAT(read(), IsRetryable(absl::StatusCode::kUnavailable, "SCHEMA_CHANGED"));
  session->Rollback();
  Begin(*session);
  EXPECT_THAT(read(), IsOk());
}

TEST_F(PostgresSessionTest, PreparesAnewWhatTheServerHasForgotten) {
  auto session = Open();
  Begin(*session);
  Single(*session, "SELECT 1");
  session->Rollback();
  ASSERT_THAT(session->Execute("DISCARD ALL"), IsOk());
  Begin(*session);
  EXPECT_THAT(session->Query("SELECT 1"),
              IsRetryable(absl::StatusCode::kUnavailable, "SCHEMA_CHANGED"));
  session->Rollback();
  Begin(*session);
  EXPECT_THAT(session->Query("SELECT 1"), IsOk());
}

TEST_F(PostgresSessionTest, NeverCallsACommitDoneThatRolledBack) {
  auto session = Open();
  Begin(*session);
  session->Execute("SELECT * FROM nowhere").IgnoreError();
  EXPECT_THAT(session->Commit(), StatusIs(absl::StatusCode::kInternal, "DATABASE_ERROR"));
}

TEST_F(PostgresSessionTest, RefusesABulkValueOfAnotherType) {
  auto session = Open();
  Begin(*session);
  ASSERT_THAT(session->Execute("CREATE TABLE a (x BIGINT)"), IsOk());
  EXPECT_THAT(session->BulkInsert({"a", {{"x", ColumnType::kBigint}}, ""}, {{"text"}}),
              StatusIs(absl::StatusCode::kInternal, ""));
  EXPECT_THAT(session->BulkInsert({"a", {{"x", ColumnType::kBigint}}, ""}, {{int64_t{1}}}), IsOk());
}

TEST_F(PostgresSessionTest, RaisesADurabilityThatWasLoweredAndKeepsAHigherOne) {
  auto admin = Open();
  const auto shown_after = [&](absl::string_view setting) {
    EXPECT_THAT(
        admin->Execute(absl::StrCat("ALTER ROLE klynge SET synchronous_commit = ", setting)),
        IsOk());
    auto session = Open();
    return Single(*session, "SHOW synchronous_commit");
  };
  EXPECT_EQ(shown_after("off"), Value(std::string("on")));
  EXPECT_EQ(shown_after("remote_apply"), Value(std::string("remote_apply")));
  EXPECT_THAT(admin->Execute("ALTER ROLE klynge RESET synchronous_commit"), IsOk());
}

TEST_F(PostgresSessionTest, DoesNotBeginWhatCannotEndInTime) {
  auto session = Open();
  Begin(*session, absl::Now() + absl::Milliseconds(50));
  ASSERT_THAT(session->Execute("CREATE TABLE late (x BIGINT)"), IsOk());
  absl::SleepFor(absl::Milliseconds(400));
  EXPECT_THAT(session->Commit(),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT"));
  session->Rollback();
  EXPECT_TRUE(session->healthy());
  Begin(*session);
  EXPECT_EQ(Single(*session, "SELECT count(*) FROM pg_class WHERE relname = 'late'"),
            Value(std::string("0")));
}

TEST_F(PostgresSessionTest, LetsTheServerEndATransactionWhoseClientIsGone) {
  EXPECT_EQ(Single(*Open(), "SHOW idle_in_transaction_session_timeout"),
            Value(std::string("1min")));
}

TEST_F(PostgresSessionTest, LeavesAPausedServerAtTheDeadline) {
  auto session = Open();
  Begin(*session, absl::Now() + absl::Milliseconds(500));
  PostgresServer::Shared().Pause();
  const auto answer = session->Query("SELECT 1");
  session->Rollback();  // must not wait either
  auto opened = OpenPostgresSession(url_, absl::Now() + absl::Milliseconds(300));
  PostgresServer::Shared().Resume();
  EXPECT_THAT(answer, StatusIs(absl::StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT"));
  EXPECT_FALSE(session->healthy());
  EXPECT_THAT(opened, StatusIs(absl::StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT"));
}

TEST_F(PostgresSessionTest, GivesUpConnectingByItselfWhenNobodyAnswers) {
  PostgresServer::Shared().Pause();
  auto opened = OpenPostgresSession(url_, absl::InfiniteFuture());
  PostgresServer::Shared().Resume();
  EXPECT_THAT(opened, IsRetryable(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
}

TEST_F(PostgresSessionTest, IsOfNoMoreUseOnceTheServerEndedIt) {
  auto session = Open();
  PostgresServer::Shared().TerminateBackends();
  EXPECT_THAT(session->Begin(Access::kRead, Soon()),
              IsRetryable(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_FALSE(session->healthy());
}

TEST_F(PostgresSessionTest, SaysThatAServerRefusesWithoutSayingWhere) {
  const auto refused = OpenPostgresSession(
      absl::StrCat("postgresql://klynge@127.0.0.1:", klynge::testing::FreePort(), "/test"), Soon());
  EXPECT_THAT(refused, IsRetryable(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_THAT(std::string(refused.status().message()), ::testing::Not(::testing::HasSubstr("127")));
}

}  // namespace
}  // namespace klynge::sql
