// What goals, observations and courses keep of units, asked by organisation of the real services
// over real sockets.
#include "services/organisation/uses_elsewhere.h"

#include "services/courses/courses_service_test_support.h"
#include "services/goals/goals_service_test_support.h"
#include "services/observations/service_test_support.h"
#include "tests/support/unit_uses_text.h"

namespace klynge::organisation {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::Lines;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Date kDay(2021, 10, 15);

rpc::Call CallWithin(absl::Duration patience) {
  rpc::Call call;
  call.deadline = absl::Now() + patience;
  return call;
}

// A goal and a round of kl-vvk-01, and the enrolment of the team of kl-a-1.
class UsesElsewhereTest : public goals::testing::GoalsServiceTest {
 protected:
  UsesElsewhereTest() {
    Agreed(NewGoal("maal", "kl-vvk-01"));
    EXPECT_THAT(rounds_.Publish(observations::testing::TestInstrument()), IsOk());
    EXPECT_THAT(rounds_.Create(observations::testing::TestRound()), IsOk());
    courses::testing::Client client(education_);
    EXPECT_THAT(client.Create(courses::testing::Programme()), IsOk());
    EXPECT_THAT(client.Enrol("kl-a-1"), IsOk());
  }

  std::vector<UsesThere> Ask(const std::vector<std::string>& units,
                             absl::Duration patience = absl::Seconds(20)) {
    rpc::Peer goals("goals", host_->channel());
    return UsesElsewhere(&goals, &observations_there_, &courses_there_)
        .Ask(CallWithin(patience), units, kDay);
  }

  observations::testing::Replica rounds_{"sqlite:" + directory_.path() + "/observations.db",
                                         testing::SmallCity().BuildTree()};
  courses::testing::Replica education_{
      *sql::Database::Open({"sqlite:" + directory_.path() + "/courses.db", 4},
                           courses::Migrations(), &clock_),
      courses::testing::City().BuildTree(), clock_};
  rpc::Peer observations_there_{"observations", rounds_.channel()};
  rpc::Peer courses_there_{"courses", education_.channel()};
};

TEST_F(UsesElsewhereTest, AreAskedOfAllThreeServices) {
  const auto answers = Ask({"kl-vvk-01", "kl-a-1"});
  ASSERT_THAT(answers, SizeIs(3));
  EXPECT_EQ(answers[0].service, "goals");
  EXPECT_THAT(Lines(answers[0].uses), ElementsAre("kl-vvk-01 goal maal agreed 2021-09-01–"));
  EXPECT_THAT(Lines(answers[1].uses),
              ElementsAre("kl-vvk-01 round autumn planned 2021-10-01–2021-12-01"));
  EXPECT_THAT(Lines(answers[2].uses),
              ElementsAre("kl-a-1 enrolment uddannelse/kl-a-1 active 2021-09-01–2024-01-01"));
  for (const auto& answer : answers) {
    EXPECT_TRUE(answer.whole()) << answer.missing_because;
    EXPECT_EQ(answer.total, 1);
    EXPECT_GT(answer.revision, 0);
  }
}

TEST_F(UsesElsewhereTest, AreListedUpToABoundAndCountedWhole) {
  std::vector<std::string> units;
  for (int i = 0; i < 2500; ++i) units.push_back(absl::StrCat("u-", i));
  units.insert(units.begin() + 1200, "kl-vvk-01");
  EXPECT_EQ(Ask(units)[0].total, 1);

  goals::v1::ImportGoalsRequest import;
  for (int i = 0; i < 2600; ++i) {
    auto& row = *import.add_rows();
    *row.mutable_goal() = NewGoal(absl::StrCat("m-", i), i % 2 == 0 ? "kl-vvk-01" : "kl-vvk-02");
  }
  grpc::ClientContext context;
  goals::v1::ImportGoalsResponse imported;
  auto writer = stub_->ImportGoals(&context, &imported);
  writer->Write(import);
  writer->WritesDone();
  ASSERT_THAT(writer->Finish(), IsOk());
  ASSERT_EQ(imported.created_count(), 2600);
  units.push_back("kl-vvk-02");
  const UsesThere goals = Ask(units)[0];
  EXPECT_EQ(goals.total, 2601);
  EXPECT_THAT(goals.uses, SizeIs(UsesElsewhere::kMostListed));
  EXPECT_TRUE(goals.whole());
}

TEST_F(UsesElsewhereTest, AreMissingWhereNoAddressWasGiven) {
  const auto answers = UsesElsewhere(nullptr, &observations_there_, nullptr)
                           .Ask(CallWithin(absl::Seconds(20)), {"kl-vvk-01"}, kDay);
  EXPECT_THAT(answers[0].missing_because, HasSubstr("without --goals"));
  EXPECT_THAT(answers[0].uses, IsEmpty());
  EXPECT_TRUE(answers[1].whole());
  EXPECT_THAT(answers[1].uses, SizeIs(1));
  EXPECT_THAT(answers[2].missing_because, HasSubstr("without --courses"));
}

TEST_F(UsesElsewhereTest, AreMissingWhereNobodyAnswers) {
  rpc::Peer nowhere("goals", courses::testing::Nowhere());
  const absl::Time started = absl::Now();
  const auto answers = UsesElsewhere(&nowhere, &observations_there_, &courses_there_)
                           .Ask(CallWithin(absl::Minutes(1)), {"kl-vvk-01"}, kDay);
  EXPECT_LT(absl::Now() - started, UsesElsewhere::kLongest + absl::Seconds(2));
  EXPECT_THAT(answers[0].missing_because, HasSubstr("can't be reached"));
  EXPECT_THAT(answers[1].uses, SizeIs(1));
  EXPECT_TRUE(answers[2].whole());
}

// A service that takes calls and never answers them.
class Silent final : public goals::v1::GoalsService::CallbackService {
 public:
  grpc::ServerUnaryReactor* ListUnitUses(grpc::CallbackServerContext*,
                                         const goals::v1::ListUnitUsesRequest*,
                                         goals::v1::ListUnitUsesResponse*) override {
    class Reactor final : public grpc::ServerUnaryReactor {
      void OnCancel() override { Finish(grpc::Status::CANCELLED); }
      void OnDone() override { delete this; }
    };
    return new Reactor;
  }
};

TEST_F(UsesElsewhereTest, AreNotWaitedForLongerThanTheCallerHas) {
  Silent silent;
  klynge::testing::ServiceHost host("goals", {&silent});
  rpc::Peer peer("goals", host.channel());
  const UsesElsewhere uses(&peer, &observations_there_, &courses_there_);
  for (const auto patience : {absl::Seconds(1), absl::Minutes(1)}) {
    const absl::Time started = absl::Now();
    const auto answers = uses.Ask(CallWithin(patience), {"kl-vvk-01"}, kDay);
    EXPECT_LT(absl::Now() - started,
              std::min(patience, UsesElsewhere::kLongest) + absl::Seconds(1));
    EXPECT_THAT(answers[0].missing_because, HasSubstr("did not answer in time"));
    EXPECT_THAT(answers[1].uses, SizeIs(1));
  }
}

// One of before this RPC was there.
class Older final : public goals::v1::GoalsService::CallbackService {};

TEST_F(UsesElsewhereTest, AreMissingInAnOlderService) {
  Older older;
  klynge::testing::ServiceHost host("goals", {&older});
  rpc::Peer peer("goals", host.channel());
  const auto answers = UsesElsewhere(&peer, nullptr, nullptr)
                           .Ask(CallWithin(absl::Seconds(20)), {"kl-vvk-01"}, kDay);
  EXPECT_THAT(answers[0].missing_because, HasSubstr("older"));
}

}  // namespace
}  // namespace klynge::organisation
