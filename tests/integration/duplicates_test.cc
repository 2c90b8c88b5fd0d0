// The same request sent many times at once, through two replicas on one PostgreSQL: it has its
// effect once, and every sending gets the same answer.
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "klynge/goals/v1/goals_service.grpc.pb.h"
#include "klynge/observations/v1/observations_service.grpc.pb.h"
#include "klynge/organisation/v1/organisation_service.grpc.pb.h"
#include "services/observations/observations_test_support.h"
#include "tests/integration/numbered_things.h"
#include "tests/support/status_matchers.h"

namespace klynge {
namespace {

using testing::Cluster;
using testing::IsOk;
using testing::Replica;
using testing::StatusIs;

constexpr int kSendings = 32;

// What a sending was answered; the answer as bytes.
struct Answer {
  grpc::Status status;
  std::string bytes;
};

// Calls `send` so many times at once, in turn with one replica and the other.
template <class Send>
std::vector<Answer> SendAtOnce(const std::vector<Replica*>& replicas, Send send) {
  std::vector<Answer> answers(kSendings);
  std::vector<std::thread> threads;
  for (int i = 0; i < kSendings; ++i) {
    const auto channel = replicas[static_cast<size_t>(i) % replicas.size()]->channel();
    threads.emplace_back([&answers, &send, channel, i] {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
      context.set_wait_for_ready(true);
      answers[static_cast<size_t>(i)] = send(channel, &context);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return answers;
}

void ExpectOneAnswer(const std::vector<Answer>& answers) {
  std::set<std::string> different;
  for (const Answer& answer : answers) {
    EXPECT_THAT(answer.status, IsOk());
    different.insert(answer.bytes);
  }
  EXPECT_EQ(different.size(), 1u);
}

class DuplicatesTest : public ::testing::Test {
 protected:
  testing::RedisServer redis_;
  Cluster cluster_{redis_.address()};
};

TEST_F(DuplicatesTest, OfAUnaryRequestHaveOneEffectAndOneAnswer) {
  Replica& organisation = cluster_.Start("organisation");
  Replica& one = cluster_.Start("goals");
  Replica& two = cluster_.Start("goals");
  ASSERT_NO_FATAL_FAILURE(testing::PrepareGoals(organisation, one, 1));
  goals::v1::CheckInRequest request;
  request.set_request_id("same");
  request.mutable_check_in()->set_goal_id("maal-0");
  request.mutable_check_in()->set_value(7);
  request.mutable_check_in()->set_role("cluster_leader");
  const auto send = [&](const auto& channel, grpc::ClientContext* context) {
    goals::v1::CheckInResponse response;
    const auto stub = goals::v1::GoalsService::NewStub(channel);
    const grpc::Status status = stub->CheckIn(context, request, &response);
    return Answer{status, response.SerializeAsString()};
  };
  ExpectOneAnswer(SendAtOnce({&one, &two}, send));
  EXPECT_EQ(testing::CountCheckIns(two, 0), 1);

  request.mutable_check_in()->set_value(8);
  for (const Answer& answer : SendAtOnce({&one, &two}, send)) {
    EXPECT_THAT(answer.status, StatusIs(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
  }
  EXPECT_EQ(testing::CountCheckIns(one, 0), 1);
}

// 2,500 records make three transactions.
class LongStreamTest : public DuplicatesTest {
 protected:
  using Service = observations::v1::ObservationsService;

  static constexpr char kUnit[] = "e-1";

  // One institution and the units above it.
  void ImportUnits(Replica& organisation) {
    grpc::ClientContext context;
    organisation::v1::ImportOrganisationResponse response;
    const auto stub = organisation::v1::OrganisationService::NewStub(organisation.channel());
    const auto import = stub->ImportOrganisation(&context, &response);
    std::string parent;
    for (const auto& [id, kind] : std::vector<std::pair<std::string, const char*>>{
             {"buf", "administration"}, {"omr", "area"}, {"kl", "cluster"}, {kUnit, "nursery"}}) {
      organisation::v1::ImportOrganisationRequest row;
      row.mutable_unit()->set_unit_id(id);
      row.mutable_unit()->set_kind(kind);
      row.mutable_unit()->set_name(id);
      row.mutable_unit()->set_parent_id(parent);
      row.mutable_unit()->set_valid_from("2019-01-01");
      import->Write(row);
      parent = id;
    }
    import->WritesDone();
    ASSERT_THAT(import->Finish(), IsOk());
    ASSERT_EQ(response.created_count(), 4);
  }

  // Sets the revision that knows it.
  void OpenARound(Replica& observations) {
    const auto stub = Service::NewStub(observations.channel());
    grpc::ClientContext publish_context, create_context;
    observations::v1::PublishInstrumentRequest publish;
    *publish.mutable_instrument() = observations::testing::TestInstrument();
    observations::v1::PublishInstrumentResponse published;
    ASSERT_THAT(stub->PublishInstrument(&publish_context, publish, &published), IsOk());
    observations::v1::CreateRoundRequest create;
    *create.mutable_round() = observations::testing::TestRound();
    observations::v1::CreateRoundResponse created;
    ASSERT_THAT(stub->CreateRound(&create_context, create, &created), IsOk());
    round_open_ = created.revision();
  }

  static Answer Record(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context,
                       int records, const char* item = "a") {
    const auto stub = Service::NewStub(channel);
    observations::v1::RecordObservationsResponse response;
    const auto writer = stub->RecordObservations(context, &response);
    observations::v1::RecordObservationsRequest message;
    message.mutable_options()->set_request_id("same");
    message.mutable_options()->set_only_problems(true);
    writer->Write(message);
    for (int i = 0; i < records; ++i) {
      *message.mutable_observation() =
          observations::testing::Observed(absl::StrCat("o-", i), kUnit, {{item, 1 + i % 3}});
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    return {status, response.SerializeAsString()};
  }

  static observations::v1::RecordObservationsResponse Told(const Answer& answer) {
    observations::v1::RecordObservationsResponse response;
    EXPECT_TRUE(response.ParseFromString(answer.bytes));
    return response;
  }

  int64_t round_open_ = 0;
};

TEST_F(LongStreamTest, HasOneEffectAndOneAnswerHoweverOftenItIsSent) {
  Replica& organisation = cluster_.Start("organisation");
  ASSERT_NO_FATAL_FAILURE(ImportUnits(organisation));
  Replica& one = cluster_.Start("observations");
  Replica& two = cluster_.Start("observations");
  ASSERT_NO_FATAL_FAILURE(OpenARound(one));
  const auto answers =
      SendAtOnce({&one, &two}, [](const auto& channel, grpc::ClientContext* context) {
        return Record(channel, context, 2'500);
      });
  ExpectOneAnswer(answers);
  EXPECT_EQ(Told(answers[0]).created(), 2'500);

  // The same id with a shorter, a longer or another stream.
  for (const auto& [records, item] : std::vector<std::pair<int, const char*>>{
           {1'000, "a"}, {2'000, "a"}, {2'499, "a"}, {2'501, "a"}, {3'500, "a"}, {2'500, "b"}}) {
    grpc::ClientContext context;
    EXPECT_THAT(Record(two.channel(), &context, records, item).status,
                StatusIs(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"))
        << records << item;
  }
}

TEST_F(LongStreamTest, GoesOnWhereAProcessThatDiedHadCome) {
  Replica& organisation = cluster_.Start("organisation");
  ASSERT_NO_FATAL_FAILURE(ImportUnits(organisation));
  Replica& one = cluster_.Start("observations");
  Replica& two = cluster_.Start("observations");
  ASSERT_NO_FATAL_FAILURE(OpenARound(one));
  const auto stored = [&] {
    grpc::ClientContext context;
    observations::v1::GetRoundRequest request;
    request.set_round_id("autumn");
    request.set_min_revision(round_open_);
    observations::v1::GetRoundResponse response;
    EXPECT_THAT(Service::NewStub(two.channel())->GetRound(&context, request, &response), IsOk());
    return response.round().observation_count();
  };
  // The first try dies with its replica when a part of it is stored.
  std::thread first([&] {
    grpc::ClientContext context;
    Record(one.channel(), &context, 30'000);
  });
  EXPECT_TRUE(testing::Eventually(absl::Seconds(30), [&] { return stored() >= 1'000; }));
  one.Kill();
  first.join();
  grpc::ClientContext context;
  const Answer again = Record(two.channel(), &context, 30'000);
  ASSERT_THAT(again.status, IsOk());
  EXPECT_EQ(Told(again).created(), 30'000);
  EXPECT_EQ(Told(again).unchanged(), 0);
  EXPECT_EQ(stored(), 30'000);
}

}  // namespace
}  // namespace klynge
