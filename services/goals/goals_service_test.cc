// The calls that write goals and frameworks, through a real server.
#include "services/goals/goals_service_test_support.h"

namespace klynge::goals::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::IsRetryable;
using ::klynge::testing::StatusIs;
using ::klynge::testing::WrongFields;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Stub = v1::GoalsService::Stub;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;
constexpr auto kNotFound = absl::StatusCode::kNotFound;
constexpr auto kExists = absl::StatusCode::kAlreadyExists;

TEST_F(GoalsServiceTest, PublishesTheSameFrameworkOnce) {
  v1::PublishFrameworkRequest request;
  *request.mutable_framework() = SmallFramework();
  request.mutable_framework()->set_version(0);
  v1::PublishFrameworkResponse response;
  ASSERT_THAT(Call(&Stub::PublishFramework, request, &response), IsOk());
  EXPECT_TRUE(response.unchanged());
  EXPECT_EQ(response.version(), 1);
}

TEST_F(GoalsServiceTest, PublishesOtherContentAsTheNextVersionAndNeverChangesOne) {
  v1::PublishFrameworkRequest request;
  *request.mutable_framework() = SmallFramework();
  request.mutable_framework()->mutable_label()->set_en("Another profile");
  v1::PublishFrameworkResponse response;
  EXPECT_THAT(Call(&Stub::PublishFramework, request, &response),
              StatusIs(kExists, "FRAMEWORK_VERSION_PUBLISHED"));
  request.mutable_framework()->set_version(0);
  ASSERT_THAT(Call(&Stub::PublishFramework, request, &response), IsOk());
  EXPECT_EQ(response.version(), 2);
  v1::GetFrameworkRequest get;
  get.set_framework_id("kk-2021");
  get.set_version(1);
  v1::GetFrameworkResponse got;
  ASSERT_THAT(Call(&Stub::GetFramework, get, &got), IsOk());
  EXPECT_EQ(got.framework().label().en(), SmallFramework().label().en());
}

TEST_F(GoalsServiceTest, PublishesNothingWhenOnlyValidating) {
  v1::PublishFrameworkRequest request;
  *request.mutable_framework() = SmallFramework();
  request.mutable_framework()->set_framework_id("other");
  request.set_validate_only(true);
  v1::PublishFrameworkResponse response;
  ASSERT_THAT(Call(&Stub::PublishFramework, request, &response), IsOk());
  EXPECT_EQ(response.version(), 1);
  v1::ListFrameworksResponse listed;
  ASSERT_THAT(Call(&Stub::ListFrameworks, v1::ListFrameworksRequest(), &listed), IsOk());
  ASSERT_EQ(listed.frameworks_size(), 1);
  EXPECT_EQ(listed.frameworks(0).core_area_count(), 2);
  EXPECT_TRUE(listed.frameworks(0).latest());
}

TEST_F(GoalsServiceTest, CreatesADraft) {
  ASSERT_THAT(Create(NewGoal("m1", "kl-vvk-01")), IsOk());
  const v1::Goal goal = Get("m1").goal();
  EXPECT_EQ(goal.state(), v1::GOAL_STATE_DRAFT);
  EXPECT_EQ(goal.framework_version(), 1);
  EXPECT_EQ(goal.criteria(0).criterion_id(), "c1");
  EXPECT_EQ(goal.follow_up_interval_days(), 90);
  EXPECT_EQ(goal.revision(), created_.revision());
  EXPECT_FALSE(goal.has_progress());
}

TEST_F(GoalsServiceTest, ListsEveryWrongFieldAndKeepsNothing) {
  v1::Goal goal = NewGoal("Måltal", "");
  goal.clear_title();
  goal.set_weight(-2);
  goal.set_starts_on("2021-02-30");
  goal.set_follow_up_interval_days(400);
  goal.clear_core_area_codes();
  goal.add_guidepost_codes("unknown");
  goal.mutable_criteria(0)->set_due_date("soon");
  const absl::Status refused = Create(goal);
  EXPECT_THAT(refused, StatusIs(kInvalid, "INVALID_FIELDS"));
  EXPECT_THAT(
      WrongFields(refused),
      UnorderedElementsAre("goal.goal_id", "goal.unit_id", "goal.title", "goal.weight",
                           "goal.starts_on", "goal.follow_up_interval_days", "goal.core_area_codes",
                           "goal.guidepost_codes[0]", "goal.criteria[0].due_date"));
  v1::ListGoalsResponse listed;
  ASSERT_THAT(Call(&Stub::ListGoals, v1::ListGoalsRequest(), &listed), IsOk());
  EXPECT_EQ(listed.goals_size(), 0);
}

TEST_F(GoalsServiceTest, RefusesUnknownUnitsAndIdsInUse) {
  EXPECT_THAT(Create(NewGoal("m1", "kl-unknown")), StatusIs(kNotFound, "UNIT_NOT_FOUND"));
  ASSERT_THAT(Create(NewGoal("m1", "kl-vvk-01")), IsOk());
  EXPECT_THAT(Create(NewGoal("m1", "kl-vvk-01")), StatusIs(kExists, "GOAL_EXISTS"));
}

TEST_F(GoalsServiceTest, WritesWhatItsTreeKnowsWhileTheOrganisationIsAwayAndCallsNothingUnknown) {
  LoseTheOrganisation();
  const auto unsure = IsRetryable(absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE");
  EXPECT_THAT(Create(NewGoal("m1", "kl-unknown")), unsure);
  ASSERT_THAT(Create(NewGoal("m1", "kl-vvk-01")), IsOk());
  v1::BindIndicatorRequest bind;
  v1::BindIndicatorResponse bound;
  bind.set_goal_id("m1");
  bind.mutable_binding()->set_instrument_id("kk-observation");
  bind.mutable_binding()->set_item_id("sr-1");
  bind.mutable_binding()->set_statistic(v1::INDICATOR_STATISTIC_SHARE_OF_GREEN);
  bind.mutable_binding()->set_unit_id("e-unknown");
  EXPECT_THAT(Call(&Stub::BindIndicator, bind, &bound), unsure);
}

TEST_F(GoalsServiceTest, GivesARepeatedRequestItsFirstAnswer) {
  v1::CreateGoalRequest request;
  request.set_request_id("create-1");
  *request.mutable_goal() = NewGoal("m1", "kl-vvk-01");
  v1::CreateGoalResponse first, second;
  ASSERT_THAT(Call(&Stub::CreateGoal, request, &first), IsOk());
  ASSERT_THAT(Call(&Stub::CreateGoal, request, &second), IsOk());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.mutable_goal()->set_goal_id("m2");
  EXPECT_THAT(Call(&Stub::CreateGoal, request, &second), StatusIs(kExists, "REQUEST_ID_REUSED"));
}

TEST_F(GoalsServiceTest, UpdatesOnlyTheMaskedFields) {
  ASSERT_THAT(Create(NewGoal("m1", "kl-vvk-01")), IsOk());
  v1::UpdateGoalRequest request;
  request.mutable_goal()->set_goal_id("m1");
  request.mutable_goal()->set_title("Klarere ord");
  request.mutable_goal()->set_weight(5);
  request.mutable_update_mask()->add_paths("title");
  request.mutable_update_mask()->add_paths("title");
  request.set_etag(created_.goal().etag());
  v1::UpdateGoalResponse response;
  ASSERT_THAT(Call(&Stub::UpdateGoal, request, &response), IsOk());
  EXPECT_EQ(Get("m1").goal().title(), "Klarere ord");
  EXPECT_EQ(Get("m1").goal().weight(), 1);
  EXPECT_EQ(Get("m1").goal().criteria_size(), 1);
  EXPECT_THAT(Call(&Stub::UpdateGoal, request, &response),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_F(GoalsServiceTest, ReplacesAListWhole) {
  v1::Goal goal = NewGoal("m1", "kl-vvk-01");
  *goal.add_criteria() = goal.criteria(0);
  ASSERT_THAT(Create(goal), IsOk());
  v1::UpdateGoalRequest request;
  request.mutable_goal()->set_goal_id("m1");
  *request.mutable_goal()->add_criteria() = goal.criteria(0);
  request.mutable_goal()->mutable_criteria(0)->set_target(0.9);
  request.mutable_update_mask()->add_paths("criteria");
  v1::UpdateGoalResponse response;
  ASSERT_THAT(Call(&Stub::UpdateGoal, request, &response), IsOk());
  const v1::Goal updated = Get("m1").goal();
  ASSERT_EQ(updated.criteria_size(), 1);
  EXPECT_EQ(updated.criteria(0).target(), 0.9);
}

TEST_F(GoalsServiceTest, RefusesMasksThatCannotBeChanged) {
  ASSERT_THAT(Create(NewGoal("m1", "kl-vvk-01")), IsOk());
  v1::UpdateGoalRequest request;
  request.mutable_goal()->set_goal_id("m1");
  for (const char* path : {"unit_id", "state", "no_such"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  v1::UpdateGoalResponse response;
  EXPECT_THAT(WrongFields(Call(&Stub::UpdateGoal, request, &response)),
              ElementsAre("update_mask.paths[0]", "update_mask.paths[1]", "update_mask.paths[2]"));
}

TEST_F(GoalsServiceTest, AgreesNoGoalWithoutAMeasurableCriterion) {
  v1::Goal goal = NewGoal("m1", "kl-vvk-01");
  goal.mutable_criteria(0)->clear_target();
  ASSERT_THAT(Create(goal), IsOk());
  EXPECT_THAT(Agree("m1"), StatusIs(kRefused, "CRITERION_NOT_MEASURABLE"));
  EXPECT_EQ(Get("m1").goal().state(), v1::GOAL_STATE_DRAFT);
}

TEST_F(GoalsServiceTest, RemembersWhoAgreedByRole) {
  Agreed(NewGoal("m1", "kl-vvk-01"));
  EXPECT_EQ(Get("m1").goal().agreement().role(), "cluster_leader");
  EXPECT_EQ(Get("m1").goal().agreement().agreed_on(), "2021-09-15");
  EXPECT_THAT(Agree("m1"), StatusIs(kRefused, "GOAL_ALREADY_AGREED"));
  EXPECT_THAT(Agree("nobody"), StatusIs(kNotFound, "GOAL_NOT_FOUND"));
}

TEST_F(GoalsServiceTest, RefusesAgreementsFromTheFuture) {
  ASSERT_THAT(Create(NewGoal("m1", "kl-vvk-01")), IsOk());
  const absl::Status refused = Agree("m1", "2022-06-02");
  EXPECT_THAT(refused, StatusIs(kInvalid, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(refused), ElementsAre("agreement.agreed_on"));
}

TEST_F(GoalsServiceTest, KeepsDissentByRoleInEveryState) {
  Agreed(NewGoal("m1", "kl-vvk-01"));
  v1::RecordDissentRequest dissent;
  dissent.set_goal_id("m1");
  dissent.mutable_dissent()->set_role("pedagogical_leader");
  dissent.mutable_dissent()->set_note("Målet måler det, der er let at måle.");
  v1::RecordDissentResponse response;
  ASSERT_THAT(Call(&Stub::RecordDissent, dissent, &response), IsOk());
  v1::CloseGoalRequest close;
  close.set_goal_id("m1");
  close.set_state(v1::GOAL_STATE_ABANDONED);
  close.mutable_closure()->set_role("cluster_leader");
  v1::CloseGoalResponse closed;
  ASSERT_THAT(Call(&Stub::CloseGoal, close, &closed), IsOk());
  ASSERT_THAT(Call(&Stub::RecordDissent, dissent, &response), IsOk());
  const v1::Goal goal = Get("m1").goal();
  ASSERT_EQ(goal.dissents_size(), 2);
  EXPECT_EQ(goal.dissents(0).role(), "pedagogical_leader");
  EXPECT_EQ(goal.dissents(1).number(), 2);
  EXPECT_EQ(goal.state(), v1::GOAL_STATE_ABANDONED);
}

TEST_F(GoalsServiceTest, ChecksInAValueAndShowsTheProgress) {
  Agreed(NewGoal("m1", "kl-vvk-01"));
  ASSERT_THAT(CheckIn(ValueOf("m1", 0.4)), IsOk());
  EXPECT_EQ(checked_in_.check_in().number(), 1);
  EXPECT_DOUBLE_EQ(checked_in_.goal().progress(), 0.5);
  EXPECT_EQ(checked_in_.goal().next_follow_up_due_on(), "2022-05-30");
  EXPECT_EQ(Get("m1").goal().criteria(0).current(), 0.4);
}

TEST_F(GoalsServiceTest, ChecksInOnceForOneRequestId) {
  Agreed(NewGoal("m1", "kl-vvk-01"));
  v1::CheckInRequest request = ValueOf("m1", 0.4);
  request.set_request_id("check-1");
  ASSERT_THAT(CheckIn(request), IsOk());
  ASSERT_THAT(CheckIn(request), IsOk());
  v1::ListCheckInsRequest list;
  list.set_goal_id("m1");
  v1::ListCheckInsResponse listed;
  ASSERT_THAT(Call(&Stub::ListCheckIns, list, &listed), IsOk());
  EXPECT_EQ(listed.check_ins_size(), 1);
}

TEST_F(GoalsServiceTest, RefusesCheckInsOnDraftsFromTheFutureOrWithNothingToSay) {
  ASSERT_THAT(Create(NewGoal("m1", "kl-vvk-01")), IsOk());
  EXPECT_THAT(CheckIn(ValueOf("m1", 0.4)), StatusIs(kRefused, "GOAL_NOT_AGREED"));
  v1::CheckInRequest wrong = ValueOf("m1", 0.4, "2023-01-01");
  wrong.mutable_check_in()->clear_value();
  wrong.mutable_check_in()->clear_role();
  wrong.mutable_check_in()->set_source(v1::CHECK_IN_SOURCE_OBSERVATION);
  EXPECT_THAT(WrongFields(CheckIn(wrong)),
              UnorderedElementsAre("check_in.checked_on", "check_in.value", "check_in.role",
                                   "check_in.source"));
}

TEST_F(GoalsServiceTest, ClosesAsAchievedOnlyWhenTheTargetIsMet) {
  Agreed(NewGoal("m1", "kl-vvk-01"));
  v1::CloseGoalRequest close;
  close.set_goal_id("m1");
  close.set_state(v1::GOAL_STATE_ACHIEVED);
  close.mutable_closure()->set_role("cluster_leader");
  v1::CloseGoalResponse closed;
  EXPECT_THAT(Call(&Stub::CloseGoal, close, &closed), StatusIs(kRefused, "CRITERIA_NOT_MET"));
  ASSERT_THAT(CheckIn(ValueOf("m1", 0.6)), IsOk());
  ASSERT_THAT(Call(&Stub::CloseGoal, close, &closed), IsOk());
  EXPECT_EQ(closed.goal().state(), v1::GOAL_STATE_ACHIEVED);
  EXPECT_THAT(CheckIn(ValueOf("m1", 0.7)), StatusIs(kRefused, "GOAL_CLOSED"));
}

}  // namespace
}  // namespace klynge::goals::testing
