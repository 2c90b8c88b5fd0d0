#include "services/platform/sql/database_error.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "services/platform/sql/postgres_session.h"
#include "services/platform/sql/statement_cache.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {
namespace {

using absl::StatusCode;
using klynge::testing::IsRetryable;
using klynge::testing::StatusIs;

struct Meaning {
  StatusCode code;
  std::string reason;
  bool retryable = false;
};

void ExpectMeaning(const absl::Status& status, const Meaning& meaning, const std::string& what) {
  EXPECT_THAT(status, StatusIs(meaning.code, meaning.reason)) << what;
  EXPECT_EQ(status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value(),
            meaning.retryable)
      << what;
}

TEST(DatabaseError, GivesEverySqlStateItsMeaning) {
  const Meaning lost = {StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", true};
  const Meaning again = {StatusCode::kAborted, "SERIALIZATION_FAILURE", true};
  const Meaning broken = {StatusCode::kFailedPrecondition, "CONSTRAINT"};
  const Meaning full = {StatusCode::kResourceExhausted, "DATABASE_FULL", true};
  const Meaning unexpected = {StatusCode::kInternal, "DATABASE_ERROR"};
  const std::vector<std::pair<std::string, Meaning>> table = {
      {"", lost},
      {"08000", lost},
      {"08001", lost},
      {"08003", lost},
      {"08006", lost},
      {"40001", again},
      {"40P01", again},
      {"57P01", lost},
      {"57P02", lost},
      {"57P03", lost},
      {"57P04", lost},
      {"57P05", lost},
      {"25P03", lost},
      {"25P04", lost},
      {"58030", lost},
      {"58P01", lost},
      {"53300", lost},
      {"53000", full},
      {"53100", full},
      {"53200", full},
      {"53400", full},
      {"23000", broken},
      {"23001", broken},
      {"23502", broken},
      {"23503", broken},
      {"23514", broken},
      {"23P01", broken},
      {"23505", {StatusCode::kAlreadyExists, "DUPLICATE"}},
      {"57014", {StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT"}},
      {"55P03", {StatusCode::kUnavailable, "DATABASE_BUSY", true}},
      {"25006", {StatusCode::kUnavailable, "DATABASE_READ_ONLY", true}},
      {"XX001", {StatusCode::kDataLoss, "DATABASE_CORRUPT"}},
      {"XX002", {StatusCode::kDataLoss, "DATABASE_CORRUPT"}},
      {"XX000", unexpected},
      {"42601", unexpected},
      {"42P01", unexpected},
      {"42703", unexpected},
      {"22001", unexpected},
      {"22P02", unexpected},
      {"0A000", unexpected},
      {"25P02", unexpected},
      {"28P01", unexpected},
      {"54000", unexpected},
      {"ZZZZZ", unexpected}};
  for (const auto& [state, meaning] : table) ExpectMeaning(FromSqlState(state), meaning, state);
}

TEST(DatabaseError, KnowsWhichErrorsEndAConnection) {
  for (const char* const state :
       {"", "08006", "57P01", "57P02", "57P03", "57P05", "25006", "25P03", "25P04"}) {
    EXPECT_TRUE(EndsConnection(state)) << state;
  }
  for (const char* const state : {"23505", "40001", "57014", "53300", "42P01", "25P02", "55P03"}) {
    EXPECT_FALSE(EndsConnection(state)) << state;
  }
}

TEST(DatabaseError, GivesEverySqliteCodeItsMeaning) {
  const Meaning busy = {StatusCode::kUnavailable, "DATABASE_BUSY", true};
  const Meaning full = {StatusCode::kResourceExhausted, "DATABASE_FULL", true};
  const Meaning read_only = {StatusCode::kUnavailable, "DATABASE_READ_ONLY", true};
  const Meaning corrupt = {StatusCode::kDataLoss, "DATABASE_CORRUPT"};
  const Meaning broken = {StatusCode::kFailedPrecondition, "CONSTRAINT"};
  const Meaning duplicate = {StatusCode::kAlreadyExists, "DUPLICATE"};
  const Meaning unexpected = {StatusCode::kInternal, "DATABASE_ERROR"};
  const std::vector<std::pair<int, Meaning>> table = {
      {SQLITE_BUSY, busy},
      {SQLITE_BUSY_SNAPSHOT, busy},
      {SQLITE_LOCKED, busy},
      {SQLITE_PROTOCOL, busy},
      {SQLITE_FULL, full},
      {SQLITE_IOERR, full},
      {SQLITE_IOERR_WRITE, full},
      {SQLITE_IOERR_SHMSIZE, full},
      {SQLITE_NOMEM, full},
      {SQLITE_READONLY, read_only},
      {SQLITE_READONLY_DBMOVED, read_only},
      {SQLITE_CANTOPEN, {StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", true}},
      {SQLITE_CORRUPT, corrupt},
      {SQLITE_CORRUPT_INDEX, corrupt},
      {SQLITE_NOTADB, corrupt},
      {SQLITE_INTERRUPT, {StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT"}},
      {SQLITE_CONSTRAINT_UNIQUE, duplicate},
      {SQLITE_CONSTRAINT_PRIMARYKEY, duplicate},
      {SQLITE_CONSTRAINT_ROWID, duplicate},
      {SQLITE_CONSTRAINT_NOTNULL, broken},
      {SQLITE_CONSTRAINT_FOREIGNKEY, broken},
      {SQLITE_CONSTRAINT_CHECK, broken},
      {SQLITE_ERROR, unexpected},
      {SQLITE_MISUSE, unexpected},
      {SQLITE_TOOBIG, unexpected}};
  for (const auto& [code, meaning] : table) {
    ExpectMeaning(FromSqliteCode(code), meaning, absl::StrCat(code));
  }
}

TEST(DatabaseError, SaysWhenToTryAgainWhenTheDatabaseIsAway) {
  EXPECT_THAT(DatabaseUnreachable("asleep"),
              IsRetryable(StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_THAT(SchemaChanged(), IsRetryable(StatusCode::kUnavailable, "SCHEMA_CHANGED"));
}

TEST(NumberPlaceholders, CountsThemOutsideQuotesOnly) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"SELECT 1", "SELECT 1"},
      {"x = :a AND y = :b_2", "x = $1 AND y = $2"},
      {"(:a0, :a1):b", "($1, $2)$3"},
      {"x::text = :a", "x::text = $1"},
      {"':a' = :a", "':a' = $1"},
      {"\"c:d\" = :a", "\"c:d\" = $1"},
      {"'it''s :a', :b", "'it''s :a', $1"},
      {"a[1:2] + :n", "a[1:2] + $1"},
      {":a", "$1"}};
  for (const auto& [given, expected] : table) EXPECT_EQ(NumberPlaceholders(given), expected);
}

TEST(WorthPreparing, IsWhatComesAgain) {
  for (const char* const sql : {"SELECT 1", " select 1", "\nINSERT INTO a VALUES (1)",
                                "UPDATE a SET b = 1", "DELETE FROM a", "WITH a AS (SELECT 1) "}) {
    EXPECT_TRUE(WorthPreparing(sql)) << sql;
  }
  for (const char* const sql : {"BEGIN", "COMMIT", "SET LOCAL a = 1", "SAVEPOINT a", "",
                                "CREATE TABLE a (b TEXT)", "RELEASE SAVEPOINT a"}) {
    EXPECT_FALSE(WorthPreparing(sql)) << sql;
  }
}

TEST(StatementCache, LetsTheLeastRecentlyUsedGo) {
  StatementCache<int> cache(2);
  EXPECT_EQ(cache.MakeRoom(), absl::nullopt);
  cache.Add("a", 1);
  cache.Add("b", 2);
  EXPECT_EQ(*cache.Find("a"), 1);
  EXPECT_EQ(cache.MakeRoom(), 2);
  cache.Add("c", 3);
  EXPECT_EQ(cache.Find("b"), nullptr);
  EXPECT_EQ(*cache.Find("a"), 1);
  EXPECT_EQ(*cache.Find("c"), 3);
  EXPECT_EQ(cache.size(), 2u);
}

TEST(StatementCache, ForgetsWhatItIsTold) {
  StatementCache<int> cache(2);
  cache.Add("a", 1);
  cache.Add("b", 2);
  cache.Remove("a");
  cache.Remove("never there");
  EXPECT_EQ(cache.Find("a"), nullptr);
  cache.Clear();
  EXPECT_EQ(cache.size(), 0u);
}

}  // namespace
}  // namespace klynge::sql
