// The brief and the status through a real server, with small peers that answer, are slow or are
// away.
#include "klynge/goals/v1/goals_service.grpc.pb.h"
#include "klynge/observations/v1/observations_service.grpc.pb.h"
#include "klynge/organisation/v1/organisation_service.grpc.pb.h"
#include "services/courses/courses_service_test_support.h"

namespace klynge::courses::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Stub = v1::CoursesService::Stub;
namespace ov1 = observations::v1;

class FakeOrganisation final : public organisation::v1::OrganisationService::Service {
  grpc::Status GetLeadershipTeam(grpc::ServerContext*,
                                 const organisation::v1::GetLeadershipTeamRequest* request,
                                 organisation::v1::GetLeadershipTeamResponse* response) override {
    if (request->cluster_id() != "kl-a-1") return {grpc::StatusCode::NOT_FOUND, "no such cluster"};
    auto& leader = *response->mutable_team()->mutable_leader();
    leader.set_person_id("p-kl-a-1");
    leader.set_name("Klyngeleder 1");
    leader.set_role("cluster_leader");
    return grpc::Status::OK;
  }
  grpc::Status GetUnit(grpc::ServerContext*, const organisation::v1::GetUnitRequest*,
                       organisation::v1::GetUnitResponse* response) override {
    response->mutable_unit()->set_name("Klynge A1");
    auto& area = *response->add_ancestors();
    area.set_kind("area");
    area.set_name("Område A");
    return grpc::Status::OK;
  }
  grpc::Status ListUnits(grpc::ServerContext*, const organisation::v1::ListUnitsRequest*,
                         organisation::v1::ListUnitsResponse* response) override {
    response->add_units()->set_unit_id("e-1");
    return grpc::Status::OK;
  }
  grpc::Status ListRoles(grpc::ServerContext*, const organisation::v1::ListRolesRequest*,
                         organisation::v1::ListRolesResponse* response) override {
    auto& role = *response->add_roles();
    role.set_role("cluster_leader");
    *role.mutable_label() = Text("klyngeleder", "cluster leader");
    return grpc::Status::OK;
  }
};

class FakeGoals final : public goals::v1::GoalsService::Service {
 public:
  explicit FakeGoals(absl::Duration takes = absl::ZeroDuration()) : takes_(takes) {}

 private:
  grpc::Status GetProgress(grpc::ServerContext* context, const goals::v1::GetProgressRequest*,
                           goals::v1::GetProgressResponse* response) override {
    const absl::Time until = absl::Now() + takes_;
    while (absl::Now() < until && !context->IsCancelled()) absl::SleepFor(absl::Milliseconds(10));
    response->mutable_total()->mutable_states()->set_agreed(4);
    response->mutable_total()->set_progress(0.5);
    response->mutable_total()->set_weight(2);
    response->mutable_total()->set_overdue_count(1);
    auto& overdue = *response->add_overdue();
    overdue.set_title("Mere sprog");
    overdue.set_due_on("2022-01-10");
    response->set_framework_id("kk-2021");
    response->add_core_areas()->set_code("clear_goals");
    return grpc::Status::OK;
  }
  grpc::Status GetFramework(grpc::ServerContext*, const goals::v1::GetFrameworkRequest*,
                            goals::v1::GetFrameworkResponse* response) override {
    auto& area = *response->mutable_framework()->add_core_areas();
    area.set_code("clear_goals");
    *area.mutable_label() = Text("Tydelige mål", "Clear goals");
    return grpc::Status::OK;
  }
  const absl::Duration takes_;
};

class FakeObservations final : public ov1::ObservationsService::Service {
  grpc::Status ListRounds(grpc::ServerContext*, const ov1::ListRoundsRequest*,
                          ov1::ListRoundsResponse* response) override {
    for (const bool after : {false, true}) {
      auto& round = *response->add_rounds();
      round.set_round_id(after ? "r-efter" : "r-foer");
      round.set_instrument_id("skema");
      round.set_closes_on(after ? "2023-11-30" : "2021-11-30");
      round.set_purpose(after ? ov1::ROUND_PURPOSE_AFTER : ov1::ROUND_PURPOSE_BEFORE);
    }
    return grpc::Status::OK;
  }
  grpc::Status GetInstrument(grpc::ServerContext*, const ov1::GetInstrumentRequest*,
                             ov1::GetInstrumentResponse* response) override {
    auto& item = *response->mutable_instrument()->add_items();
    item.set_item_id("sr-1");
    *item.mutable_text() = Text("De voksne lytter");
    return grpc::Status::OK;
  }
  grpc::Status QueryAggregates(grpc::ServerContext*, const ov1::QueryAggregatesRequest*,
                               ov1::QueryAggregatesResponse* response) override {
    auto& aggregate = *response->add_aggregates();
    aggregate.set_item_id("sr-1");
    aggregate.mutable_figure()->set_suppression(ov1::SUPPRESSION_SMALL_GROUP);
    return grpc::Status::OK;
  }
  grpc::Status CompareRounds(grpc::ServerContext*, const ov1::CompareRoundsRequest* request,
                             ov1::CompareRoundsResponse* response) override {
    for (const auto& unit : request->unit_ids()) {
      auto& comparison = *response->add_comparisons();
      comparison.set_unit_id(unit);
      comparison.set_item_id("sr-1");
      comparison.set_comparable(true);
      comparison.set_standard_error(0.1);
      for (auto* figure : {comparison.mutable_before(), comparison.mutable_after()}) {
        figure->set_suppression(ov1::SUPPRESSION_NONE);
        figure->set_n(40);
      }
      comparison.mutable_before()->set_mean(4);
      comparison.mutable_after()->set_mean(5);
    }
    return grpc::Status::OK;
  }
};

class ReportsTest : public ::testing::Test {
 protected:
  // Which peers there are; those left out are away.
  void Start(bool organisation, bool goals, bool observations,
             absl::Duration goals_takes = absl::ZeroDuration()) {
    PeerChannels channels;
    if (organisation) channels.organisation = Host("organisation", organisation_);
    if (goals) {
      goals_ = std::make_unique<FakeGoals>(goals_takes);
      channels.goals = Host("goals", *goals_);
    }
    if (observations) channels.observations = Host("observations", observations_);
    replica_ = std::make_unique<Replica>(*sql::Database::Open({url_, 4}, Migrations(), &clock_),
                                         City().BuildTree(), clock_, channels);
    Client client(*replica_);
    EXPECT_THAT(client.Create(Programme()), IsOk());
    EXPECT_THAT(client.Enrol("kl-a-1"), IsOk());
  }

  grpc::Status Brief(const std::string& as_of, v1::GetLearningConversationBriefResponse* response,
                     absl::Duration patience = absl::Seconds(20),
                     const std::string& cluster = "kl-a-1") {
    v1::GetLearningConversationBriefRequest request;
    request.set_cluster_id(cluster);
    request.set_as_of(as_of);
    return replica_->Call(&Stub::GetLearningConversationBrief, request, response, patience);
  }

  // The sources that are missing, in order.
  template <class Parts>
  static std::vector<std::string> Missing(const Parts& parts) {
    std::vector<std::string> missing;
    for (const auto& part : parts) {
      if (part.state() == v1::PART_STATE_MISSING) missing.push_back(part.source());
    }
    return missing;
  }

  std::unique_ptr<Replica> replica_;

 private:
  std::shared_ptr<grpc::Channel> Host(const std::string& name, grpc::Service& service) {
    hosts_.push_back(std::make_unique<klynge::testing::ServiceHost>(
        name, std::vector<grpc::Service*>{&service}));
    return hosts_.back()->channel();
  }

  FakeClock clock_{absl::FromCivil(absl::CivilDay(2024, 1, 15), absl::UTCTimeZone())};
  klynge::testing::TemporaryDirectory directory_;
  const std::string url_ = klynge::testing::NewDatabaseUrl(sql::Engine::kSqlite, directory_);
  FakeOrganisation organisation_;
  std::unique_ptr<FakeGoals> goals_;
  FakeObservations observations_;
  std::vector<std::unique_ptr<klynge::testing::ServiceHost>> hosts_;
};

TEST_F(ReportsTest, BriefHasAPartFromEachService) {
  Start(true, true, true);
  v1::GetLearningConversationBriefResponse response;
  ASSERT_THAT(Brief("2024-01-01", &response), IsOk());
  EXPECT_EQ(response.brief().parts_size(), 4);
  EXPECT_THAT(Missing(response.brief().parts()), ElementsAre());
  EXPECT_EQ(response.brief().team().members(0).role_label(), "klyngeleder");
  EXPECT_EQ(response.brief().goals().figures().overdue(), 1);
  EXPECT_EQ(response.brief().goals().coverage(0).label(), "Tydelige mål");
  EXPECT_DOUBLE_EQ(response.brief().observations(0).mean_after(), 5);
  EXPECT_EQ(response.brief().participation().programme_id(), "uddannelse");
  EXPECT_THAT(response.markdown(),
              AllOf(HasSubstr("# Oplæg til læringssamtale: Klynge A1"), HasSubstr("Mere sprog"),
                    HasSubstr("| De voksne lytter () | 4,00 | 5,00 | +1,00 |")));
}

TEST_F(ReportsTest, BriefShowsOnlyTheRoundBeforeUntilThereIsOneAfter) {
  Start(true, true, true);
  v1::GetLearningConversationBriefResponse response;
  ASSERT_THAT(Brief("2022-01-01", &response), IsOk());
  ASSERT_EQ(response.brief().observations_size(), 1);
  EXPECT_TRUE(response.brief().observations(0).after_round_id().empty());
  EXPECT_TRUE(response.brief().observations(0).suppressed());
  EXPECT_FALSE(response.brief().observations(0).has_mean_before());
}

TEST_F(ReportsTest, BriefNamesTheServicesThatAreAway) {
  Start(false, true, false);
  v1::GetLearningConversationBriefResponse response;
  ASSERT_THAT(Brief("2024-01-01", &response), IsOk());
  EXPECT_THAT(Missing(response.brief().parts()), ElementsAre("organisation", "observations"));
  EXPECT_EQ(response.brief().goals().figures().agreed(), 4);
  EXPECT_FALSE(response.brief().has_team());
  EXPECT_THAT(response.markdown(), HasSubstr("## Mangler i denne opgørelse"));
}

TEST_F(ReportsTest, BriefDoesNotWaitForASlowServiceBeyondTheCallersDeadline) {
  Start(true, true, true, absl::Seconds(30));
  v1::GetLearningConversationBriefResponse response;
  const absl::Time started = absl::Now();
  ASSERT_THAT(Brief("2024-01-01", &response, absl::Seconds(3)), IsOk());
  EXPECT_LT(absl::Now() - started, absl::Seconds(3));
  EXPECT_THAT(Missing(response.brief().parts()), ElementsAre("goals"));
  EXPECT_THAT(response.brief().parts(1).reason(), HasSubstr("did not answer in time"));
}

TEST_F(ReportsTest, BriefKnowsNoUnknownCluster) {
  Start(true, true, true);
  v1::GetLearningConversationBriefResponse response;
  EXPECT_THAT(Brief("2024-01-01", &response, absl::Seconds(20), "kl-findes-ikke"),
              StatusIs(absl::StatusCode::kNotFound, "CLUSTER_NOT_FOUND"));
}

TEST_F(ReportsTest, StatusAddsUpTheGoalsOfBothAreas) {
  Start(true, true, true);
  v1::GetProgrammeStatusRequest request;
  request.set_programme_id("uddannelse");
  request.set_as_of("2024-01-01");
  request.set_language(v1::REPORT_LANGUAGE_ENGLISH);
  v1::GetProgrammeStatusResponse response;
  ASSERT_THAT(replica_->Call(&Stub::GetProgrammeStatus, request, &response), IsOk());
  EXPECT_EQ(response.status().goals().agreed(), 8);
  EXPECT_DOUBLE_EQ(response.status().goals().progress(), 0.5);
  EXPECT_EQ(response.status().quality_size(), 2);
  EXPECT_THAT(response.markdown(),
              AllOf(HasSubstr("8 goals agreed"), HasSubstr("2 of 2 means are clearly higher"),
                    Not(HasSubstr("Missing from this report"))));
}

TEST_F(ReportsTest, StatusHoldsWithoutGoalsAndObservations) {
  Start(true, false, false);
  v1::GetProgrammeStatusRequest request;
  request.set_programme_id("uddannelse");
  v1::GetProgrammeStatusResponse response;
  ASSERT_THAT(replica_->Call(&Stub::GetProgrammeStatus, request, &response), IsOk());
  EXPECT_THAT(Missing(response.status().parts()), ElementsAre("goals", "observations"));
  EXPECT_FALSE(response.status().has_goals());
  EXPECT_EQ(response.status().places().taken(), 4);
}

}  // namespace
}  // namespace klynge::courses::testing
