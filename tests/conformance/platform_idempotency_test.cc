// Repeats of requests, on both engines: at once through two replicas, after their time, and of
// calls that are stored in several transactions.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "klynge/testing/v1/echo_service.pb.h"
#include "services/platform/mutex.h"
#include "services/platform/sql/idempotent_stream.h"
#include "services/platform/sql/idempotent_write.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::v1::EchoRequest;
using klynge::testing::v1::EchoResponse;

constexpr int kSendings = 32;

class IdempotencyTest : public klynge::testing::EngineTest {
 protected:
  static const std::vector<Migration>& Schema() {
    static const auto& schema =
        *new std::vector<Migration>{{1, "thing", "CREATE TABLE thing (id TEXT NOT NULL);\n"}};
    return schema;
  }

  static rpc::Call Asked() {
    rpc::Call call;
    call.method = "/klynge.testing.v1.EchoService/Echo";
    call.deadline = absl::Now() + absl::Seconds(60);
    return call;
  }

  // Adds a thing, and answers with how often this was done here.
  static absl::Status Add(Database& database, const EchoRequest& request, EchoResponse* response,
                          std::atomic<int>& runs) {
    return IdempotentWrite(database, Asked(), request, response,
                           [&](WriteTransaction& transaction) {
                             response->set_text(absl::StrCat("run ", ++runs));
                             return transaction.Execute("INSERT INTO thing (id) VALUES ('x')");
                           });
  }

  static int64_t Things(Database& database) {
    int64_t things = -1;
    EXPECT_THAT(database.Read(Asked().deadline,
                              [&](Session& session) -> absl::Status {
                                KLYNGE_ASSIGN_OR_RETURN(
                                    auto rows, session.Query("SELECT COUNT(*) FROM thing"));
                                things = rows[0].Int(0);
                                return absl::OkStatus();
                              }),
                IsOk());
    return things;
  }
};
KLYNGE_ON_BOTH_ENGINES(IdempotencyTest);

TEST_P(IdempotencyTest, GivesManySendingsAtOnceOneEffectAndOneAnswer) {
  auto one = Open(Schema());
  auto two = Open(Schema());
  EchoRequest request;
  request.set_request_id("same");
  std::atomic<int> runs = 0;
  Mutex mutex;
  std::set<std::string> answers;
  std::vector<std::thread> clients;
  for (int i = 0; i < kSendings; ++i) {
    clients.emplace_back([&, i] {
      EchoResponse response;
      EXPECT_THAT(Add(i % 2 == 0 ? *one : *two, request, &response, runs), IsOk());
      MutexLock lock(&mutex);
      answers.insert(response.SerializeAsString());
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(answers.size(), 1u);
  EXPECT_EQ(Things(*one), 1);
}

TEST_P(IdempotencyTest, RefusesAnotherRequestOfTheSameIdEvenAtOnce) {
  auto one = Open(Schema());
  auto two = Open(Schema());
  std::atomic<int> runs = 0, taken = 0, refused = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < kSendings; ++i) {
    clients.emplace_back([&, i] {
      EchoRequest request;
      request.set_request_id("same");
      request.set_text(absl::StrCat("text ", i));
      EchoResponse response;
      const absl::Status status = Add(i % 2 == 0 ? *one : *two, request, &response, runs);
      taken += status.ok();
      refused += ReasonOf(status) == "REQUEST_ID_REUSED";
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(refused, kSendings - 1);
  EXPECT_EQ(Things(*two), 1);
}

TEST_P(IdempotencyTest, TakesAnIdForANewOneWhenItsTimeHasPassed) {
  auto database =
      Database::Open({.url = url(), .idempotency_retention = absl::Hours(24)}, Schema(), &clock());
  ASSERT_THAT(database, IsOk());
  EchoRequest request;
  request.set_request_id("same");
  std::atomic<int> runs = 0;
  EchoResponse response;
  ASSERT_THAT(Add(**database, request, &response, runs), IsOk());
  clock().Advance(absl::Hours(24) - absl::Seconds(1));
  ASSERT_THAT(Add(**database, request, &response, runs), IsOk());
  EXPECT_EQ(response.text(), "run 1");
  clock().Advance(absl::Seconds(2));
  ASSERT_THAT(Add(**database, request, &response, runs), IsOk());
  EXPECT_EQ(response.text(), "run 2");
  // Its time begins anew, also for other content.
  clock().Advance(absl::Hours(23));
  ASSERT_THAT(Add(**database, request, &response, runs), IsOk());
  EXPECT_EQ(response.text(), "run 2");
  clock().Advance(absl::Hours(2));
  request.set_text("other");
  ASSERT_THAT(Add(**database, request, &response, runs), IsOk());
  EXPECT_EQ(response.text(), "run 3");
  EXPECT_EQ(Things(**database), 3);
}

// A call that is cut into parts of one text each.
class IdempotentStreamTest : public IdempotencyTest {
 protected:
  // Sends the texts; stops without an end after `stored` of them. The answers so far.
  absl::StatusOr<std::vector<std::string>> Send(Database& database,
                                                const std::vector<std::string>& texts,
                                                size_t stored = 100) {
    IdempotentStream stream("same");
    std::vector<std::string> answers;
    for (size_t i = 0; i <= texts.size(); ++i) {
      if (i == stored) return answers;
      const bool last = i == texts.size();
      EchoRequest request;
      if (!last) request.set_text(texts[i]);
      if (!last) stream.Received(request);
      EchoResponse response;
      KLYNGE_RETURN_IF_ERROR(
          stream.WritePart(database, {"method", "local", Asked().deadline}, last, &response,
                           [&](WriteTransaction& transaction) -> absl::Status {
                             response.set_text(absl::StrCat("run ", ++runs_));
                             if (last) {
                               transaction.Discard();
                               return absl::OkStatus();
                             }
                             return transaction.Execute("INSERT INTO thing (id) VALUES ('x')");
                           }));
      answers.push_back(response.text());
    }
    return answers;
  }

 private:
  int runs_ = 0;
};
KLYNGE_ON_BOTH_ENGINES(IdempotentStreamTest);

TEST_P(IdempotentStreamTest, AnswersWhatWasStoredAsTheFirstTimeAndStoresTheRest) {
  auto database = Open(Schema());
  ASSERT_THAT(Send(*database, {"a", "b", "c"}, 2), IsOk());
  const auto again = Send(*database, {"a", "b", "c"});
  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(*again, ::testing::ElementsAre("run 1", "run 2", "run 3", "run 4"));
  EXPECT_EQ(Things(*database), 3);
  const auto whole = Send(*database, {"a", "b", "c"});
  ASSERT_THAT(whole, IsOk());
  EXPECT_EQ(*whole, *again);
  EXPECT_EQ(Things(*database), 3);
}

TEST_P(IdempotentStreamTest, RefusesOneThatIsNotTheFirstBeforeStoringWhatDiffers) {
  auto database = Open(Schema());
  ASSERT_THAT(Send(*database, {"a", "b", "c"}), IsOk());
  for (const std::vector<std::string>& other :
       {std::vector<std::string>{"a", "x", "c"}, {"a", "b"}, {"a", "b", "c", "d"}, {}}) {
    EXPECT_THAT(Send(*database, other),
                StatusIs(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
  }
  EXPECT_EQ(Things(*database), 3);
}

TEST_P(IdempotentStreamTest, KnowsItsIdFromUnaryRequests) {
  auto database = Open(Schema());
  ASSERT_THAT(Send(*database, {"a"}), IsOk());
  EchoRequest request;
  request.set_request_id("same");
  EchoResponse response;
  std::atomic<int> runs = 0;
  EXPECT_THAT(Add(*database, request, &response, runs),
              StatusIs(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
}

}  // namespace
}  // namespace klynge::sql
