#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/notification.h>
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "klynge/testing/v1/echo_service.pb.h"
#include "services/platform/sql/idempotent_write.h"
#include "services/platform/sql/revisioned.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::v1::EchoRequest;
using klynge::testing::v1::EchoResponse;
using ::testing::ElementsAre;

const std::vector<Migration>& Schema() {
  static const auto* const migrations = new std::vector<Migration>{
      {1, "things",
       "CREATE TABLE thing (id TEXT PRIMARY KEY, size BIGINT, weight DOUBLE PRECISION);\n"
       "-- a comment; with a semicolon\nINSERT INTO thing (id, size) VALUES ('first;', 1);\n"}};
  return *migrations;
}

const BulkTable kThings = {
    "thing",
    {{"id", ColumnType::kText}, {"size", ColumnType::kBigint}, {"weight", ColumnType::kDouble}},
    ""};

class DatabaseTest : public klynge::testing::EngineTest {
 protected:
  static int64_t Count(Database& database) {
    int64_t count = -1;
    EXPECT_THAT(database.Read(Soon(),
                              [&](Session& session) -> absl::Status {
                                auto rows = session.Query("SELECT count(*) FROM thing");
                                if (!rows.ok()) return rows.status();
                                count = (*rows)[0].Int(0);
                                return absl::OkStatus();
                              }),
                IsOk());
    return count;
  }
  static absl::Time Soon() { return absl::Now() + absl::Seconds(20); }
  static rpc::Call Asked() {
    rpc::Call call;
    call.method = "/test";
    call.actor = "tester";
    call.deadline = Soon();
    return call;
  }
  static WriteContext Context() { return {"/test", "tester", Soon()}; }
  static absl::StatusOr<int64_t> Insert(Database& database, const std::string& id) {
    return database.Write(Context(), [&](WriteTransaction& transaction) {
      return transaction.Execute("INSERT INTO thing (id, size) VALUES (:id, 2)", {id});
    });
  }
};

KLYNGE_ON_BOTH_ENGINES(DatabaseTest);

TEST_P(DatabaseTest, MigratesOnceHoweverOftenItIsOpened) {
  auto first = Open(Schema());
  auto second = Open(Schema());
  EXPECT_EQ(Count(*second), 1);
}

TEST_P(DatabaseTest, MigratesOnceWhenReplicasStartTogether) {
  std::vector<std::thread> replicas;
  std::atomic<int> opened = 0;
  for (int i = 0; i < 4; ++i) {
    replicas.emplace_back([&] { opened += Open(Schema()) != nullptr; });
  }
  for (auto& replica : replicas) replica.join();
  EXPECT_EQ(opened, 4);
  EXPECT_EQ(Count(*Open(Schema())), 1);
}

TEST_P(DatabaseTest, CountsRevisionsOfCommittedWritesOnly) {
  auto database = Open(Schema());
  EXPECT_EQ(*Insert(*database, "a"), 1);
  const auto failed = database->Write(Context(), [](WriteTransaction& transaction) {
    transaction.Execute("INSERT INTO thing (id) VALUES ('b')").IgnoreError();
    return absl::FailedPreconditionError("no");
  });
  EXPECT_EQ(failed.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*database->Revision(Soon()), 1);
  EXPECT_EQ(Count(*database), 2);
  EXPECT_EQ(*Insert(*database, "c"), 2);
}

TEST_P(DatabaseTest, RollsADryRunBack) {
  auto database = Open(Schema());
  WriteContext context = Context();
  context.dry_run = true;
  EXPECT_EQ(*database->Write(context,
                             [](WriteTransaction& transaction) {
                               return transaction.Execute("INSERT INTO thing (id) VALUES ('b')");
                             }),
            0);
  EXPECT_EQ(Count(*database), 1);
}

TEST_P(DatabaseTest, KeepsAnAuditLineForEachChange) {
  auto database = Open(Schema());
  ASSERT_THAT(database->Write(Context(),
                              [](WriteTransaction& transaction) {
                                transaction.Audit({"thing", "a", "create", "{\"size\": 1}"});
                                transaction.Audit({"thing", "b", "delete", "{}"});
                                return absl::OkStatus();
                              }),
              IsOk());
  std::vector<std::string> lines;
  ASSERT_THAT(database->Read(Soon(),
                             [&](Session& session) -> absl::Status {
                               KLYNGE_ASSIGN_OR_RETURN(
                                   auto rows,
                                   session.Query("SELECT revision, actor, entity_id, action, at_us "
                                                 "FROM klynge_audit ORDER BY ordinal"));
                               for (const auto& row : rows) {
                                 lines.push_back(absl::StrCat(row.Int(0), " ", row.Text(1), " ",
                                                              row.Text(2), " ", row.Text(3)));
                                 EXPECT_EQ(row.Int(4), absl::ToUnixMicros(clock().Now()));
                               }
                               return absl::OkStatus();
                             }),
              IsOk());
  EXPECT_THAT(lines, ElementsAre("1 tester a create", "1 tester b delete"));
}

TEST_P(DatabaseTest, SaysThatAKeyExists) {
  auto database = Open(Schema());
  EXPECT_THAT(Insert(*database, "first;"), StatusIs(absl::StatusCode::kAlreadyExists, "DUPLICATE"));
}

TEST_P(DatabaseTest, NeverTellsWhatWasToBeStored) {
  auto database = Open(Schema());
  const auto refused = database->Write(Context(), [&](WriteTransaction& transaction) {
    return transaction.Execute("INSERT INTO nowhere (note) VALUES (:note)", {"a private note"});
  });
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInternal, "DATABASE_ERROR"));
  EXPECT_THAT(std::string(refused.status().message()),
              ::testing::Not(::testing::HasSubstr("private")));
}

TEST_P(DatabaseTest, ReadsBackEveryKindOfValue) {
  auto database = Open(Schema());
  const std::string text = "{\"a\": [1, 'x'], \\ :b æøå ?\n}";
  ASSERT_THAT(database->Write(Context(),
                              [&](WriteTransaction& transaction) {
                                return transaction.BulkInsert(
                                    kThings, {{text, int64_t{1} << 60, 0.1},
                                              {std::string("nulls"), nullptr, nullptr}});
                              }),
              IsOk());
  ASSERT_THAT(database->Read(
                  Soon(),
                  [&](Session& session) -> absl::Status {
                    KLYNGE_ASSIGN_OR_RETURN(
                        auto rows,
                        session.Query("SELECT id, size, weight FROM thing WHERE id = :id", {text}));
                    EXPECT_EQ(rows.size(), 1u);
                    EXPECT_EQ(rows[0].Text(0), text);
                    EXPECT_EQ(rows[0].Int(1), int64_t{1} << 60);
                    EXPECT_EQ(rows[0].Double(2), 0.1);
                    KLYNGE_ASSIGN_OR_RETURN(
                        auto nulls, session.Query("SELECT size, weight FROM thing WHERE id = :id",
                                                  {std::string("nulls")}));
                    EXPECT_TRUE(nulls[0].IsNull(0));
                    EXPECT_TRUE(nulls[0].IsNull(1));
                    return absl::OkStatus();
                  }),
              IsOk());
}

TEST_P(DatabaseTest, InsertsManyRowsAtOnce) {
  auto database = Open(Schema());
  std::vector<std::vector<Value>> rows;
  for (int64_t i = 0; i < 12'000; ++i) rows.push_back({absl::StrCat("t", i), i, 1.5});
  ASSERT_THAT(database->Write(Context(),
                              [&](WriteTransaction& transaction) {
                                return transaction.BulkInsert(kThings, rows);
                              }),
              IsOk());
  EXPECT_EQ(Count(*database), 12'001);
}

TEST_P(DatabaseTest, SerialisesWritesOfTwoReplicas) {
  auto first = Open(Schema());
  auto second = Open(Schema());
  std::atomic<int> failures = 0;
  const auto take_next = [&](Database& replica) {
    for (int i = 0; i < 25; ++i) {
      // Read, then write what was read plus one: loses counts unless nobody comes between.
      const auto written =
          replica.Write(Context(), [](WriteTransaction& transaction) -> absl::Status {
            KLYNGE_ASSIGN_OR_RETURN(
                auto rows, transaction.Query("SELECT size FROM thing WHERE id = 'first;'"));
            return transaction.Execute("UPDATE thing SET size = :size WHERE id = 'first;'",
                                       {rows[0].Int(0) + 1});
          });
      failures += !written.ok();
    }
  };
  std::vector<std::thread> writers;
  for (int i = 0; i < 3; ++i) {
    writers.emplace_back(take_next, std::ref(*first));
    writers.emplace_back(take_next, std::ref(*second));
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(*first->Revision(Soon()), 150);
  ASSERT_THAT(second->Read(Soon(),
                           [](Session& session) -> absl::Status {
                             KLYNGE_ASSIGN_OR_RETURN(auto rows,
                                                     session.Query("SELECT size FROM thing"));
                             EXPECT_EQ(rows[0].Int(0), 151);
                             return absl::OkStatus();
                           }),
              IsOk());
}

TEST_P(DatabaseTest, GivesUpAtTheDeadlineWhenAllSessionsAreTaken) {
  auto database = Open(Schema());
  absl::Notification release;
  std::vector<std::thread> readers;
  absl::BlockingCounter busy(4);
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      EXPECT_THAT(database->Read(Soon(),
                                 [&](Session&) {
                                   busy.DecrementCount();
                                   release.WaitForNotification();
                                   return absl::OkStatus();
                                 }),
                  IsOk());
    });
  }
  busy.Wait();
  EXPECT_THAT(database->Revision(absl::Now() + absl::Milliseconds(30)),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "DATABASE_POOL_BUSY"));
  release.Notify();
  for (auto& reader : readers) reader.join();
}

TEST_P(DatabaseTest, AnswersARepeatedRequestWithItsFirstAnswer) {
  auto database = Open(Schema());
  const rpc::Call call = Asked();
  EchoRequest request;
  request.set_text("a");
  request.set_request_id("r1");
  int runs = 0;
  const auto write = [&](const EchoRequest& asked, EchoResponse* response) {
    return IdempotentWrite(*database, call, asked, response, [&](WriteTransaction&) {
      response->set_text(absl::StrCat("run ", ++runs));
      return absl::OkStatus();
    });
  };
  EchoResponse first, again, other;
  ASSERT_THAT(write(request, &first), IsOk());
  ASSERT_THAT(write(request, &again), IsOk());
  EXPECT_EQ(again.text(), "run 1");
  EXPECT_EQ(again.revision(), first.revision());
  request.set_text("b");
  EXPECT_THAT(write(request, &other),
              StatusIs(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
  request.set_request_id("");
  ASSERT_THAT(write(request, &other), IsOk());
  EXPECT_EQ(other.text(), "run 2");
}

TEST_P(DatabaseTest, RemembersTheAnswerOfARequestThatChangedNothing) {
  auto database = Open(Schema());
  EchoRequest request;
  request.set_request_id("r1");
  int runs = 0;
  EchoResponse first, again;
  for (EchoResponse* response : {&first, &again}) {
    ASSERT_THAT(IdempotentWrite(*database, Asked(), request, response,
                                [&](WriteTransaction& transaction) {
                                  response->set_text(absl::StrCat("run ", ++runs));
                                  transaction.Discard();
                                  return absl::OkStatus();
                                }),
                IsOk());
  }
  EXPECT_EQ(again.text(), "run 1");
  EXPECT_EQ(*database->Revision(Soon()), 0);
}

TEST_P(DatabaseTest, RunsOneOfManyConcurrentRepeats) {
  auto first = Open(Schema());
  auto second = Open(Schema());
  EchoRequest request;
  request.set_request_id("once");
  std::atomic<int> runs = 0, answered = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      EchoResponse response;
      answered +=
          IdempotentWrite(i % 2 ? *first : *second, Asked(), request, &response,
                          [&](WriteTransaction& transaction) {
                            ++runs;
                            return transaction.Execute("INSERT INTO thing (id) VALUES ('x')");
                          })
              .ok();
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(answered, 8);
  EXPECT_EQ(runs, 1);
}

TEST_P(DatabaseTest, KeepsAModelAtItsRevision) {
  auto database = Open(Schema());
  Revisioned<int64_t> count(*database,
                            [](Session& session, std::shared_ptr<const int64_t>,
                               int64_t) -> absl::StatusOr<std::shared_ptr<const int64_t>> {
                              KLYNGE_ASSIGN_OR_RETURN(auto rows,
                                                      session.Query("SELECT count(*) FROM thing"));
                              return std::make_shared<const int64_t>(rows[0].Int(0));
                            });
  EXPECT_EQ(count.IfFresh(0).model, nullptr);
  EXPECT_EQ(*count.AtLeast(0, Soon())->model, 1);
  const int64_t revision = *Insert(*database, "a");
  EXPECT_EQ(*count.AtLeast(revision, Soon())->model, 2);
  EXPECT_THAT(count.AtLeast(revision + 1, Soon()),
              StatusIs(absl::StatusCode::kUnavailable, "REVISION_NOT_REACHED"));
}

TEST_P(DatabaseTest, LearnsOfAnotherReplicasWritesByItself) {
  auto database = Open(Schema());
  auto other = Open(Schema());
  Revisioned<int64_t> count(*database,
                            [](Session& session, std::shared_ptr<const int64_t>,
                               int64_t) -> absl::StatusOr<std::shared_ptr<const int64_t>> {
                              KLYNGE_ASSIGN_OR_RETURN(auto rows,
                                                      session.Query("SELECT count(*) FROM thing"));
                              return std::make_shared<const int64_t>(rows[0].Int(0));
                            });
  ASSERT_THAT(count.AtLeast(0, Soon()), IsOk());
  ASSERT_THAT(Insert(*other, "a"), IsOk());
  EXPECT_TRUE(klynge::testing::Eventually(absl::Seconds(10),
                                          [&] { return *count.AtLeast(0, Soon())->model == 2; }));
}

TEST(PostgresDatabase, RecoversWhenTheServerWasRestarted) {
  auto& server = klynge::testing::PostgresServer::Shared();
  SystemClock clock;
  auto database = Database::Open({server.NewDatabase(), 2}, Schema(), &clock);
  ASSERT_THAT(database, IsOk());
  server.Restart();
  EXPECT_THAT((*database)->Revision(absl::Now() + absl::Seconds(5)), IsOk());
}

}  // namespace
}  // namespace klynge::sql
