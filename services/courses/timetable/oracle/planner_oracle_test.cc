// The planner against the oracle: it finds a timetable wherever there is one, calls impossible only
// what is, and comes close to the least cost.

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
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

// How the planner has fared over many problems.
struct Tally {
  int possible = 0, impossible = 0, proved = 0, optimal = 0;

  void Compare(const Problem& problem, const std::string& name) {
    const OracleAnswer any = FindAnyTimetable(problem);
    ASSERT_TRUE(any.complete) << name;
    const PlannerResult result = PlanTimetable(problem, Iterations(any.timetable ? 300000 : 2000));
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

  void Judge() const {
    // At least 95 % are the very best.
    EXPECT_GE(optimal * 100, possible * 95) << optimal << " of " << possible;
    // Or else the problems say nothing.
    EXPECT_GT(possible, 40);
    EXPECT_GT(impossible, 5);
  }
};

TEST(PlannerAgainstTheOracle, FindsATimetableWhereThereIsOneNearTheLeastCost) {
  Tally tally;
  for (uint64_t seed = 0; seed < 180; ++seed) {
    tally.Compare(RandomProgramme(seed, static_cast<int>(seed % 3)), absl::StrCat("seed ", seed));
  }
  tally.Judge();
  EXPECT_GT(tally.proved, 20);
}

TEST(PlannerAgainstTheOracle, MendsWhatIsPublishedNearTheLeastCost) {
  Tally tally;
  for (uint64_t seed = 0; seed < 90; ++seed) {
    Problem problem = RandomProgramme(seed);
    problem.published = {};
    problem.max_changes = -1;
    const OracleAnswer published = SolveCompletely(problem);
    ASSERT_TRUE(published.complete) << "seed " << seed;
    if (!published.timetable) continue;
    tally.Compare(Disrupted(problem, *published.timetable, seed), absl::StrCat("seed ", seed));
  }
  tally.Judge();
}

TEST(PlannerAgainstTheOracle, CountsAsChangedWhatIsHeldNoMore) {
  // Of each series one event goes, with its date, venue and lecturer, and its team attends another.
  Problem problem = SmallProblem();
  problem.limits.max_away_share = 1;
  problem.published = SmallTimetable();
  for (Series& series : problem.series) series.events = 1;
  for (problem.max_changes = 7; problem.max_changes <= 8; ++problem.max_changes) {
    const bool exists = problem.max_changes == 8;
    EXPECT_EQ(FindAnyTimetable(problem).timetable.has_value(), exists);
    EXPECT_EQ(PlanTimetable(problem, Iterations(20000)).outcome == Outcome::kFeasible, exists);
  }
}

}  // namespace
}  // namespace klynge::courses::timetable
