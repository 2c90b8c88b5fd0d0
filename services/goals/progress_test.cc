#include "services/goals/progress.h"

#include <gtest/gtest.h>

#include "services/goals/goal_test_support.h"

namespace klynge::goals {
namespace {

using testing::D;
using testing::GoalBuilder;
using testing::Points;

TEST(Travelled, GoesFromBaselineToTargetInBothDirections) {
  struct Case {
    double baseline, target, current, progress;
  };
  for (const Case& c : {Case{0, 10, 0, 0}, Case{0, 10, 5, 0.5}, Case{0, 10, 10, 1},
                        Case{0, 10, 12, 1}, Case{0, 10, -3, 0}, Case{10, 4, 7, 0.5},
                        Case{10, 4, 3, 1}, Case{10, 4, 11, 0}, Case{-4, 4, 0, 0.5}}) {
    EXPECT_DOUBLE_EQ(Travelled(c.baseline, c.target, c.current), c.progress)
        << c.baseline << " → " << c.target << " at " << c.current;
  }
}

TEST(CriterionProgress, IsZeroBeforeTheFirstValue) {
  const Goal goal = GoalBuilder("m1").AgreedOn("2021-09-15").Value("2022-01-01", 5).Build();
  EXPECT_EQ(CriterionProgress(goal, goal.criteria[0], D("2021-12-31")), 0.0);
  EXPECT_EQ(CriterionProgress(goal, goal.criteria[0], D("2022-01-01")), 0.5);
}

TEST(OwnProgress, IsTheMeanOfTheMeasurableCriteriaByWeight) {
  Criterion heavy = Points("heavy");
  heavy.weight = 3;
  const Goal goal = GoalBuilder("m1")
                        .Criteria({Points("light"), heavy, Criterion()})
                        .AgreedOn("2021-09-15")
                        .Value("2022-01-01", 10, "heavy")
                        .Build();
  EXPECT_DOUBLE_EQ(*OwnProgress(goal, D("2022-01-01")), 0.75);
}

TEST(OwnProgress, DoesNotExistWithoutAMeasurableCriterion) {
  const Goal goal = GoalBuilder("m1").Criteria({Criterion()}).Build();
  EXPECT_EQ(OwnProgress(goal, D("2022-01-01")), absl::nullopt);
}

TEST(IsMet, WantsTheTargetItselfAndNotNearlyTheTarget) {
  const Goal goal = GoalBuilder("m1")
                        .Criteria({Points("c1", 0, 0.3)})
                        .AgreedOn("2021-09-15")
                        .Value("2022-01-01", 0.1 + 0.2 - 1e-12)
                        .Build();
  EXPECT_FALSE(IsMet(goal, goal.criteria[0], D("2022-01-01")));
}

TEST(Counts, OnlyWhileAgreedOrAchieved) {
  const Date day = D("2022-06-01");
  EXPECT_FALSE(Counts(GoalBuilder("m").Build(), day));
  EXPECT_TRUE(Counts(GoalBuilder("m").AgreedOn("2021-09-15").Build(), day));
  const auto closed = [](State state) {
    return GoalBuilder("m").AgreedOn("2021-09-15").ClosedOn("2022-06-01", state).Build();
  };
  EXPECT_TRUE(Counts(closed(State::kAchieved), day));
  EXPECT_FALSE(Counts(closed(State::kAbandoned), day));
  EXPECT_TRUE(Counts(closed(State::kAbandoned), D("2022-05-31")));
}

TEST(FollowUp, IsDueOneIntervalAfterTheAgreement) {
  const Goal goal = GoalBuilder("m").AgreedOn("2021-09-15").Interval(30).Build();
  EXPECT_EQ(FollowUpDue(goal, D("2021-09-15")), D("2021-10-15"));
  EXPECT_EQ(DaysOverdue(goal, D("2021-10-15")), 0);
  EXPECT_EQ(DaysOverdue(goal, D("2021-10-16")), 1);
}

TEST(FollowUp, IsDueOneIntervalAfterTheLatestConversation) {
  const Goal goal =
      GoalBuilder("m").AgreedOn("2021-09-15").Interval(30).Conversation("2021-10-10").Build();
  EXPECT_EQ(FollowUpDue(goal, D("2021-10-20")), D("2021-11-09"));
  EXPECT_EQ(FollowUpDue(goal, D("2021-10-09")), D("2021-10-15"));
}

TEST(FollowUp, IsNotDoneByAFigureThatWasOnlyRead) {
  const Goal goal = GoalBuilder("m")
                        .AgreedOn("2021-09-15")
                        .Interval(30)
                        .Value("2021-10-10", 4, "c1", Source::kObservation)
                        .Build();
  EXPECT_EQ(FollowUpDue(goal, D("2021-10-20")), D("2021-10-15"));
}

TEST(FollowUp, IsNotExpectedOfDraftsAndClosedGoals) {
  EXPECT_EQ(FollowUpDue(GoalBuilder("m").Build(), D("2023-01-01")), absl::nullopt);
  const Goal closed =
      GoalBuilder("m").AgreedOn("2021-09-15").ClosedOn("2022-01-01", State::kAchieved).Build();
  EXPECT_EQ(DaysOverdue(closed, D("2023-01-01")), 0);
  EXPECT_GT(DaysOverdue(closed, D("2021-12-31")), 0);
}

}  // namespace
}  // namespace klynge::goals
