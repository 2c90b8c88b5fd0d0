// The goals service behind a real server, over SQLite in a folder of its own, with a small city and
// a double of the observations service that is a real server too. Only for tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "klynge/migrations/goals.h"
#include "services/goals/goal_test_support.h"
#include "services/goals/goals_service.h"
#include "services/organisation/client/test_support.h"
#include "services/platform/mutex.h"
#include "tests/support/processes.h"
#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::goals::testing {

// Answers QueryAggregates with one shown figure a unit, unless told otherwise.
class ObservationsDouble final : public observations::v1::ObservationsService::CallbackService {
 public:
  struct Answer {
    int64_t n = 0;
    double mean = 0;
    double green = 0;
    observations::v1::Suppression suppression = observations::v1::SUPPRESSION_NONE;
  };

  // What a unit's figure is; a unit without one is not in the round.
  void Set(const std::string& unit_id, Answer answer) {
    MutexLock lock(&mutex_);
    answers_[unit_id] = answer;
  }
  void FailWith(grpc::Status status) {
    MutexLock lock(&mutex_);
    failure_ = std::move(status);
  }
  std::vector<observations::v1::QueryAggregatesRequest> asked() const {
    MutexLock lock(&mutex_);
    return asked_;
  }

  grpc::ServerUnaryReactor* QueryAggregates(
      grpc::CallbackServerContext* context, const observations::v1::QueryAggregatesRequest* request,
      observations::v1::QueryAggregatesResponse* response) override {
    auto* reactor = context->DefaultReactor();
    reactor->Finish(Reply(*request, response));
    return reactor;
  }

 private:
  grpc::Status Reply(const observations::v1::QueryAggregatesRequest& request,
                     observations::v1::QueryAggregatesResponse* response) {
    MutexLock lock(&mutex_);
    asked_.push_back(request);
    if (!failure_.ok()) return failure_;
    for (const std::string& unit : request.unit_ids()) {
      auto found = answers_.find(unit);
      if (found == answers_.end()) {
        return {grpc::StatusCode::NOT_FOUND, "no unit " + unit + " in the round"};
      }
      auto* aggregate = response->add_aggregates();
      aggregate->set_round_id("r1");
      aggregate->set_unit_id(unit);
      aggregate->set_scale_id("traffic_light");
      auto* figure = aggregate->mutable_figure();
      figure->set_suppression(found->second.suppression);
      if (found->second.suppression != observations::v1::SUPPRESSION_NONE) continue;
      figure->set_n(found->second.n);
      figure->set_mean(found->second.mean);
      figure->set_share_favourable(found->second.green);
    }
    return grpc::Status::OK;
  }

  mutable Mutex mutex_;
  std::map<std::string, Answer> answers_ ABSL_GUARDED_BY(mutex_);
  grpc::Status failure_ ABSL_GUARDED_BY(mutex_);
  std::vector<observations::v1::QueryAggregatesRequest> asked_ ABSL_GUARDED_BY(mutex_);
};

// It is noon on 2022-06-01 in the small city of services/organisation/client/test_support.h; the
// small framework is published.
class GoalsServiceTest : public ::testing::Test {
 protected:
  GoalsServiceTest() {
    auto opened = sql::Database::Open({"sqlite:" + directory_.path() + "/goals.db", 4},
                                      goals::Migrations(), &clock_);
    EXPECT_TRUE(opened.ok()) << opened.status();
    database_ = *std::move(opened);
    database_->OnCommit([this](int64_t revision) { service_->NotifyRevision(revision); });
    Serve();
    v1::PublishFrameworkRequest publish;
    *publish.mutable_framework() = SmallFramework();
    v1::PublishFrameworkResponse published;
    EXPECT_TRUE(Call(&v1::GoalsService::Stub::PublishFramework, publish, &published).ok());
  }

  // Whatever a test has written: the service holds what it would load.
  void TearDown() override {
    const std::string held = Everything();
    Stop();
    Serve();
    EXPECT_EQ(Everything(), held);
  }

  // All goals and check-ins, as text.
  std::string Everything() {
    std::string everything;
    v1::ListGoalsRequest request;
    request.set_page_size(1000);
    v1::ListGoalsResponse goals;
    EXPECT_THAT(Call(&v1::GoalsService::Stub::ListGoals, request, &goals), klynge::testing::IsOk());
    for (const v1::Goal& goal : goals.goals()) {
      v1::ListCheckInsRequest of_goal;
      of_goal.set_goal_id(goal.goal_id());
      of_goal.set_page_size(1000);
      v1::ListCheckInsResponse check_ins;
      EXPECT_THAT(Call(&v1::GoalsService::Stub::ListCheckIns, of_goal, &check_ins),
                  klynge::testing::IsOk());
      absl::StrAppend(&everything, goal.DebugString(), check_ins.DebugString());
    }
    return everything;
  }

  void Stop() {
    host_.reset();
    service_.reset();
    runtime_ = std::make_unique<klynge::testing::TestRuntime>();
  }

  // From now on the service has what was entered, and a tree that the organisation does not
  // confirm.
  void LoseTheOrganisation() {
    Stop();
    trees_ = std::make_unique<organisation::FixedTreeSource>(
        organisation::testing::SmallCity().BuildTree(), organisation::testing::OrganisationAway());
    Serve();
  }

  // Calls one unary RPC: Call(&v1::GoalsService::Stub::GetGoal, request, &response).
  template <class Request, class Response>
  absl::Status Call(grpc::Status (v1::GoalsService::Stub::*rpc)(grpc::ClientContext*,
                                                                const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    response->Clear();
    return rpc::FromGrpc(((*stub_).*rpc)(&context, request, response));
  }

  static v1::Goal NewGoal(const std::string& goal_id, const std::string& unit_id) {
    v1::Goal goal;
    goal.set_goal_id(goal_id);
    goal.set_unit_id(unit_id);
    goal.set_title("Alle børn er med i fællesskabet");
    goal.set_framework_id("kk-2021");
    goal.add_core_area_codes("clear_goals");
    goal.set_starts_on("2021-09-01");
    auto* criterion = goal.add_criteria();
    criterion->set_indicator("Andel grønne observationer");
    criterion->set_unit_of_measure("share of green");
    criterion->set_baseline(0.2);
    criterion->set_target(0.6);
    criterion->set_due_date("2023-12-31");
    return goal;
  }

  absl::Status Create(const v1::Goal& goal) {
    v1::CreateGoalRequest request;
    *request.mutable_goal() = goal;
    return Call(&v1::GoalsService::Stub::CreateGoal, request, &created_);
  }
  absl::Status Agree(const std::string& goal_id, const std::string& on = "2021-09-15") {
    v1::AgreeGoalRequest request;
    request.set_goal_id(goal_id);
    request.mutable_agreement()->set_role("cluster_leader");
    request.mutable_agreement()->set_agreed_on(on);
    v1::AgreeGoalResponse response;
    return Call(&v1::GoalsService::Stub::AgreeGoal, request, &response);
  }
  // A check-in of the value on that day, by a pedagogical leader.
  static v1::CheckInRequest ValueOf(const std::string& goal_id, double value,
                                    const std::string& on = "2022-03-01") {
    v1::CheckInRequest request;
    request.mutable_check_in()->set_goal_id(goal_id);
    request.mutable_check_in()->set_value(value);
    request.mutable_check_in()->set_checked_on(on);
    request.mutable_check_in()->set_role("pedagogical_leader");
    return request;
  }
  absl::Status CheckIn(const v1::CheckInRequest& request) {
    return Call(&v1::GoalsService::Stub::CheckIn, request, &checked_in_);
  }
  v1::GetGoalResponse Get(const std::string& goal_id) {
    v1::GetGoalRequest request;
    request.set_goal_id(goal_id);
    v1::GetGoalResponse response;
    EXPECT_THAT(Call(&v1::GoalsService::Stub::GetGoal, request, &response),
                klynge::testing::IsOk());
    return response;
  }
  // Creates and agrees a goal.
  void Agreed(const v1::Goal& goal) {
    ASSERT_THAT(Create(goal), klynge::testing::IsOk());
    ASSERT_THAT(Agree(goal.goal_id()), klynge::testing::IsOk());
  }

  void Serve() {
    service_ = std::make_unique<GoalsService>(runtime_->runtime(), *database_, *trees_, figures_,
                                              progress_answers_, clock_);
    host_ = std::make_unique<klynge::testing::ServiceHost>(
        *runtime_, "goals", std::vector<grpc::Service*>{service_.get()});
    stub_ = v1::GoalsService::NewStub(host_->channel());
  }

  FakeClock clock_{absl::FromCivil(absl::CivilHour(2022, 6, 1, 10), absl::UTCTimeZone())};
  klynge::testing::TemporaryDirectory directory_;
  std::unique_ptr<klynge::testing::TestRuntime> runtime_ =
      std::make_unique<klynge::testing::TestRuntime>();
  std::unique_ptr<organisation::FixedTreeSource> trees_ =
      std::make_unique<organisation::FixedTreeSource>(
          organisation::testing::SmallCity().BuildTree());
  ObservationsDouble observations_;
  klynge::testing::ServiceHost observations_host_{"observations", {&observations_}};
  rpc::Peer observations_peer_{"observations", observations_host_.channel()};
  ObservationFigures figures_{observations_peer_};
  shared_state::SharedState no_redis_{shared_state::Options{}};
  shared_state::AnswerCache progress_answers_{no_redis_, {}};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<GoalsService> service_;
  std::unique_ptr<klynge::testing::ServiceHost> host_;
  std::unique_ptr<v1::GoalsService::Stub> stub_;
  v1::CreateGoalResponse created_;
  v1::CheckInResponse checked_in_;
};

}  // namespace klynge::goals::testing
