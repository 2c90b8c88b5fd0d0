// Properties over random programmes: what the planner gives passes the independent checker, what it
// calls impossible is, and the search's running totals are what a recount gives.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "services/courses/timetable/engine/construct.h"
#include "services/courses/timetable/engine/moves.h"
#include "services/courses/timetable/municipal.h"
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
    const PlannerResult result = PlanTimetable(problem, Brief(seed, 200000));
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
    PlannerOptions options = Brief(seed, exists ? 400000 : 10000);
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
  EXPECT_GT(possible, 12);
  EXPECT_GT(impossible, 20);
  EXPECT_GT(unproved, 5);
}

// `problem` with every rule that random problems lack: long events, features, absent teams,
// workload and shares of clusters.
Problem WithEveryRule(Problem problem, Random& random) {
  problem.series[1].days = 2;
  problem.series[0].required_features = {"screen"};
  problem.venues[0].features = {"screen", "quiet"};
  int team = 0;
  for (Team& each : problem.teams) {
    each.cluster_id = absl::StrCat("cluster-", team++ / 3);
    for (int i = 0; i < 30; ++i) each.unavailable.insert(problem.from + random.Below(500));
  }
  problem.limits.max_cluster_away_share = 0.5;
  problem.limits.max_lecturer_days_per_month = 2;
  problem.limits.max_team_days_per_month = 1;
  problem.weights.lecturer_stability = 3;
  return problem;
}

Problem RandomProblem(uint64_t seed) {
  Random random(seed);
  Problem problem = RandomLargeProblem(seed);
  return seed % 2 == 0 ? problem : WithEveryRule(std::move(problem), random);
}

// A model of a random programme, with a few events more than it needs, and a timetable of it.
class RandomMoves : public ::testing::TestWithParam<uint64_t> {
 protected:
  RandomMoves() : problem_(RandomProblem(GetParam())), compiled_(problem_), random_(GetParam()) {
    std::vector<int> counts;
    for (int s = 0; s < compiled_.series_count(); ++s) {
      counts.push_back(std::min(FewestEvents(compiled_, s) + 1, compiled_.team_count()));
    }
    model_ = MunicipalModel(problem_, compiled_, counts);
    Solution solution;
    int steps = 0;
    EXPECT_TRUE(Complete(
        model_.instance, random_, [&] { return ++steps < 100000; }, solution));
    state_ = std::make_unique<State>(model_, solution);
    moves_ = std::make_unique<Moves>(state_->scratch_board());
  }

  // A move that fits, of a kind that is drawn; whatever it costs.
  Move Draw(MoveKind kind) {
    Move move;
    for (int tries = 0; tries < 10000; ++tries) {
      if (moves_->Propose(kind, random_, move)) return move;
    }
    move.Clear();
    return move;
  }

  Timetable Now() const {
    Solution solution;
    state_->Save(solution);
    return ToTimetable(problem_, compiled_, model_, solution);
  }

  const Problem problem_;
  const CompiledProblem compiled_;
  Random random_;
  Model model_;
  std::unique_ptr<State> state_;
  std::unique_ptr<Moves> moves_;
};

TEST_P(RandomMoves, KeepTheCountsThatARecountAndTheCheckerGive) {
  int made = 0;
  for (int step = 0; step < 300; ++step) {
    const auto kind = static_cast<MoveKind>(step % kMoveKinds);
    if (!moves_->Possible(kind)) continue;
    const Move move = Draw(kind);
    if (move.shifts.empty() && move.transfers.empty()) continue;
    const int64_t before = state_->cost() + state_->penalty() * state_->broken();
    const int64_t change = state_->Apply(move);
    ASSERT_EQ(state_->cost() + state_->penalty() * state_->broken(), before + change);
    for (size_t rule = 0; rule < model_.rules.size(); ++rule) {
      ASSERT_EQ(state_->counts()[rule], state_->Recount(static_cast<int>(rule)))
          << model_.rules[rule].name << " after a move of kind " << static_cast<int>(kind);
    }
    const Timetable timetable = Now();
    ASSERT_EQ(state_->cost(), CostOf(problem_, timetable)) << "kind " << static_cast<int>(kind);
    ASSERT_EQ(state_->broken() == 0, CheckTimetable(problem_, timetable).empty());
    // What the engine never proposes is not broken by it either.
    std::set<std::string> counted;
    for (const Rule& rule : model_.rules) counted.insert(rule.name);
    counted.insert("order");  // counted with the gaps
    for (const Violation& violation : CheckTimetable(problem_, timetable)) {
      ASSERT_EQ(counted.count(violation.rule), 1u) << violation.rule << ": " << violation.sentence;
    }
    ++made;
  }
  EXPECT_GT(made, 150);
}

TEST_P(RandomMoves, AreTakenBackCompletely) {
  for (int step = 0; step < 2000; ++step) {
    const auto kind = static_cast<MoveKind>(step % kMoveKinds);
    if (!moves_->Possible(kind)) continue;
    Move move;
    Solution before, after;
    state_->Save(before);
    const std::vector<int64_t> counts = state_->counts();
    if (moves_->Propose(kind, random_, move)) {
      state_->Apply(move);
      if (step % 2 == 0) continue;  // wander on
      state_->Revert(move);
    }
    state_->Save(after);
    ASSERT_EQ(after.placements, before.placements);
    ASSERT_EQ(after.choices, before.choices);
    ASSERT_EQ(state_->counts(), counts);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomMoves, ::testing::Range<uint64_t>(0, 12));

}  // namespace
}  // namespace klynge::courses::timetable
