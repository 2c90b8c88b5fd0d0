// Properties over random programmes: what the planner gives passes the independent checker, what it
// calls impossible is, and the search's running totals are what a recount gives.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/courses/timetable/moves.h"
#include "services/courses/timetable/obstacles.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

PlannerOptions Brief(uint64_t seed, int64_t iterations) {
  PlannerOptions options;
  options.seed = seed;
  options.max_iterations = iterations;
  options.time_limit = absl::Minutes(2);
  return options;
}

TEST(RandomProgrammes, GetTimetablesThatPassTheChecker) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const Problem problem = RandomLargeProblem(seed);
    const PlannerResult result = PlanTimetable(problem, Brief(seed, 60000));
    ASSERT_EQ(result.outcome, Outcome::kFeasible)
        << "seed " << seed << ": " << Rules(result.obstacles);
    EXPECT_EQ(Rules(CheckTimetable(problem, result.timetable)), "") << "seed " << seed;
  }
}

TEST(RandomProgrammes, AreCalledImpossibleOnlyWhenTryingEverythingFindsNothing) {
  int possible = 0, impossible = 0, unproved = 0;
  for (uint64_t seed = 0; seed < 90; ++seed) {
    const Problem problem = RandomSmallProblem(seed);
    const bool exists = HasTimetable(problem);
    PlannerOptions options = Brief(seed, exists ? 400000 : 2000);
    bool found = false;  // the first feasible timetable is enough
    options.on_progress = [&found](const Progress& progress) { found = progress.best_cost >= 0; };
    options.cancelled = [&found] { return found; };
    const PlannerResult result = PlanTimetable(problem, options);
    EXPECT_EQ(result.outcome == Outcome::kFeasible, exists) << "seed " << seed;
    if (exists) {
      EXPECT_EQ(Rules(CheckTimetable(problem, result.timetable)), "") << "seed " << seed;
      ++possible;
    } else {
      EXPECT_FALSE(result.obstacles.empty()) << "seed " << seed;
      ++(result.outcome == Outcome::kInfeasible ? impossible : unproved);
    }
  }
  // The generator must keep making all kinds, or this test says nothing.
  EXPECT_GT(possible, 20);
  EXPECT_GT(impossible, 20);
  EXPECT_GT(unproved, 5);
}

TEST(RandomMoves, KeepTheTotalsThatARecountGives) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    const Problem problem = RandomLargeProblem(seed);
    const CompiledProblem compiled(problem);
    std::vector<int> counts;
    for (int s = 0; s < compiled.series_count(); ++s) counts.push_back(FewestEvents(compiled, s));
    SearchState state(compiled, counts);
    Moves moves(compiled, state);
    Random random(seed);
    for (int step = 0; step < 200; ++step) {
      moves.MakeRandom(random);
      const Timetable timetable = state.ToTimetable(problem);
      ASSERT_EQ(state.cost(), CostOf(problem, timetable)) << "seed " << seed << " step " << step;
      ASSERT_EQ(state.broken() == 0, CheckTimetable(problem, timetable).empty())
          << "seed " << seed << " step " << step;
    }
  }
}

TEST(RandomMoves, AreTakenBackCompletely) {
  const Problem problem = RandomLargeProblem(3);
  const CompiledProblem compiled(problem);
  SearchState state(compiled, std::vector<int>(compiled.series_count(), 4));
  Moves moves(compiled, state);
  Random random(7);
  for (int step = 0; step < 2000; ++step) {
    const int64_t cost = state.cost();
    const int64_t broken = state.broken();
    const Timetable before = state.ToTimetable(problem);
    if (!moves.MakeRandom(random)) continue;
    moves.Undo();
    ASSERT_EQ(state.cost(), cost);
    ASSERT_EQ(state.broken(), broken);
    const Timetable after = state.ToTimetable(problem);
    ASSERT_EQ(after.events.size(), before.events.size());
    for (size_t e = 0; e < after.events.size(); ++e) {
      ASSERT_EQ(after.events[e].date, before.events[e].date);
      ASSERT_EQ(after.events[e].team_ids, before.events[e].team_ids);
    }
    if (step % 2 == 0) moves.MakeRandom(random);  // wander on
  }
}

}  // namespace
}  // namespace klynge::courses::timetable
