// Writes that are committed together, on SQLite and PostgreSQL.
#include <absl/synchronization/notification.h>
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <random>
#include <stdexcept>
#include <thread>

#include "klynge/testing/v1/echo_service.pb.h"
#include "services/platform/sql/idempotent_write.h"
#include "services/platform/sql/revisioned.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {
namespace {

using klynge::testing::Eventually;
using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::StatusIs;
using klynge::testing::v1::EchoRequest;
using klynge::testing::v1::EchoResponse;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

const std::vector<Migration>& Schema() {
  static const auto* const migrations = new std::vector<Migration>{
      {1, "things",
       "CREATE TABLE thing (id TEXT PRIMARY KEY, size BIGINT NOT NULL);\n"
       "CREATE TABLE part (id TEXT PRIMARY KEY, thing TEXT NOT NULL REFERENCES thing (id));\n"}};
  return *migrations;
}

const BulkTable kThings = {"thing", {{"id", ColumnType::kText}, {"size", ColumnType::kBigint}}, ""};
const BulkTable kNewestThings = {"thing",
                                 {{"id", ColumnType::kText}, {"size", ColumnType::kBigint}},
                                 "ON CONFLICT (id) DO UPDATE SET size = excluded.size"};
const BulkTable kParts = {"part", {{"id", ColumnType::kText}, {"thing", ColumnType::kText}}, ""};

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

WriteBody Insert(const std::string& id, int64_t size = 1) {
  return [=](WriteTransaction& transaction) {
    return transaction.BulkInsert(kThings, {{id, size}});
  };
}
WriteBody Replace(const std::string& id, int64_t size) {
  return [=](WriteTransaction& transaction) {
    return transaction.BulkInsert(kNewestThings, {{id, size}});
  };
}
WriteBody Execute(const std::string& id) {
  return [=](WriteTransaction& transaction) {
    return transaction.Execute("INSERT INTO thing (id, size) VALUES (:id, 1)", {id});
  };
}
WriteBody ThenFail(const WriteBody& body) {
  return [=](WriteTransaction& transaction) {
    KLYNGE_RETURN_IF_ERROR(body(transaction));
    return absl::FailedPreconditionError("no");
  };
}

class WriterTest : public klynge::testing::EngineTest {
 protected:
  WriterTest() : database_(Open(Schema())) {}

  static WriteContext Context() { return {"/test", "tester", Soon()}; }

  // Has the writer commit all of these in one transaction, in this order.
  std::vector<absl::StatusOr<int64_t>> Together(
      const std::vector<std::pair<WriteContext, WriteBody>>& writes) {
    absl::Notification begun, release;
    std::thread first([&] {
      EXPECT_THAT(database_->Write(Context(),
                                   [&](WriteTransaction& transaction) {
                                     if (!begun.HasBeenNotified()) begun.Notify();
                                     release.WaitForNotification();
                                     transaction.Discard();
                                     return absl::OkStatus();
                                   }),
                  IsOk());
    });
    begun.WaitForNotification();
    std::vector<absl::StatusOr<int64_t>> outcomes(writes.size(), absl::UnknownError(""));
    std::vector<std::thread> others;
    for (size_t i = 0; i < writes.size(); ++i) {
      others.emplace_back(
          [&, i] { outcomes[i] = database_->Write(writes[i].first, writes[i].second); });
      EXPECT_TRUE(Eventually(absl::Seconds(10),
                             [&] { return database_->writer().stats().waiting == i + 1; }));
    }
    release.Notify();
    first.join();
    for (auto& other : others) other.join();
    return outcomes;
  }
  std::vector<absl::StatusOr<int64_t>> Together(const std::vector<WriteBody>& bodies) {
    std::vector<std::pair<WriteContext, WriteBody>> writes;
    for (const WriteBody& body : bodies) writes.emplace_back(Context(), body);
    return Together(writes);
  }

  // "id=size" of every thing.
  std::vector<std::string> Things(Database& database) {
    std::vector<std::string> things;
    EXPECT_THAT(database.Read(Soon(),
                              [&](Session& session) -> absl::Status {
                                KLYNGE_ASSIGN_OR_RETURN(
                                    auto rows, session.Query("SELECT id, size FROM thing"));
                                for (const Row& row : rows) {
                                  things.push_back(absl::StrCat(row.Text(0), "=", row.Int(1)));
                                }
                                return absl::OkStatus();
                              }),
                IsOk());
    return things;
  }
  std::vector<std::string> Things() { return Things(*database_); }

  const std::unique_ptr<Database> database_;
};

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

TEST_P(WriterTest, DoesNotBeginAStartedWriteAfterItsDeadlineNorTakeTooMany) {
  constexpr int kMost = 4096;
  absl::Notification begun, release, all_told;
  std::atomic<int> late = 0;
  ASSERT_THAT(database_->StartWrite(
                  Context(),
                  [&](WriteTransaction& transaction) {
                    if (!begun.HasBeenNotified()) begun.Notify();
                    release.WaitForNotification();
                    transaction.Discard();
                    return absl::OkStatus();
                  },
                  [](const absl::StatusOr<int64_t>&) {}),
              IsOk());
  begun.WaitForNotification();
  const WriteContext hasty{"/test", "tester", absl::Now() + absl::Milliseconds(50)};
  const auto start = [&] {
    return database_->StartWrite(hasty, Insert("late"), [&](const absl::StatusOr<int64_t>& none) {
      EXPECT_THAT(none, StatusIs(absl::StatusCode::kDeadlineExceeded, "WRITES_QUEUED"));
      if (++late == kMost) all_told.Notify();
    });
  };
  for (int i = 0; i < kMost; ++i) ASSERT_THAT(start(), IsOk());
  EXPECT_THAT(start(), IsRetryable(absl::StatusCode::kResourceExhausted, "OVERLOADED"));
  absl::SleepFor(absl::Milliseconds(60));
  release.Notify();
  all_told.WaitForNotification();
  EXPECT_THAT(Things(*database_), ElementsAre());
}

TEST_P(WriterTest, RunsOneOfTwoRepeatsThatWaitTogether) {
  WriteContext context = Context();
  context.idempotency = {"once", "the same"};
  std::vector<EchoResponse> responses(3);
  int runs = 0;
  const auto write = [&](EchoResponse& response) {
    return [&](WriteTransaction& transaction) -> absl::Status {
      if (const RememberedAnswer* first = transaction.first_answer()) {
        transaction.Discard();
        return response.ParseFromString(first->response) ? absl::OkStatus()
                                                         : absl::DataLossError("");
      }
      response.set_text(absl::StrCat("run ", ++runs));
      transaction.Remember(response.SerializeAsString());
      return transaction.BulkInsert(kThings, {{std::string("a"), int64_t{1}}});
    };
  };
  const auto outcomes = Together({{context, write(responses[0])},
                                  {context, write(responses[1])},
                                  {context, write(responses[2])}});
  for (size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(*outcomes[i], 1);
    EXPECT_EQ(responses[i].text(), "run 1");
  }
  EXPECT_THAT(Things(), ElementsAre("a=1"));
}

TEST_P(WriterTest, TakesARequestIdForANewOneWhenItsTimeIsOver) {
  EchoRequest request;
  request.set_request_id("r");
  rpc::Call call;
  call.actor = "tester";
  int runs = 0;
  const auto write = [&] {
    EchoResponse response;
    EXPECT_THAT(IdempotentWrite(*database_, call, request, &response,
                                [&](WriteTransaction&) {
                                  response.set_text(absl::StrCat("run ", ++runs));
                                  return absl::OkStatus();
                                }),
                IsOk());
    return response.text();
  };
  EXPECT_EQ(write(), "run 1");
  clock().Advance(absl::Hours(24 * 7) - absl::Minutes(1));
  EXPECT_EQ(write(), "run 1");
  clock().Advance(absl::Minutes(2));
  EXPECT_EQ(write(), "run 2");
  EXPECT_EQ(write(), "run 2");
}

// The number of things, kept as a model.
Revisioned<int64_t>::Loader CountThings(std::atomic<int>& loads) {
  return [&loads](Session& session, std::shared_ptr<const int64_t>,
                  int64_t) -> absl::StatusOr<std::shared_ptr<const int64_t>> {
    ++loads;
    KLYNGE_ASSIGN_OR_RETURN(auto rows, session.Query("SELECT count(*) FROM thing"));
    return std::make_shared<const int64_t>(rows[0].Int(0));
  };
}

TEST_P(WriterTest, HandsTheModelFromWriteToWriteAndThenToReaders) {
  std::atomic<int> loads = 0;
  Revisioned<int64_t> count(*database_, CountThings(loads));
  ASSERT_THAT(count.AtLeast(0, Soon()), IsOk());
  std::vector<int64_t> seen;
  const auto add = [&](const std::string& id) {
    return [&, id](WriteTransaction& transaction) -> absl::Status {
      KLYNGE_ASSIGN_OR_RETURN(auto model, count.InWrite(transaction));
      seen.push_back(*model);
      KLYNGE_RETURN_IF_ERROR(Insert(id)(transaction));
      count.Advance(transaction, std::make_shared<const int64_t>(*model + 1));
      return absl::OkStatus();
    };
  };
  Together({add("a"), ThenFail(add("b")), add("c")});
  EXPECT_THAT(seen, ElementsAre(0, 1, 1));
  const auto held = count.IfFresh(2);
  ASSERT_NE(held.model, nullptr);
  EXPECT_EQ(*held.model, 2);
  EXPECT_EQ(loads, 1);
}

TEST_P(WriterTest, LoadsTheModelForAWriteWhenTheOneBeforeItDidNotSay) {
  std::atomic<int> loads = 0;
  Revisioned<int64_t> count(*database_, CountThings(loads));
  std::vector<int64_t> seen;
  const auto look = [&](WriteTransaction& transaction) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(auto model, count.InWrite(transaction));
    seen.push_back(*model);
    return Insert(absl::StrCat("thing ", seen.size()))(transaction);
  };
  Together({look, Insert("a"), look});
  EXPECT_THAT(seen, ElementsAre(0, 2));
  EXPECT_EQ(*count.AtLeast(3, Soon())->model, 3);
}

TEST_P(WriterTest, KeepsNoModelOfATransactionThatWasRolledBack) {
  ASSERT_THAT(database_->Write(Context(), Insert("there")), IsOk());
  std::atomic<int> loads = 0;
  Revisioned<int64_t> count(*database_, CountThings(loads));
  const WriteBody add = [&](WriteTransaction& transaction) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(auto model, count.InWrite(transaction));
    KLYNGE_RETURN_IF_ERROR(Insert("there")(transaction));
    count.Advance(transaction, std::make_shared<const int64_t>(*model + 1));
    return absl::OkStatus();
  };
  EXPECT_THAT(database_->Write(Context(), add),
              StatusIs(absl::StatusCode::kAlreadyExists, "DUPLICATE"));
  EXPECT_EQ(*count.AtLeast(1, Soon())->model, 1);
}

// Money that moves between accounts: whatever fails, nothing is lost and nothing is made.
TEST_P(WriterTest, KeepsTheSumUnderManyClientsOfTwoReplicas) {
  constexpr int kAccounts = 5;
  auto other = Open(Schema());
  for (int i = 0; i < kAccounts; ++i) {
    ASSERT_THAT(database_->Write(Context(), Insert(absl::StrCat("account ", i), 100)), IsOk());
  }
  std::atomic<int> moved = 0;
  const auto client = [&](int number) {
    std::mt19937 random(static_cast<unsigned>(number));
    for (int i = 0; i < 20; ++i) {
      const std::string from = absl::StrCat("account ", random() % kAccounts);
      const std::string to = absl::StrCat("account ", random() % kAccounts);
      const int way = static_cast<int>(random() % 4);
      const WriteBody move = [&](WriteTransaction& transaction) -> absl::Status {
        const auto size = [&](const std::string& id) -> absl::StatusOr<int64_t> {
          KLYNGE_ASSIGN_OR_RETURN(auto rows,
                                  transaction.Query("SELECT size FROM thing WHERE id = :id", {id}));
          return rows.at(0).Int(0);
        };
        KLYNGE_ASSIGN_OR_RETURN(const int64_t take, size(from));
        KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(kNewestThings, {{from, take - 1}}));
        if (way == 0) return absl::FailedPreconditionError("changed its mind");
        KLYNGE_ASSIGN_OR_RETURN(const int64_t give, size(to));
        if (way == 1) {
          KLYNGE_RETURN_IF_ERROR(
              transaction.Execute("UPDATE thing SET size = :size WHERE id = :id", {give + 1, to}));
        } else {
          KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(kNewestThings, {{to, give + 1}}));
        }
        if (way == 2) transaction.Discard();
        return absl::OkStatus();
      };
      moved += (number % 2 ? *database_ : *other).Write(Context(), move).ok();
    }
  };
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) clients.emplace_back(client, i);
  for (auto& each : clients) each.join();
  EXPECT_GT(moved, 0);
  for (Database* replica : {database_.get(), other.get()}) {
    int64_t sum = 0;
    ASSERT_THAT(replica->Read(Soon(),
                              [&](Session& session) -> absl::Status {
                                KLYNGE_ASSIGN_OR_RETURN(auto rows,
                                                        session.Query("SELECT size FROM thing"));
                                for (const Row& row : rows) sum += row.Int(0);
                                return absl::OkStatus();
                              }),
                IsOk());
    EXPECT_EQ(sum, kAccounts * 100);
  }
}

}  // namespace
}  // namespace klynge::sql
