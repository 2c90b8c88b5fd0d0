// What a session promises on both engines, and what only PostgreSQL can get wrong.
#include <gmock/gmock.h>

#include <random>

#include "services/platform/sql/pool.h"
#include "services/platform/sql/postgres_session.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {
namespace {

using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::PostgresServer;
using klynge::testing::StatusIs;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

// The only value of the only row.
Value Single(Session& session, absl::string_view sql, const std::vector<Value>& params = {}) {
  const auto rows = session.Query(sql, params);
  EXPECT_THAT(rows, IsOk()) << sql;
  if (!rows.ok() || rows->size() != 1) return nullptr;
  if ((*rows)[0].IsNull(0)) return nullptr;
  return (*rows)[0].Text(0);
}

class SessionTest : public klynge::testing::EngineTest {
 protected:
  SessionTest() : pool_(url(), 2) {}

  SessionPool::Lease Begin(absl::Time deadline = Soon()) {
    auto lease = pool_.BeginWrite(deadline);
    EXPECT_THAT(lease, IsOk());
    return *std::move(lease);
  }

  SessionPool pool_;
};

KLYNGE_ON_BOTH_ENGINES(SessionTest);

const BulkTable kNotes = {
    "note",
    {{"id", ColumnType::kBigint}, {"text", ColumnType::kText}, {"real", ColumnType::kDouble}},
    ""};
constexpr char kMakeNotes[] =
    "CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT, real DOUBLE PRECISION)";
constexpr char kInsertNote[] = "INSERT INTO note (id, text, real) VALUES (:id, :text, :real)";

// Text of the kinds that databases and array literals have been seen to stumble over.
std::string RandomText(std::mt19937& random) {
  static const auto* const kPieces = new std::vector<std::string>{
      "a",  "Z",    " ",   "\"",   "'",    "''",  "\\", "\\\\", "{",    "}",
      ",",  "NULL", ":id", "::",   "$1",   "?",   "%s", "--",   "/*",   ";",
      "\n", "\r\n", "\t",  "\x01", "\x7f", "æøå", "é",  "漢字", "🙂", "\u202e"};
  std::string text;
  const size_t pieces = random() % 12;
  for (size_t i = 0; i < pieces; ++i) text += (*kPieces)[random() % kPieces->size()];
  return text;
}

std::vector<std::vector<Value>> RandomRows(int64_t first_id, int count) {
  std::mt19937 random(20211201);
  std::vector<std::vector<Value>> rows;
  for (int64_t id = first_id; id < first_id + count; ++id) {
    const double real = std::ldexp(static_cast<double>(random()) / 3.0, int(random() % 200) - 100);
    rows.push_back({id, RandomText(random), real});
    if (random() % 7 == 0) rows.back()[1] = nullptr;
    if (random() % 7 == 0) rows.back()[2] = nullptr;
  }
  rows.push_back({first_id + count, std::string(3'000'000, '\\'), 0.1});
  return rows;
}

TEST_P(SessionTest, StoresInBulkWhatItStoresOneByOne) {
  auto lease = Begin();
  ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
  const auto rows = RandomRows(0, 1500);
  ASSERT_THAT(lease->BulkInsert(kNotes, rows), IsOk());
  const auto others = RandomRows(10'000, 1500);
  for (const auto& row : others) ASSERT_THAT(lease->Execute(kInsertNote, row), IsOk());
  const auto stored = lease->Query("SELECT text, real FROM note ORDER BY id");
  ASSERT_THAT(stored, IsOk());
  ASSERT_EQ(stored->size(), rows.size() + others.size());
  for (size_t i = 0; i < stored->size(); ++i) {
    const Row expected(rows[i % rows.size()]);
    const Row& found = (*stored)[i];
    ASSERT_EQ(found.IsNull(0), expected.IsNull(1));
    ASSERT_EQ(found.Text(0), expected.Text(1));
    ASSERT_EQ(found.IsNull(1), expected.IsNull(2));
    ASSERT_EQ(found.Double(1), expected.Double(2));
  }
}

TEST_P(SessionTest, FindsByTextWhatItStored) {
  auto lease = Begin();
  ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
  const auto rows = RandomRows(0, 300);
  ASSERT_THAT(lease->BulkInsert(kNotes, rows), IsOk());
  for (const auto& row : rows) {
    if (absl::holds_alternative<std::nullptr_t>(row[1])) continue;
    const auto found =
        lease->Query("SELECT id FROM note WHERE text = :text AND id = :id", {row[1], row[0]});
    ASSERT_THAT(found, IsOk());
    ASSERT_EQ(found->size(), 1u);
  }
}

TEST_P(SessionTest, RunsOneStatementWithValuesOfChangingTypes) {
  auto lease = Begin();
  ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
  EXPECT_THAT(lease->Execute(kInsertNote, {int64_t{1}, nullptr, 0.5}), IsOk());
  EXPECT_THAT(lease->Execute(kInsertNote, {int64_t{2}, std::string("b"), nullptr}), IsOk());
  EXPECT_THAT(lease->Execute(kInsertNote, {int64_t{3}, std::string("c"), int64_t{2}}), IsOk());
  EXPECT_EQ(Single(*lease, "SELECT count(real) FROM note"), Value(std::string("2")));
  EXPECT_EQ(Single(*lease, "SELECT count(text) FROM note"), Value(std::string("2")));
}

TEST_P(SessionTest, RefusesARowOfAnotherWidth) {
  auto lease = Begin();
  ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
  EXPECT_EQ(lease->BulkInsert(kNotes, {{int64_t{1}}}).code(), absl::StatusCode::kInternal);
}

TEST_P(SessionTest, AddsUpBigintsExactly) {
  auto lease = Begin();
  ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
  const int64_t big = (int64_t{1} << 60) + 1;
  ASSERT_THAT(lease->BulkInsert(kNotes, {{big, nullptr, nullptr}, {int64_t{2}, nullptr, nullptr}}),
              IsOk());
  const auto rows = lease->Query("SELECT sum(id) FROM note");
  ASSERT_THAT(rows, IsOk());
  EXPECT_EQ((*rows)[0].Int(0), big + 2);
}

TEST_P(SessionTest, RunsMoreStatementsThanItKeeps) {
  auto lease = Begin();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 500; ++i) {
      EXPECT_EQ(Single(*lease, absl::StrCat("SELECT ", i, " + :more"), {int64_t{1}}),
                Value(absl::StrCat(i + 1)));
    }
  }
}

TEST_P(SessionTest, StopsAStatementAtTheDeadlineAndIsUsedAgain) {
  constexpr char kEndless[] =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  {
    auto lease = Begin(absl::Now() + absl::Milliseconds(200));
    EXPECT_THAT(lease->Query(kEndless),
                StatusIs(absl::StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT"));
    EXPECT_TRUE(lease->healthy());
  }
  EXPECT_EQ(Single(*Begin(), "SELECT 1"), Value(std::string("1")));
  EXPECT_EQ(pool_.stats().connects, 1);
}

TEST_P(SessionTest, WaitsForAnotherWriterNoLongerThanTheDeadline) {
  {
    auto lease = Begin();
    ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
    ASSERT_THAT(lease->Execute("INSERT INTO note (id) VALUES (1)"), IsOk());
    ASSERT_THAT(lease.Commit(), IsOk());
  }
  constexpr char kTouch[] = "UPDATE note SET text = 'x'";
  auto first = Begin();
  ASSERT_THAT(first->Execute(kTouch), IsOk());
  auto second = pool_.BeginWrite(absl::Now() + absl::Milliseconds(300));
  const absl::Status waited = second.ok() ? (*second)->Execute(kTouch) : second.status();
  EXPECT_TRUE(ReasonOf(waited) == "DATABASE_BUSY" || ReasonOf(waited) == "STATEMENT_TIMEOUT")
      << waited;
}

TEST_P(SessionTest, LeavesNothingOfATransactionThatWasNotCommitted) {
  {
    auto lease = Begin();
    ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
  }
  EXPECT_THAT(Begin()->Execute(kMakeNotes), IsOk());
}

TEST_P(SessionTest, ReadsWithoutWriting) {
  auto lease = pool_.BeginRead(Soon());
  ASSERT_THAT(lease, IsOk());
  if (GetParam() == Engine::kPostgres) {
    EXPECT_THAT((*lease)->Execute(kMakeNotes),
                IsRetryable(absl::StatusCode::kUnavailable, "DATABASE_READ_ONLY"));
  } else {
    EXPECT_EQ(Single(**lease, "SELECT 1"), Value(std::string("1")));
  }
}

TEST_P(SessionTest, KeepsDurabilityAsPromised) {
  auto lease = Begin();
  if (GetParam() == Engine::kSqlite) {
    EXPECT_EQ(Single(*lease, "PRAGMA journal_mode"), Value(std::string("wal")));
    EXPECT_EQ(Single(*lease, "PRAGMA synchronous"), Value(std::string("2")));  // FULL
  } else {
    EXPECT_EQ(Single(*lease, "SHOW synchronous_commit"), Value(std::string("on")));
  }
}

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

TEST_P(SessionTest, SaysAtTheCommitWhatWentWrongAheadOfIt) {
  {
    auto lease = Begin();
    ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
    ASSERT_THAT(lease.Commit(), IsOk());
  }
  const BulkTable notes{"note", {{"id", ColumnType::kBigint}, {"text", ColumnType::kText}}, ""};
  const auto write = [&](const std::vector<std::vector<Value>>& rows) {
    auto lease = Begin();
    lease->StartSendingAhead();
    absl::Status status = lease->BulkInsert(notes, rows);
    if (status.ok()) status = lease->Execute("UPDATE note SET text = 'seen' WHERE id = 1");
    return status.ok() ? lease.Commit() : status;
  };
  EXPECT_THAT(write({{int64_t{1}, "a"}, {int64_t{2}, nullptr}}), IsOk());
  EXPECT_THAT(write({{int64_t{3}, "b"}, {int64_t{2}, "again"}}),
              StatusIs(absl::StatusCode::kAlreadyExists, "DUPLICATE"));
  EXPECT_THAT(write({{int64_t{3}, "b"}}), IsOk());
  EXPECT_EQ(Single(*Begin(), "SELECT count(*) FROM note"), Value(std::string("3")));
  EXPECT_EQ(Single(*Begin(), "SELECT text FROM note WHERE id = 1"), Value(std::string("seen")));
  EXPECT_EQ(pool_.stats().connects, 1);
}

TEST_P(SessionTest, HearsWhatWasSentAheadBeforeItAsks) {
  auto lease = Begin();
  ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
  lease->StartSendingAhead();
  ASSERT_THAT(lease->Execute("INSERT INTO note (id) VALUES (:id)", {int64_t{1}}), IsOk());
  EXPECT_EQ(Single(*lease, "SELECT count(*) FROM note"), Value(std::string("1")));
  ASSERT_THAT(lease->Execute("INSERT INTO note (id) VALUES (:id)", {int64_t{2}}), IsOk());
  EXPECT_THAT(lease.Commit(), IsOk());
  EXPECT_EQ(Single(*Begin(), "SELECT count(*) FROM note"), Value(std::string("2")));
}

TEST_P(SessionTest, LeavesNothingOfWhatItSentAheadAndRolledBack) {
  {
    auto lease = Begin();
    ASSERT_THAT(lease->Execute(kMakeNotes), IsOk());
    ASSERT_THAT(lease.Commit(), IsOk());
  }
  {
    auto lease = Begin();
    lease->StartSendingAhead();
    ASSERT_THAT(lease->Execute("INSERT INTO note (id) VALUES (:id)", {int64_t{1}}), IsOk());
  }
  EXPECT_EQ(Single(*Begin(), "SELECT count(*) FROM note"), Value(std::string("0")));
  EXPECT_EQ(pool_.stats().connects, 1);
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
