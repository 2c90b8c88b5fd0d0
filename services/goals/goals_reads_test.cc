// The calls that read goals and progress, through a real server.
#include <thread>

#include "services/goals/goals_service_test_support.h"

namespace klynge::goals::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::IsRetryable;
using ::klynge::testing::StatusIs;
using ::klynge::testing::WrongFields;
using ::testing::ElementsAre;
using Stub = v1::GoalsService::Stub;

class GoalsReadsTest : public GoalsServiceTest {
 protected:
  std::vector<std::string> List(const v1::ListGoalsRequest& request) {
    v1::ListGoalsResponse response;
    EXPECT_THAT(Call(&Stub::ListGoals, request, &response), IsOk());
    next_ = response.next_page_token();
    std::vector<std::string> ids;
    for (const v1::Goal& goal : response.goals()) ids.push_back(goal.goal_id());
    return ids;
  }
  v1::GetProgressResponse Progress(const std::string& unit_id, const std::string& as_of = "") {
    v1::GetProgressRequest request;
    request.set_unit_id(unit_id);
    request.set_as_of(as_of);
    v1::GetProgressResponse response;
    EXPECT_THAT(Call(&Stub::GetProgress, request, &response), IsOk());
    return response;
  }

  std::string next_;
};

TEST_F(GoalsReadsTest, ListsGoalsBySubtreeStateAndCoreArea) {
  Agreed(NewGoal("a", "kl-vvk-01"));
  ASSERT_THAT(Create(NewGoal("b", "e-vvk-01-01")), IsOk());
  v1::Goal other = NewGoal("c", "kl-vvk-02");
  other.set_core_area_codes(0, "quality_through_data");
  ASSERT_THAT(Create(other), IsOk());
  EXPECT_THAT(List({}), ElementsAre("a", "b", "c"));
  v1::ListGoalsRequest request;
  request.set_unit_id("kl-vvk-01");
  EXPECT_THAT(List(request), ElementsAre("a"));
  request.set_include_subtree(true);
  EXPECT_THAT(List(request), ElementsAre("a", "b"));
  request.add_states(v1::GOAL_STATE_DRAFT);
  EXPECT_THAT(List(request), ElementsAre("b"));
  v1::ListGoalsRequest of_area;
  of_area.set_core_area_code("quality_through_data");
  EXPECT_THAT(List(of_area), ElementsAre("c"));
}

TEST_F(GoalsReadsTest, ListsOverdueGoalsAndGoalsThatCarryAnotherForward) {
  Agreed(NewGoal("top", "kl-vvk-01"));
  v1::Goal low = NewGoal("low", "e-vvk-01-01");
  low.set_parent_goal_id("top");
  Agreed(low);
  ASSERT_THAT(CheckIn(ValueOf("low", 0.4, "2022-05-30")), IsOk());
  v1::ListGoalsRequest overdue;
  overdue.set_overdue_only(true);
  EXPECT_THAT(List(overdue), ElementsAre("top"));
  overdue.set_as_of("2021-10-01");
  EXPECT_THAT(List(overdue), ElementsAre());
  v1::ListGoalsRequest carrying;
  carrying.set_parent_goal_id("top");
  EXPECT_THAT(List(carrying), ElementsAre("low"));
}

TEST_F(GoalsReadsTest, ListsPagesOfOneQuestion) {
  for (const char* id : {"a", "b", "c"}) ASSERT_THAT(Create(NewGoal(id, "buf")), IsOk());
  v1::ListGoalsRequest request;
  request.set_page_size(2);
  EXPECT_THAT(List(request), ElementsAre("a", "b"));
  request.set_page_token(next_);
  EXPECT_THAT(List(request), ElementsAre("c"));
  EXPECT_EQ(next_, "");
  request.set_overdue_only(true);
  v1::ListGoalsResponse response;
  EXPECT_THAT(Call(&Stub::ListGoals, request, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN"));
}

TEST_F(GoalsReadsTest, ShowsAGoalAsItWas) {
  Agreed(NewGoal("a", "kl-vvk-01"));
  ASSERT_THAT(CheckIn(ValueOf("a", 0.4, "2022-03-01")), IsOk());
  v1::ListGoalsRequest request;
  request.set_as_of("2021-09-10");
  v1::ListGoalsResponse response;
  ASSERT_THAT(Call(&Stub::ListGoals, request, &response), IsOk());
  EXPECT_EQ(response.goals(0).state(), v1::GOAL_STATE_DRAFT);
  EXPECT_FALSE(response.goals(0).criteria(0).has_current());
}

TEST_F(GoalsReadsTest, AddsUpACascade) {
  Agreed(NewGoal("top", "kl-vvk-01"));
  v1::Goal low = NewGoal("low", "e-vvk-01-01");
  low.set_parent_goal_id("top");
  low.set_weight(3);
  Agreed(low);
  ASSERT_THAT(CheckIn(ValueOf("low", 0.6)), IsOk());
  const v1::GetGoalResponse top = Get("top");
  EXPECT_THAT(top.child_goal_ids(), ElementsAre("low"));
  EXPECT_DOUBLE_EQ(top.goal().progress(), 0);
  EXPECT_DOUBLE_EQ(top.cascaded_progress(), 0.75);
  EXPECT_EQ(top.cascaded_goal_count(), 2);
}

TEST_F(GoalsReadsTest, RollsProgressUpTheTreeAndShowsWhatIsUncovered) {
  Agreed(NewGoal("a", "e-vvk-01-01"));
  Agreed(NewGoal("b", "kl-vvk-02"));
  ASSERT_THAT(CheckIn(ValueOf("a", 0.6, "2022-05-30")), IsOk());
  const v1::GetProgressResponse area = Progress("omr-vvk");
  EXPECT_DOUBLE_EQ(area.total().progress(), 0.5);
  EXPECT_EQ(area.total().unit_kind(), "area");
  EXPECT_EQ(area.total().states().agreed(), 2);
  EXPECT_EQ(area.total().unmeasured_goal_count(), 1);
  EXPECT_FALSE(area.own().has_progress());
  ASSERT_EQ(area.children_size(), 3);
  EXPECT_DOUBLE_EQ(area.children(0).progress(), 1);
  EXPECT_FALSE(area.children(2).has_progress());
  EXPECT_THAT(area.uncovered_core_area_codes(), ElementsAre("quality_through_data"));
  ASSERT_EQ(area.overdue_size(), 1);
  EXPECT_EQ(area.overdue(0).goal_id(), "b");
  EXPECT_EQ(area.overdue(0).due_on(), "2021-12-14");
}

TEST_F(GoalsReadsTest, GoesByATreeAsNewAsItIsAskedFor) {
  v1::GetProgressRequest progress;
  progress.set_unit_id("buf");
  v1::GetProgressResponse shown;
  ASSERT_THAT(Call(&Stub::GetProgress, progress, &shown), IsOk());
  const int64_t newest = shown.organisation_revision();
  progress.set_min_organisation_revision(newest);
  EXPECT_THAT(Call(&Stub::GetProgress, progress, &shown), IsOk());
  progress.set_min_organisation_revision(newest + 1);
  EXPECT_THAT(Call(&Stub::GetProgress, progress, &shown),
              IsRetryable(absl::StatusCode::kUnavailable, "REVISION_NOT_REACHED"));
  v1::ListGoalsRequest list;
  list.set_unit_id("buf");
  list.set_min_organisation_revision(newest + 1);
  v1::ListGoalsResponse listed;
  EXPECT_THAT(Call(&Stub::ListGoals, list, &listed),
              IsRetryable(absl::StatusCode::kUnavailable, "REVISION_NOT_REACHED"));
  LoseTheOrganisation();
  EXPECT_THAT(Call(&Stub::GetProgress, progress, &shown),
              IsRetryable(absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE"));
}

TEST_F(GoalsReadsTest, SeesEachCheckInInTheNextProgress) {
  Agreed(NewGoal("a", "e-vvk-01-01"));
  for (int step = 1; step <= 4; ++step) {
    ASSERT_THAT(CheckIn(ValueOf("a", 0.2 + 0.1 * step)), IsOk());
    EXPECT_NEAR(Progress("buf").total().progress(), step / 4.0, 1e-9);
    EXPECT_GE(Progress("buf").revision(), checked_in_.revision());
  }
}

TEST_F(GoalsReadsTest, TellsProgressAsItWas) {
  Agreed(NewGoal("a", "e-vvk-01-01"));
  ASSERT_THAT(CheckIn(ValueOf("a", 0.6, "2022-03-01")), IsOk());
  EXPECT_DOUBLE_EQ(Progress("buf", "2022-02-28").total().progress(), 0);
  EXPECT_DOUBLE_EQ(Progress("buf", "2022-03-01").total().progress(), 1);
  EXPECT_EQ(Progress("buf", "2021-09-02").total().states().draft(), 1);
}

TEST_F(GoalsReadsTest, ShowsAWriteOnAnotherReplicaThatIsAskedForItsRevision) {
  GoalsService other(runtime_->runtime(), *database_, *trees_, figures_, progress_answers_, clock_);
  klynge::testing::ServiceHost other_host(*runtime_, "goals", {&other});
  auto other_stub = v1::GoalsService::NewStub(other_host.channel());
  for (int i = 0; i < 20; ++i) {
    const std::string id = absl::StrCat("g", i);
    ASSERT_THAT(Create(NewGoal(id, "kl-vvk-01")), IsOk());
    v1::GetGoalRequest request;
    request.set_goal_id(id);
    request.set_min_revision(created_.revision());
    v1::GetGoalResponse response;
    grpc::ClientContext context;
    EXPECT_THAT(other_stub->GetGoal(&context, request, &response), IsOk());
    EXPECT_GE(response.revision(), created_.revision());
  }
}

TEST_F(GoalsReadsTest, SaysWhenARevisionIsNotReached) {
  v1::GetGoalRequest request;
  request.set_min_revision(1000);
  v1::GetGoalResponse response;
  EXPECT_THAT(Call(&Stub::GetGoal, request, &response),
              StatusIs(absl::StatusCode::kUnavailable, "REVISION_NOT_REACHED"));
}

TEST_F(GoalsReadsTest, NeverLosesACheckInOfManyAtOnce) {
  Agreed(NewGoal("a", "e-vvk-01-01"));
  std::vector<std::thread> teams;
  for (int team = 0; team < 4; ++team) {
    teams.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        grpc::ClientContext context, asking;
        v1::CheckInResponse checked_in;
        EXPECT_THAT(stub_->CheckIn(&context, ValueOf("a", 0.3), &checked_in), IsOk());
        v1::GetProgressRequest request;
        request.set_unit_id("buf");
        v1::GetProgressResponse progress;
        EXPECT_THAT(stub_->GetProgress(&asking, request, &progress), IsOk());
        EXPECT_GE(progress.revision(), checked_in.revision());
      }
    });
  }
  for (std::thread& team : teams) team.join();
  v1::ListCheckInsRequest request;
  request.set_goal_id("a");
  request.set_page_size(1000);
  v1::ListCheckInsResponse listed;
  ASSERT_THAT(Call(&Stub::ListCheckIns, request, &listed), IsOk());
  ASSERT_EQ(listed.check_ins_size(), 100);
  EXPECT_EQ(listed.check_ins(99).number(), 100);
}

TEST_F(GoalsReadsTest, AnswersWhatItsTreeKnowsWhileTheOrganisationIsAwayAndCallsNothingUnknown) {
  Agreed(NewGoal("a", "kl-vvk-01"));
  LoseTheOrganisation();
  EXPECT_EQ(Progress("kl-vvk-01", "2022-06-01").total().states().agreed(), 1);
  const auto unsure = IsRetryable(absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE");
  v1::GetProgressRequest progress;
  v1::GetProgressResponse shown;
  progress.set_unit_id("kl-unknown");
  EXPECT_THAT(Call(&Stub::GetProgress, progress, &shown), unsure);
  // Before its first day in this tree, which a newer one may have moved.
  progress.set_unit_id("kl-vvk-01");
  progress.set_as_of("2019-12-31");
  EXPECT_THAT(Call(&Stub::GetProgress, progress, &shown), unsure);
  v1::ListGoalsRequest list;
  v1::ListGoalsResponse listed;
  list.set_unit_id("kl-unknown");
  EXPECT_THAT(Call(&Stub::ListGoals, list, &listed), unsure);
}

TEST_F(GoalsReadsTest, RefusesUnknownUnitsGoalsAndFields) {
  v1::GetProgressRequest request;
  v1::GetProgressResponse response;
  request.set_unit_id("kl-unknown");
  EXPECT_THAT(Call(&Stub::GetProgress, request, &response),
              StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
  request.set_unit_id("");
  request.set_as_of("yesterday");
  request.set_max_overdue(5000);
  EXPECT_THAT(WrongFields(Call(&Stub::GetProgress, request, &response)),
              ElementsAre("unit_id", "as_of", "max_overdue"));
  v1::GetGoalRequest goal;
  goal.set_goal_id("nobody");
  v1::GetGoalResponse got;
  EXPECT_THAT(Call(&Stub::GetGoal, goal, &got),
              StatusIs(absl::StatusCode::kNotFound, "GOAL_NOT_FOUND"));
}

}  // namespace
}  // namespace klynge::goals::testing
