// The planner against the oracle: it finds a timetable wherever there is one, calls impossible only
// what is, and comes close to the least cost.

#include <gtest/gtest.h>

#include "services/courses/timetable/oracle/oracle.h"
#include "services/courses/timetable/oracle/random_programmes.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

PlannerOptions Iterations(int64_t iterations) {
  PlannerOptions options;
  options.max_iterations = iterations;
  options.time_limit = absl::Minutes(2);  // the iterations end it, also under sanitizers
  return options;
}

// `problem` with the numbers of events that `timetable` has: which number is best where it is free,
// the model does not price.
Problem HeldAsOftenAs(Problem problem, const Timetable& timetable) {
  for (Series& series : problem.series) {
    series.events = static_cast<int>(
        std::count_if(timetable.events.begin(), timetable.events.end(),
                      [&](const Event& event) { return event.series_id == series.id; }));
  }
  return problem;
}

// `problem` without the rules that the planner does not know yet.
Problem WithoutNewerRules(Problem problem) {
  for (Series& series : problem.series) {
    series.days = 1;
    series.required_features.clear();
  }
  for (Team& team : problem.teams) team.unavailable.clear();
  problem.limits.max_cluster_away_share = 0;
  problem.limits.max_lecturer_days_per_month = problem.limits.max_team_days_per_month = 0;
  problem.weights.lecturer_stability = problem.weights.stay_published = 0;
  problem.published = {};
  problem.max_changes = -1;
  return problem;
}

// How the planner has fared over many problems.
struct Tally {
  int possible = 0, impossible = 0, proved = 0, optimal = 0;

  void Compare(const Problem& problem, const std::string& name) {
    const OracleAnswer any = FindAnyTimetable(problem);
    ASSERT_TRUE(any.complete) << name;
    const PlannerResult result = PlanTimetable(problem, Iterations(any.timetable ? 60000 : 2000));
    if (!any.timetable) {
      ++impossible;
      proved += result.outcome == Outcome::kInfeasible;
      EXPECT_NE(result.outcome, Outcome::kFeasible) << name;
      return;
    }
    ++possible;
    ASSERT_EQ(result.outcome, Outcome::kFeasible) << name << ": " << Rules(result.obstacles);
    EXPECT_EQ(Rules(CheckTimetable(problem, result.timetable)), "") << name;
    const OracleAnswer best = SolveCompletely(HeldAsOftenAs(problem, result.timetable));
    ASSERT_TRUE(best.complete) << name;
    EXPECT_GE(result.cost, best.cost) << name;
    EXPECT_LE(result.cost, best.cost + best.cost / 10 + 2) << name;
    optimal += result.cost == best.cost;
  }
};

TEST(PlannerAgainstTheOracle, FindsATimetableWhereThereIsOneNearTheLeastCost) {
  Tally tally;
  for (uint64_t seed = 0; seed < 150; ++seed) {
    tally.Compare(WithoutNewerRules(RandomProgramme(seed, static_cast<int>(seed % 3))),
                  absl::StrCat("seed ", seed));
  }
  // At least 95 % are the very best.
  EXPECT_GE(tally.optimal * 100, tally.possible * 95);
  // Or else the problems say nothing.
  EXPECT_GT(tally.possible, 30);
  EXPECT_GT(tally.impossible, 30);
  EXPECT_GT(tally.proved, 5);
}

}  // namespace
}  // namespace klynge::courses::timetable
