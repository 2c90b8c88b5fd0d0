// Writes that are repeated, and the model that is handed from write to write, on SQLite and
// PostgreSQL.
#include <gmock/gmock.h>

#include <atomic>
#include <random>

#include "klynge/testing/v1/echo_service.pb.h"
#include "services/platform/sql/idempotent_write.h"
#include "services/platform/sql/revisioned.h"
#include "tests/conformance/platform_writer_test.h"

namespace klynge::sql {
namespace {

using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::StatusIs;
using klynge::testing::v1::EchoRequest;
using klynge::testing::v1::EchoResponse;
using ::testing::ElementsAre;

class WriterModelTest : public WriterTest {};
KLYNGE_ON_BOTH_ENGINES(WriterModelTest);

TEST_P(WriterModelTest, DoesNotBeginAStartedWriteAfterItsDeadlineNorTakeTooMany) {
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

TEST_P(WriterModelTest, RunsOneOfTwoRepeatsThatWaitTogether) {
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

TEST_P(WriterModelTest, TakesARequestIdForANewOneWhenItsTimeIsOver) {
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

TEST_P(WriterModelTest, HandsTheModelFromWriteToWriteAndThenToReaders) {
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

TEST_P(WriterModelTest, LoadsTheModelForAWriteWhenTheOneBeforeItDidNotSay) {
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

TEST_P(WriterModelTest, KeepsNoModelOfATransactionThatWasRolledBack) {
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
TEST_P(WriterModelTest, KeepsTheSumUnderManyClientsOfTwoReplicas) {
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
