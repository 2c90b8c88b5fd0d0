// Writes that are committed together, on SQLite and PostgreSQL.
#include "tests/conformance/platform_writer_test.h"

#include <gmock/gmock.h>

#include <future>
#include <stdexcept>

namespace klynge::sql {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

KLYNGE_ON_BOTH_ENGINES(WriterTest);

TEST_P(WriterTest, CommitsWhatWaitsInOneTransaction) {
  const int64_t before = database_->writer().stats().commits;
  const auto outcomes = Together({Insert("a"), Insert("b"), Execute("c"), Insert("d")});
  EXPECT_EQ(database_->writer().stats().commits, before + 1);
  EXPECT_THAT(Things(), UnorderedElementsAre("a=1", "b=1", "c=1", "d=1"));
  for (size_t i = 0; i < outcomes.size(); ++i) EXPECT_EQ(*outcomes[i], i + 1);
  EXPECT_EQ(*database_->Revision(Soon()), 4);
}

TEST_P(WriterTest, TellsOfTheNewestRevisionOfATransactionOnce) {
  std::vector<int64_t> told;
  database_->OnCommit([&](int64_t revision) { told.push_back(revision); });
  Together({Insert("a"), ThenFail(Insert("b")), Insert("c")});
  EXPECT_THAT(told, ElementsAre(2));
}

TEST_P(WriterTest, UndoesOnlyTheWriteThatFails) {
  const auto outcomes =
      Together({Insert("a"), ThenFail(Insert("b")), ThenFail(Execute("c")), Insert("d")});
  EXPECT_EQ(*outcomes[0], 1);
  EXPECT_THAT(outcomes[1], StatusIs(absl::StatusCode::kFailedPrecondition, ""));
  EXPECT_THAT(outcomes[2], StatusIs(absl::StatusCode::kFailedPrecondition, ""));
  EXPECT_EQ(*outcomes[3], 2);
  EXPECT_THAT(Things(), UnorderedElementsAre("a=1", "d=1"));
}

TEST_P(WriterTest, GivesAnErrorOfTheCommonInsertToTheWriteThatCausedIt) {
  ASSERT_THAT(database_->Write(Context(), Insert("b")), IsOk());
  const auto outcomes = Together({Insert("a"), Insert("b", 2), Insert("c")});
  EXPECT_THAT(outcomes[0], IsOk());
  EXPECT_THAT(outcomes[1], StatusIs(absl::StatusCode::kAlreadyExists, "DUPLICATE"));
  EXPECT_THAT(outcomes[2], IsOk());
  EXPECT_THAT(Things(), UnorderedElementsAre("a=1", "b=1", "c=1"));
  EXPECT_EQ(*database_->Revision(Soon()), 3);
}

TEST_P(WriterTest, GivesAnErrorOfAStatementToTheWriteThatCausedIt) {
  const WriteBody mistaken = [](WriteTransaction& transaction) {
    return transaction.Query("SELECT nothing FROM nowhere").status();
  };
  const auto outcomes = Together({Insert("a"), mistaken, Insert("c")});
  EXPECT_THAT(outcomes[0], IsOk());
  EXPECT_THAT(outcomes[1], StatusIs(absl::StatusCode::kInternal, "DATABASE_ERROR"));
  EXPECT_THAT(outcomes[2], IsOk());
  EXPECT_THAT(Things(), UnorderedElementsAre("a=1", "c=1"));
}

TEST_P(WriterTest, OutlivesAnExceptionInAWrite) {
  const WriteBody throws = [](WriteTransaction& transaction) -> absl::Status {
    KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(kThings, {{std::string("b"), int64_t{1}}}));
    throw std::runtime_error("unforeseen");
  };
  const auto outcomes = Together({Insert("a"), throws, Insert("c")});
  EXPECT_THAT(outcomes[1], StatusIs(absl::StatusCode::kInternal, "INTERNAL"));
  EXPECT_THAT(Things(), UnorderedElementsAre("a=1", "c=1"));
}

TEST_P(WriterTest, ShowsAWriteWhatThoseBeforeItHaveDone) {
  std::vector<std::string> seen;
  const WriteBody look = [&](WriteTransaction& transaction) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT id FROM thing ORDER BY size"));
    KLYNGE_ASSIGN_OR_RETURN(auto at, transaction.Query("SELECT revision FROM klynge_revision"));
    for (const Row& row : rows) seen.push_back(row.Text(0));
    seen.push_back(absl::StrCat("revision ", at.at(0).Int(0)));
    transaction.Discard();
    return absl::OkStatus();
  };
  Together({Insert("a", 1), ThenFail(Insert("b", 2)), Execute("c"), look});
  EXPECT_THAT(seen, UnorderedElementsAre("a", "c", "revision 2"));
}

TEST_P(WriterTest, KeepsTheLastOfSeveralValuesOfOneKey) {
  Together({Replace("a", 1), Replace("b", 1), Replace("a", 2), ThenFail(Replace("b", 9)),
            Replace("a", 3)});
  EXPECT_THAT(Things(), UnorderedElementsAre("a=3", "b=1"));
}

TEST_P(WriterTest, InsertsParentsBeforeChildrenWhoeverCameFirst) {
  const auto with_parts = [](const std::string& thing, const std::vector<std::string>& parts) {
    return [=](WriteTransaction& transaction) -> absl::Status {
      std::vector<std::vector<Value>> things, rows;
      if (parts.empty()) things.push_back({thing, int64_t{1}});
      for (const std::string& part : parts) rows.push_back({part, thing});
      KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(kThings, things));
      return transaction.BulkInsert(kParts, rows);
    };
  };
  ASSERT_THAT(database_->Write(Context(), Insert("old")), IsOk());
  const int64_t before = database_->writer().stats().ran_alone;
  for (const auto& outcome :
       Together({with_parts("old", {"p1"}), with_parts("new", {}), with_parts("new", {"p2"})})) {
    EXPECT_THAT(outcome, IsOk());
  }
  EXPECT_EQ(database_->writer().stats().ran_alone, before);
}

TEST_P(WriterTest, TriesADryRunAmongOthersAndLeavesNothingOfIt) {
  ASSERT_THAT(database_->Write(Context(), Insert("there")), IsOk());
  WriteContext dry = Context();
  dry.dry_run = true;
  const auto outcomes = Together(
      {{Context(), Insert("a")}, {dry, Insert("b")}, {dry, Insert("there")}, {dry, Execute("c")}});
  EXPECT_EQ(*outcomes[0], 2);
  EXPECT_EQ(*outcomes[1], 2);
  EXPECT_THAT(outcomes[2], StatusIs(absl::StatusCode::kAlreadyExists, "DUPLICATE"));
  EXPECT_THAT(outcomes[3], IsOk());
  EXPECT_THAT(Things(), UnorderedElementsAre("there=1", "a=1"));
}

TEST_P(WriterTest, GivesUpAtTheDeadlineWithoutWriting) {
  absl::Notification begun, release;
  std::thread slow([&] {
    EXPECT_THAT(database_->Write(Context(),
                                 [&](WriteTransaction&) {
                                   begun.Notify();
                                   release.WaitForNotification();
                                   return absl::OkStatus();
                                 }),
                IsOk());
  });
  begun.WaitForNotification();
  WriteContext hurried = Context();
  hurried.deadline = absl::Now() + absl::Milliseconds(50);
  const auto given_up = database_->Write(hurried, Insert("a"));
  release.Notify();
  slow.join();
  EXPECT_THAT(given_up, StatusIs(absl::StatusCode::kDeadlineExceeded, "WRITES_QUEUED"));
  EXPECT_THAT(Things(), Not(::testing::Contains("a=1")));
}

TEST_P(WriterTest, DescribesAChangeLaterAndFailsOnlyTheWriteThatCannot) {
  const auto described = [](const std::string& id,
                            absl::StatusOr<std::string> change) -> WriteBody {
    return [=](WriteTransaction& transaction) {
      AuditEntry line{"thing", id, "create"};
      line.describe = [change] { return change; };
      transaction.Audit(std::move(line));
      return transaction.BulkInsert(kThings, {{id, int64_t{1}}});
    };
  };
  int64_t seen = -1;
  const auto outcomes =
      Together({described("a", "later"),
                [&](WriteTransaction& transaction) -> absl::Status {
                  KLYNGE_ASSIGN_OR_RETURN(const auto rows,
                                          transaction.Query("SELECT count(*) FROM klynge_audit "
                                                            "WHERE change_json = 'later'"));
                  seen = rows[0].Int(0);
                  return absl::OkStatus();
                },
                described("b", absl::DataLossError("no words"))});
  EXPECT_THAT(outcomes[0], IsOk());
  EXPECT_THAT(outcomes[1], IsOk());
  EXPECT_THAT(outcomes[2], StatusIs(absl::StatusCode::kDataLoss, ""));
  EXPECT_EQ(seen, 1);
  EXPECT_THAT(Things(*database_), ElementsAre("a=1"));
}

TEST_P(WriterTest, TellsLaterWhatBecameOfAWriteThatWasStarted) {
  std::promise<absl::StatusOr<int64_t>> told;
  ASSERT_THAT(database_->StartWrite(
                  Context(), Insert("a"),
                  [&](const absl::StatusOr<int64_t>& revision) { told.set_value(revision); }),
              IsOk());
  const absl::StatusOr<int64_t> outcome = told.get_future().get();
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(*outcome, *database_->Revision(Soon()));
  EXPECT_THAT(Things(*database_), ElementsAre("a=1"));
}

}  // namespace
}  // namespace klynge::sql
