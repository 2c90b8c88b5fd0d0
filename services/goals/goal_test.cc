#include "services/goals/goal.h"

#include "services/goals/goal_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::goals {
namespace {

using ::klynge::goals::testing::D;
using ::klynge::goals::testing::GoalBuilder;
using ::klynge::goals::testing::Points;
using ::klynge::testing::IsOk;
using ::klynge::testing::StatusIs;
using ::klynge::testing::WrongFields;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;

Agreement On(absl::string_view iso) { return {"cluster_leader", D(iso), ""}; }
Closure Closed(State state, absl::string_view iso) { return {state, "cluster_leader", D(iso), ""}; }
CheckIn Value(absl::string_view iso, double value, std::string criterion = "") {
  CheckIn check_in;
  check_in.criterion_id = std::move(criterion);
  check_in.value = value;
  check_in.on = D(iso);
  return check_in;
}

TEST(Criterion, IsMeasurableWithIndicatorUnitBaselineTargetAndDueDate) {
  EXPECT_THAT(MissingForMeasuring(Points("c1")), IsEmpty());
}

TEST(Criterion, SaysEverythingThatIsMissing) {
  EXPECT_THAT(MissingForMeasuring(Criterion()),
              ElementsAre("indicator", "unit_of_measure", "baseline", "target", "due_date"));
}

TEST(Criterion, IsNotMeasurableWhenTheTargetIsTheBaseline) {
  EXPECT_FALSE(IsMeasurable(Points("c1", 4, 4)));
}

TEST(Goal, IsADraftUntilItIsAgreed) {
  Goal goal = GoalBuilder("m1").Build();
  EXPECT_EQ(StateOf(goal), State::kDraft);
  ASSERT_THAT(Agree(goal, On("2021-09-15")), IsOk());
  EXPECT_EQ(StateOf(goal), State::kAgreed);
  EXPECT_EQ(goal.agreement->role, "cluster_leader");
}

TEST(Goal, WithoutAMeasurableCriterionIsNeverAgreed) {
  Criterion wish;
  wish.indicator = "Gladere børn";
  Goal goal = GoalBuilder("m1").Criteria({wish}).Build();
  const absl::Status refused = Agree(goal, On("2021-09-15"));
  EXPECT_THAT(refused, StatusIs(kRefused, "CRITERION_NOT_MEASURABLE"));
  EXPECT_THAT(WrongFields(refused), ElementsAre("criteria[0]"));
  EXPECT_EQ(StateOf(goal), State::kDraft);
}

TEST(Goal, WithoutAnyCriterionIsNeverAgreed) {
  Goal goal = GoalBuilder("m1").Criteria({}).Build();
  EXPECT_THAT(Agree(goal, On("2021-09-15")), StatusIs(kRefused, "CRITERION_NOT_MEASURABLE"));
}

TEST(Goal, IsAgreedWhenOneOfItsCriteriaIsMeasurable) {
  Goal goal = GoalBuilder("m1").Criteria({Criterion(), Points("c2")}).Build();
  EXPECT_THAT(Agree(goal, On("2021-09-15")), IsOk());
}

TEST(Goal, IsAgreedOnce) {
  Goal goal = GoalBuilder("m1").AgreedOn("2021-09-15").Build();
  EXPECT_THAT(Agree(goal, On("2021-10-01")), StatusIs(kRefused, "GOAL_ALREADY_AGREED"));
}

TEST(Goal, IsNotAgreedBeforeItBegins) {
  Goal goal = GoalBuilder("m1").Build();
  EXPECT_THAT(Agree(goal, On("2021-08-31")), StatusIs(kRefused, "DATE_OUT_OF_ORDER"));
}

TEST(Goal, TakesCheckInsOnlyWhenAgreed) {
  Goal draft = GoalBuilder("m1").Build();
  EXPECT_THAT(FollowUp(draft, Value("2021-10-01", 3)), StatusIs(kRefused, "GOAL_NOT_AGREED"));
  Goal closed =
      GoalBuilder("m1").AgreedOn("2021-09-15").ClosedOn("2021-10-01", State::kAbandoned).Build();
  EXPECT_THAT(FollowUp(closed, Value("2021-10-01", 3)), StatusIs(kRefused, "GOAL_CLOSED"));
  EXPECT_THAT(draft.check_ins, IsEmpty());
}

TEST(Goal, NumbersItsCheckInsAndKnowsItsOnlyCriterion) {
  Goal goal = GoalBuilder("m1").AgreedOn("2021-09-15").Build();
  ASSERT_THAT(FollowUp(goal, Value("2021-10-01", 3)), IsOk());
  ASSERT_THAT(FollowUp(goal, Value("2021-09-20", 2, "c1")), IsOk());
  EXPECT_EQ(goal.check_ins[0].criterion_id, "c1");
  EXPECT_EQ(goal.check_ins[1].number, 2);
}

TEST(Goal, WithTwoCriteriaMustBeToldWhichOneAValueBelongsTo) {
  Goal goal = GoalBuilder("m1").Criteria({Points("a"), Points("b")}).AgreedOn("2021-09-15").Build();
  EXPECT_THAT(FollowUp(goal, Value("2021-10-01", 3)), StatusIs(kRefused, "CRITERION_NOT_FOUND"));
  EXPECT_THAT(FollowUp(goal, Value("2021-10-01", 3, "c")),
              StatusIs(kRefused, "CRITERION_NOT_FOUND"));
  EXPECT_THAT(FollowUp(goal, Value("2021-10-01", 3, "b")), IsOk());
}

TEST(Goal, TakesNoCheckInFromBeforeItsAgreement) {
  Goal goal = GoalBuilder("m1").AgreedOn("2021-09-15").Build();
  EXPECT_THAT(FollowUp(goal, Value("2021-09-14", 3)), StatusIs(kRefused, "DATE_OUT_OF_ORDER"));
}

TEST(Goal, CountsTheLatestValueByDateThenByOrderOfEntry) {
  const Goal goal = GoalBuilder("m1")
                        .AgreedOn("2021-09-15")
                        .Value("2022-01-01", 5)
                        .Value("2021-11-01", 9)
                        .Value("2022-01-01", 6)
                        .Build();
  EXPECT_EQ(LatestValue(goal, goal.criteria[0], D("2022-02-01"))->value, 6);
  EXPECT_EQ(LatestValue(goal, goal.criteria[0], D("2021-12-31"))->value, 9);
  EXPECT_EQ(LatestValue(goal, goal.criteria[0], D("2021-10-31")), nullptr);
}

TEST(Goal, IsAchievedOnlyWhenEveryTargetIsMet) {
  Goal goal = GoalBuilder("m1")
                  .Criteria({Points("up"), Points("down", 10, 4)})
                  .AgreedOn("2021-09-15")
                  .Value("2022-01-01", 10, "up")
                  .Value("2022-01-01", 5, "down")
                  .Build();
  const absl::Status refused = Close(goal, Closed(State::kAchieved, "2022-02-01"));
  EXPECT_THAT(refused, StatusIs(kRefused, "CRITERIA_NOT_MET"));
  EXPECT_THAT(WrongFields(refused), ElementsAre("criteria.down"));
  ASSERT_THAT(FollowUp(goal, Value("2022-02-01", 4, "down")), IsOk());
  EXPECT_THAT(Close(goal, Closed(State::kAchieved, "2022-02-01")), IsOk());
  EXPECT_EQ(StateOf(goal), State::kAchieved);
}

TEST(Goal, MayBeAbandonedAsADraftButNotAchieved) {
  Goal goal = GoalBuilder("m1").Build();
  EXPECT_THAT(Close(goal, Closed(State::kAchieved, "2022-02-01")),
              StatusIs(kRefused, "GOAL_NOT_AGREED"));
  EXPECT_THAT(Close(goal, Closed(State::kAbandoned, "2022-02-01")), IsOk());
}

TEST(Goal, ClosesOnceAndNotBeforeItsLatestCheckIn) {
  Goal goal = GoalBuilder("m1").AgreedOn("2021-09-15").Value("2022-01-01", 3).Build();
  EXPECT_THAT(Close(goal, Closed(State::kAbandoned, "2021-12-31")),
              StatusIs(kRefused, "DATE_OUT_OF_ORDER"));
  ASSERT_THAT(Close(goal, Closed(State::kAbandoned, "2022-01-01")), IsOk());
  EXPECT_THAT(Close(goal, Closed(State::kAbandoned, "2022-01-02")),
              StatusIs(kRefused, "GOAL_CLOSED"));
}

TEST(Goal, KeepsDissentAlsoWhenItIsClosed) {
  Goal goal = GoalBuilder("m1").ClosedOn("2022-01-01", State::kAbandoned).Build();
  AddDissent(goal, {0, "pedagogical_leader", D("2021-10-01"), "Målet er for snævert", {}});
  AddDissent(goal, {0, "cluster_leader", D("2021-10-02"), "Tiden mangler", {}});
  ASSERT_EQ(goal.dissents.size(), 2u);
  EXPECT_EQ(goal.dissents[1].number, 2);
}

TEST(Goal, HadTheStateOfThatDay) {
  const Goal goal =
      GoalBuilder("m1").AgreedOn("2021-09-15").ClosedOn("2022-06-01", State::kAbandoned).Build();
  EXPECT_EQ(StateOn(goal, D("2021-08-31")), absl::nullopt);
  EXPECT_EQ(StateOn(goal, D("2021-09-14")), State::kDraft);
  EXPECT_EQ(StateOn(goal, D("2021-09-15")), State::kAgreed);
  EXPECT_EQ(StateOn(goal, D("2022-06-01")), State::kAbandoned);
}

TEST(Goal, PromisesTheSameOnceItIsAgreed) {
  const Goal agreed = GoalBuilder("m1").AgreedOn("2021-09-15").Build();
  Goal reworded = agreed;
  reworded.title = "Klarere ord";
  reworded.follow_up_interval_days = 30;
  EXPECT_THAT(CheckChange(agreed, reworded), IsOk());
  Goal lowered = agreed;
  lowered.criteria[0].target = 2;
  const absl::Status refused = CheckChange(agreed, lowered);
  EXPECT_THAT(refused, StatusIs(kRefused, "GOAL_ALREADY_AGREED"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("2021-09-15"));
}

TEST(Goal, MayBeChangedFreelyAsADraft) {
  const Goal draft = GoalBuilder("m1").Build();
  Goal lowered = draft;
  lowered.criteria[0].target = 2;
  EXPECT_THAT(CheckChange(draft, lowered), IsOk());
}

TEST(Etag, IsRefusedWhenTheGoalChangedInBetween) {
  Goal goal = GoalBuilder("m1").Build();
  goal.revision = 7;
  EXPECT_THAT(CheckEtag(goal, ""), IsOk());
  EXPECT_THAT(CheckEtag(goal, Etag(goal)), IsOk());
  EXPECT_THAT(CheckEtag(goal, "r6"), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

}  // namespace
}  // namespace klynge::goals
