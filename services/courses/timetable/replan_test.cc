#include "services/courses/timetable/replan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "services/courses/timetable/engine/random.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

PlannerOptions Steps(int64_t iterations) {
  PlannerOptions options;
  options.max_iterations = iterations;
  options.time_limit = absl::Minutes(2);
  return options;
}

bool Same(const Event& a, const Event& b) {
  return a.series_id == b.series_id && a.date == b.date && a.venue_id == b.venue_id &&
         a.lecturer_id == b.lecturer_id;
}

std::vector<std::string> Remaining(const Event& event, const Problem& problem) {
  std::vector<std::string> teams;
  for (const Team& team : problem.teams) {
    if (std::count(event.team_ids.begin(), event.team_ids.end(), team.id) > 0) {
      teams.push_back(team.id);
    }
  }
  return teams;
}

// Every repair keeps the rules and the past, and the curve is one.
void ExpectSound(const ReplanResult& result, const Timetable& published, Date today, int most) {
  int64_t changes = -1, cost = std::numeric_limits<int64_t>::max();
  for (const ProgrammeRepair& repair : result.curve) {
    EXPECT_EQ(Rules(CheckTimetable(result.problem, repair.timetable)), "");
    EXPECT_EQ(repair.changes, CountChanges(result.problem, repair.timetable));
    EXPECT_EQ(repair.cost, CostOf(result.problem, repair.timetable));
    EXPECT_GT(repair.changes, changes);
    EXPECT_LT(repair.cost, cost);
    EXPECT_LE(repair.changes, most);
    changes = repair.changes;
    cost = repair.cost;
    size_t past = 0, held = 0;
    for (const Event& event : published.events) past += event.date < today ? 1 : 0;
    for (const Event& event : repair.timetable.events) {
      if (event.date >= today) continue;
      ++held;
      const auto was = std::find_if(published.events.begin(), published.events.end(),
                                    [&](const Event& each) { return Same(each, event); });
      ASSERT_NE(was, published.events.end());
      EXPECT_EQ(event.team_ids, Remaining(*was, result.problem));
    }
    EXPECT_EQ(held, past);
  }
}

class ReplannedEducation : public ::testing::TestWithParam<int> {
 protected:
  ReplannedEducation()
      : problem_(LeadershipEducation()),
        published_(PlanTimetable(problem_, Steps(60000)).timetable),
        middle_(published_.events[published_.events.size() / 2]) {}

  // One of each kind, of something that the middle event needs.
  ProgrammeDisruption Disruption() const {
    ProgrammeDisruption disruption;
    switch (GetParam()) {
      case 0:
        disruption.venues_lost = {{middle_.venue_id, {middle_.date}}};
        break;
      case 1:
        disruption.dates_closed = {middle_.date};
        break;
      case 2:
        disruption.lecturers_ill = {{middle_.lecturer_id, middle_.date - 60, middle_.date + 60}};
        break;
      case 3:
        disruption.teams_added = {problem_.teams[0]};
        disruption.teams_added[0].id = "team-new";
        disruption.teams_added[0].cluster_id = "";
        break;
      default:
        disruption.teams_left = {problem_.teams[3].id};
    }
    return disruption;
  }

  const Problem problem_;
  const Timetable published_;
  const Event middle_;
};

TEST_P(ReplannedEducation, ChangesLittleFirstAndNothingOfThePast) {
  // A new team comes to everything, so it has to be there from the beginning; and where one has
  // left, the days past would have too many of its area away.
  const Date today = GetParam() >= 3 ? problem_.from : middle_.date - 20;
  const ReplanResult result =
      ReplanProgramme(problem_, published_, Disruption(), today, 30, Steps(1500000));
  ASSERT_EQ(result.outcome, Outcome::kFeasible) << Rules(result.obstacles);
  ASSERT_FALSE(result.curve.empty());
  ExpectSound(result, published_, today, 30);
  // What is lost needs another date, venue or lecturer, and a new team at most one change a series.
  const std::vector<int64_t> most = {2, 2, 8, 6, 16};
  EXPECT_LE(result.curve.front().changes, most[static_cast<size_t>(GetParam())]);
  EXPECT_GE(result.curve.front().changes, GetParam() < 3 ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(Kinds, ReplannedEducation, ::testing::Range(0, 5));

TEST(Replan, LeavesWhatWasPublishedIfNothingHappened) {
  const ReplanResult result =
      ReplanProgramme(SmallProblem(), SmallTimetable(), {}, Date(2022, 9, 1), 0, Steps(1000));
  ASSERT_EQ(result.curve.size(), 1u);
  EXPECT_EQ(result.curve[0].changes, 0);
}

TEST(Replan, FindsNothingWithinTooFewChanges) {
  ProgrammeDisruption closed;
  closed.dates_closed = {Date(2022, 9, 6), Date(2022, 9, 20)};
  const auto replan = [&](int most) {
    return ReplanProgramme(SmallProblem(), SmallTimetable(), closed, Date(2022, 9, 1), most,
                           Steps(20000));
  };
  EXPECT_EQ(replan(1).outcome, Outcome::kNotFound);
  ASSERT_EQ(replan(2).outcome, Outcome::kFeasible);
  EXPECT_EQ(replan(2).curve[0].changes, 2);
}

TEST(Replan, NamesWhatItDoesNotKnow) {
  ProgrammeDisruption disruption;
  disruption.venues_lost = {{"cellar", {Date(2022, 9, 6)}}};
  disruption.lecturers_ill = {{"nobody", Date(2022, 9, 6), Date(2022, 9, 7)}};
  disruption.teams_left = {"team-vvk-9"};
  const ReplanResult result = ReplanProgramme(SmallProblem(), SmallTimetable(), disruption,
                                              Date(2022, 9, 1), 9, Steps(1000));
  EXPECT_EQ(result.outcome, Outcome::kInvalid);
  EXPECT_THAT(result.errors, ElementsAre(Field(&ProblemError::field, "disruption.venues_lost[0]"),
                                         Field(&ProblemError::field, "disruption.lecturers_ill[0]"),
                                         Field(&ProblemError::field, "disruption.teams_left[0]")));
}

TEST(Replan, GivesUpWhereTheDisruptionLeavesNothing) {
  ProgrammeDisruption ill;
  ill.lecturers_ill = {{"lecturer-1", Date(2022, 9, 1), Date(2023, 9, 1)}};
  const ReplanResult result =
      ReplanProgramme(SmallProblem(), SmallTimetable(), ill, Date(2022, 9, 1), 9, Steps(1000));
  EXPECT_EQ(result.outcome, Outcome::kInfeasible);
  EXPECT_FALSE(result.obstacles.empty());
}

// A plan from nothing with the same cap is looked for where the repair is.
TEST(Plan, WithinACapIsFoundWhereReplanningFindsOne) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    Problem problem = RandomLargeProblem(seed);
    const Timetable published = PlanTimetable(problem, Steps(200000)).timetable;
    ASSERT_FALSE(published.events.empty());
    ProgrammeDisruption disruption;
    const Event& lost = published.events[published.events.size() / 2];
    disruption.venues_lost = {{lost.venue_id, {lost.date}}};
    const ReplanResult repaired =
        ReplanProgramme(problem, published, disruption, problem.from, 1000, Steps(200000));
    if (repaired.outcome != Outcome::kFeasible) continue;
    problem = repaired.problem;
    problem.max_changes = static_cast<int>(repaired.curve.front().changes);
    const PlannerResult planned = PlanTimetable(problem, Steps(100000));
    ASSERT_EQ(planned.outcome, Outcome::kFeasible) << "seed " << seed;
    EXPECT_EQ(Rules(CheckTimetable(problem, planned.timetable)), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace klynge::courses::timetable
