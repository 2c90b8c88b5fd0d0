// ImportGoals, BindIndicator and RefreshIndicators, through real servers on both sides.
#include "services/goals/goals_service_test_support.h"

namespace klynge::goals::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::IsRetryable;
using ::klynge::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::GoalsService::Stub;

class GoalsStreamsTest : public GoalsServiceTest {
 protected:
  absl::Status Import(const std::vector<v1::ImportGoalsRequest>& messages,
                      v1::ImportGoalsResponse* response) {
    grpc::ClientContext context;
    auto stream = stub_->ImportGoals(&context, response);
    for (const auto& message : messages) {
      if (!stream->Write(message)) break;
    }
    stream->WritesDone();
    return rpc::FromGrpc(stream->Finish());
  }
  static v1::GoalRow Row(const v1::Goal& goal) {
    v1::GoalRow row;
    *row.mutable_goal() = goal;
    return row;
  }
  int GoalCount() {
    v1::ListGoalsResponse response;
    EXPECT_THAT(Call(&Stub::ListGoals, v1::ListGoalsRequest(), &response), IsOk());
    return response.goals_size();
  }

  // An agreed goal whose criterion follows the share of green of its unit.
  void AgreedAndBound(const std::string& goal_id, const std::string& unit_id) {
    v1::Goal goal = NewGoal(goal_id, unit_id);
    auto* binding = goal.mutable_criteria(0)->mutable_binding();
    binding->set_instrument_id("kk-observation");
    binding->set_item_id("sr-1");
    binding->set_statistic(v1::INDICATOR_STATISTIC_SHARE_OF_GREEN);
    Agreed(goal);
  }
  std::vector<v1::RefreshIndicatorsResponse> Refresh(const v1::RefreshIndicatorsRequest& request) {
    grpc::ClientContext context;
    auto stream = stub_->RefreshIndicators(&context, request);
    std::vector<v1::RefreshIndicatorsResponse> all;
    for (v1::RefreshIndicatorsResponse one; stream->Read(&one);) all.push_back(one);
    refreshed_ = rpc::FromGrpc(stream->Finish());
    return all;
  }

  absl::Status refreshed_;
};

TEST_F(GoalsStreamsTest, ImportsTheRightRowsAndAnswersEach) {
  v1::ImportGoalsRequest first, second;
  *first.add_rows() = Row(NewGoal("a", "buf"));
  *second.add_rows() = Row(NewGoal("b", "nowhere"));
  *second.add_rows() = Row(NewGoal("c", "kl-vvk-01"));
  v1::ImportGoalsResponse response;
  ASSERT_THAT(Import({first, second}, &response), IsOk());
  EXPECT_TRUE(response.applied());
  EXPECT_EQ(response.created_count(), 2);
  ASSERT_EQ(response.outcomes_size(), 3);
  EXPECT_EQ(response.outcomes(1).reason(), "UNIT_NOT_FOUND");
  EXPECT_EQ(GoalCount(), 2);
}

TEST_F(GoalsStreamsTest, RejectsNoRowForItsUnitWhileTheOrganisationIsAway) {
  LoseTheOrganisation();
  v1::ImportGoalsRequest message;
  *message.add_rows() = Row(NewGoal("a", "buf"));
  v1::ImportGoalsResponse response;
  ASSERT_THAT(Import({message}, &response), IsOk());
  *message.add_rows() = Row(NewGoal("b", "nowhere"));
  *message.add_rows() = Row(NewGoal("c", "buf"));
  EXPECT_THAT(Import({message}, &response),
              IsRetryable(absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE"));
  EXPECT_EQ(GoalCount(), 1);
}

TEST_F(GoalsStreamsTest, ImportsTheSameAgainWithoutAChange) {
  v1::ImportGoalsRequest message;
  *message.add_rows() = Row(NewGoal("a", "buf"));
  v1::ImportGoalsResponse first, second;
  ASSERT_THAT(Import({message}, &first), IsOk());
  ASSERT_THAT(Agree("a"), IsOk());
  ASSERT_THAT(Import({message}, &second), IsOk());
  EXPECT_EQ(second.unchanged_count(), 1);
  EXPECT_EQ(Get("a").goal().state(), v1::GOAL_STATE_AGREED);
}

TEST_F(GoalsStreamsTest, ImportsNothingWhenOnlyValidatingOrAtomicWithAWrongRow) {
  v1::ImportGoalsRequest message;
  *message.add_rows() = Row(NewGoal("a", "buf"));
  message.mutable_options()->set_validate_only(true);
  v1::ImportGoalsResponse response;
  ASSERT_THAT(Import({message}, &response), IsOk());
  EXPECT_EQ(response.created_count(), 1);
  EXPECT_FALSE(response.applied());
  EXPECT_EQ(GoalCount(), 0);
  message.mutable_options()->set_validate_only(false);
  message.mutable_options()->set_atomic(true);
  *message.add_rows() = Row(NewGoal("b", "nowhere"));
  ASSERT_THAT(Import({message}, &response), IsOk());
  EXPECT_FALSE(response.applied());
  EXPECT_EQ(response.rejected_count(), 1);
  EXPECT_EQ(GoalCount(), 0);
}

TEST_F(GoalsStreamsTest, GivesARepeatedImportItsFirstAnswer) {
  v1::ImportGoalsRequest message;
  message.mutable_options()->set_request_id("import-1");
  *message.add_rows() = Row(NewGoal("a", "buf"));
  v1::ImportGoalsResponse first, second;
  ASSERT_THAT(Import({message}, &first), IsOk());
  ASSERT_THAT(Import({message}, &second), IsOk());
  EXPECT_EQ(second.created_count(), 1);
  message.mutable_rows(0)->mutable_goal()->set_title("Noget andet");
  EXPECT_THAT(Import({message}, &second),
              StatusIs(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
}

TEST_F(GoalsStreamsTest, ChecksInTheFigureThatACriterionFollows) {
  AgreedAndBound("a", "kl-vvk-01");
  observations_.Set("kl-vvk-01", {25, 2.1, 0.4});
  const auto answers = Refresh({});
  ASSERT_THAT(refreshed_, IsOk());
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].outcome(), v1::REFRESH_OUTCOME_UPDATED);
  EXPECT_EQ(answers[0].value(), 0.4);
  EXPECT_EQ(answers[0].sample_size(), 25);
  const v1::Goal goal = Get("a").goal();
  EXPECT_DOUBLE_EQ(goal.progress(), 0.5);
  v1::ListCheckInsRequest list;
  list.set_goal_id("a");
  v1::ListCheckInsResponse listed;
  ASSERT_THAT(Call(&Stub::ListCheckIns, list, &listed), IsOk());
  EXPECT_EQ(listed.check_ins(0).source(), v1::CHECK_IN_SOURCE_OBSERVATION);
  EXPECT_EQ(listed.check_ins(0).checked_on(), "2022-06-01");
}

TEST_F(GoalsStreamsTest, ChecksInAnUnchangedFigureOfTheSameDayOnce) {
  AgreedAndBound("a", "kl-vvk-01");
  observations_.Set("kl-vvk-01", {25, 2.1, 0.4});
  Refresh({});
  const auto again = Refresh({});
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].outcome(), v1::REFRESH_OUTCOME_UNCHANGED);
  clock_.Advance(absl::Hours(24));
  EXPECT_EQ(Refresh({})[0].outcome(), v1::REFRESH_OUTCOME_UPDATED);
}

TEST_F(GoalsStreamsTest, AnswersARepeatedRefreshAsTheFirstTime) {
  AgreedAndBound("a", "kl-vvk-01");
  AgreedAndBound("b", "kl-vvk-02");
  observations_.Set("kl-vvk-01", {25, 2.1, 0.4});
  v1::RefreshIndicatorsRequest request;
  request.set_request_id("monday");
  const auto first = Refresh(request);
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_EQ(first[1].outcome(), v1::REFRESH_OUTCOME_UNAVAILABLE);

  observations_.Set("kl-vvk-01", {30, 2.2, 0.5});
  observations_.Set("kl-vvk-02", {30, 2.2, 0.5});
  AgreedAndBound("c", "kl-vvk-02");
  const auto again = Refresh(request);
  ASSERT_THAT(again, SizeIs(2));
  for (size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(again[i].SerializeAsString(), first[i].SerializeAsString());
  }
  EXPECT_DOUBLE_EQ(Get("a").goal().criteria(0).current(), 0.4);

  request.set_unit_id("kl-vvk-01");
  Refresh(request);
  EXPECT_THAT(refreshed_, StatusIs(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
}

TEST_F(GoalsStreamsTest, SaysWhichFiguresAreMissingAndGoesOn) {
  AgreedAndBound("empty", "e-vvk-01-01");
  AgreedAndBound("hidden", "e-vvk-01-02");
  AgreedAndBound("shown", "kl-vvk-01");
  AgreedAndBound("unknown", "e-vvk-02-01");
  observations_.Set("e-vvk-01-01", {0, 0, 0});
  observations_.Set("e-vvk-01-02", {0, 0, 0, observations::v1::SUPPRESSION_SMALL_GROUP});
  observations_.Set("kl-vvk-01", {30, 2, 0.6});
  const auto answers = Refresh({});
  ASSERT_THAT(refreshed_, IsOk());
  ASSERT_THAT(answers, SizeIs(4));
  EXPECT_EQ(answers[0].outcome(), v1::REFRESH_OUTCOME_NO_DATA);
  EXPECT_EQ(answers[1].outcome(), v1::REFRESH_OUTCOME_SUPPRESSED);
  EXPECT_EQ(answers[2].outcome(), v1::REFRESH_OUTCOME_UPDATED);
  EXPECT_EQ(answers[3].outcome(), v1::REFRESH_OUTCOME_UNAVAILABLE);
  EXPECT_THAT(answers[3].message(), HasSubstr("e-vvk-02-01"));
  EXPECT_EQ(answers[3].done_count(), 4);
  EXPECT_EQ(answers[3].total_count(), 4);
}

TEST_F(GoalsStreamsTest, AsksForTheUnitsOfOneQuestionTogether) {
  AgreedAndBound("a", "kl-vvk-01");
  AgreedAndBound("b", "kl-vvk-02");
  observations_.Set("kl-vvk-01", {25, 2, 0.4});
  observations_.Set("kl-vvk-02", {25, 2, 0.3});
  Refresh({});
  ASSERT_THAT(observations_.asked(), SizeIs(1));
  EXPECT_THAT(observations_.asked()[0].unit_ids(), SizeIs(2));
}

TEST_F(GoalsStreamsTest, EndsWellWhenTheObservationsAreDown) {
  AgreedAndBound("a", "kl-vvk-01");
  observations_.FailWith({grpc::StatusCode::UNAVAILABLE, "out for a walk"});
  const auto answers = Refresh({});
  ASSERT_THAT(refreshed_, IsOk());
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].outcome(), v1::REFRESH_OUTCOME_UNAVAILABLE);
  EXPECT_THAT(answers[0].message(), HasSubstr("out for a walk"));
  EXPECT_DOUBLE_EQ(Get("a").goal().progress(), 0);
}

TEST_F(GoalsStreamsTest, RefreshesOnlyTheSubtreeAndKeepsNothingWhenOnlyValidating) {
  AgreedAndBound("a", "kl-vvk-01");
  AgreedAndBound("b", "kl-vvk-02");
  observations_.Set("kl-vvk-02", {25, 2, 0.4});
  v1::RefreshIndicatorsRequest request;
  request.set_unit_id("kl-vvk-02");
  request.set_validate_only(true);
  const auto answers = Refresh(request);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].goal_id(), "b");
  EXPECT_EQ(answers[0].outcome(), v1::REFRESH_OUTCOME_UPDATED);
  EXPECT_DOUBLE_EQ(Get("b").goal().progress(), 0);
}

TEST_F(GoalsStreamsTest, PassesGoalsOverThatWereAgreedLater) {
  AgreedAndBound("a", "kl-vvk-01");
  observations_.Set("kl-vvk-01", {25, 2, 0.4});
  v1::RefreshIndicatorsRequest request;
  request.set_checked_on("2021-09-10");
  const auto answers = Refresh(request);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].outcome(), v1::REFRESH_OUTCOME_NOT_AGREED);
}

TEST_F(GoalsStreamsTest, RefusesToRefreshUnknownUnitsAndGoals) {
  v1::RefreshIndicatorsRequest unit;
  unit.set_unit_id("kl-unknown");
  EXPECT_THAT(Refresh(unit), IsEmpty());
  EXPECT_THAT(refreshed_, StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
  v1::RefreshIndicatorsRequest goal;
  goal.add_goal_ids("nobody");
  EXPECT_THAT(Refresh(goal), IsEmpty());
  EXPECT_THAT(refreshed_, StatusIs(absl::StatusCode::kNotFound, "GOAL_NOT_FOUND"));
}

TEST_F(GoalsStreamsTest, BindsAndFreesACriterion) {
  Agreed(NewGoal("a", "kl-vvk-01"));
  v1::BindIndicatorRequest request;
  request.set_goal_id("a");
  auto* binding = request.mutable_binding();
  binding->set_instrument_id("kk-observation");
  binding->set_guidepost_code("language");
  binding->mutable_months()->set_from_month("2021-09");
  binding->mutable_months()->set_to_month("2021-12");
  binding->set_unit_id("omr-vvk");
  binding->set_statistic(v1::INDICATOR_STATISTIC_MEAN);
  v1::BindIndicatorResponse response;
  ASSERT_THAT(Call(&Stub::BindIndicator, request, &response), IsOk());
  EXPECT_EQ(Get("a").goal().criteria(0).binding().SerializeAsString(),
            binding->SerializeAsString());
  request.clear_binding();
  ASSERT_THAT(Call(&Stub::BindIndicator, request, &response), IsOk());
  EXPECT_FALSE(Get("a").goal().criteria(0).has_binding());
}

TEST_F(GoalsStreamsTest, ListsEveryWrongFieldOfABinding) {
  v1::BindIndicatorRequest request;
  request.set_goal_id("a");
  request.mutable_binding()->mutable_months()->set_from_month("2021-13");
  request.mutable_binding()->mutable_months()->set_to_month("2021-1");
  v1::BindIndicatorResponse response;
  const absl::Status refused = Call(&Stub::BindIndicator, request, &response);
  EXPECT_THAT(klynge::testing::WrongFields(refused),
              ::testing::UnorderedElementsAre(
                  "binding.instrument_id", "binding.item_id", "binding.months.from_month",
                  "binding.months.to_month", "binding.months.to_month", "binding.statistic"));
}

}  // namespace
}  // namespace klynge::goals::testing
