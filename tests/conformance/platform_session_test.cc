// What a session promises on both engines.
#include "tests/conformance/platform_session_test.h"

#include <gmock/gmock.h>

#include <random>

#include "services/platform/sql/pool.h"
#include "tests/support/engines.h"

namespace klynge::sql {
namespace {

using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::StatusIs;

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

}  // namespace
}  // namespace klynge::sql
