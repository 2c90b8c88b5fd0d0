// Properties of the engine over random models with every rule: what it proposes fits, counts follow
// each move as a recount gives them, and what is taken back never was.

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "services/courses/timetable/engine/construct.h"
#include "services/courses/timetable/engine/moves.h"
#include "services/courses/timetable/engine/random_model_test_support.h"
#include "services/courses/timetable/engine/search.h"
#include "services/courses/timetable/engine/venue_matching.h"

namespace klynge::courses::timetable {
namespace {

using ::klynge::courses::timetable::testing::Misfits;
using ::klynge::courses::timetable::testing::RandomModel;

constexpr uint64_t kSeeds = 60;

// A timetable of the model that fits; false when none was found.
bool Begin(const Model& model, Random& random, Solution& solution) {
  int steps = 0;
  return Complete(
      model.instance, random, [&] { return ++steps < 3000; }, solution);
}

void ExpectCountsAsRecounted(const State& state) {
  int64_t broken = 0, cost = 0;
  for (size_t r = 0; r < state.model().rules.size(); ++r) {
    const Rule& rule = state.model().rules[r];
    const int64_t count = state.Recount(static_cast<int>(r));
    ASSERT_EQ(state.counts()[r], count) << rule.name;
    (rule.hard ? broken : cost) += rule.weight * count;
  }
  ASSERT_EQ(state.broken(), broken);
  ASSERT_EQ(state.cost(), cost);
}

TEST(RandomModels, MovesOfEveryKindFitAndCountAsARecount) {
  std::array<int, kMoveKinds> made{};
  int begun = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Model model = RandomModel(seed);
    Random random(seed);
    Solution solution;
    if (!Begin(model, random, solution)) continue;
    ++begun;
    ASSERT_EQ(Misfits(model.instance, solution), "") << "seed " << seed;
    State state(model, solution);
    ASSERT_NO_FATAL_FAILURE(ExpectCountsAsRecounted(state)) << "seed " << seed;
    Moves moves(state.scratch_board());
    Move move;
    for (int step = 0; step < 2000; ++step) {
      const int kind = step % kMoveKinds;
      if (!moves.Possible(static_cast<MoveKind>(kind))) continue;
      if (!moves.Propose(static_cast<MoveKind>(kind), random, move)) continue;
      const int64_t before = state.cost() + state.penalty() * state.broken();
      const int64_t change = state.Apply(move);
      ASSERT_EQ(state.cost() + state.penalty() * state.broken(), before + change);
      state.Save(solution);
      ASSERT_EQ(Misfits(model.instance, solution), "") << "seed " << seed << " kind " << kind;
      ASSERT_NO_FATAL_FAILURE(ExpectCountsAsRecounted(state))
          << "seed " << seed << " kind " << kind;
      ++made[kind];
    }
  }
  EXPECT_GT(begun, 40);
  for (int kind = 0; kind < kMoveKinds; ++kind) EXPECT_GT(made[kind], 100) << "kind " << kind;
}

TEST(RandomModels, WhatIsTakenBackNeverWas) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Model model = RandomModel(seed);
    Random random(seed);
    Solution solution, after;
    if (!Begin(model, random, solution)) continue;
    State state(model, solution);
    Moves moves(state.scratch_board());
    Move move;
    for (int step = 0; step < 3000; ++step) {
      state.Save(solution);
      const std::vector<int64_t> counts = state.counts();
      if (moves.Propose(random, move)) {
        state.Apply(move);
        if (step % 2 == 0) continue;  // wander on
        state.Revert(move);
      }
      state.Save(after);
      ASSERT_EQ(after.placements, solution.placements) << "seed " << seed;
      ASSERT_EQ(after.choices, solution.choices) << "seed " << seed;
      ASSERT_EQ(state.counts(), counts) << "seed " << seed;
    }
    ASSERT_NO_FATAL_FAILURE(ExpectCountsAsRecounted(state)) << "seed " << seed;
  }
}

TEST(RandomModels, VenuesAreMatchedWithinWhatFits) {
  int64_t saved = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Model model = RandomModel(seed);
    Random random(seed);
    Solution solution;
    if (!Begin(model, random, solution)) continue;
    State state(model, solution);
    const int64_t before = state.cost() + state.penalty() * state.broken();
    MatchVenues(state);
    saved += before - state.cost() - state.penalty() * state.broken();
    state.Save(solution);
    ASSERT_EQ(Misfits(model.instance, solution), "") << "seed " << seed;
    ASSERT_NO_FATAL_FAILURE(ExpectCountsAsRecounted(state)) << "seed " << seed;
  }
  EXPECT_GT(saved, 100);
}

TEST(RandomModels, AreSearchedAlikeWithOneSeedAndEndAsTheyTell) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    const Model model = RandomModel(seed);
    SearchOptions options;
    options.seed = seed;
    options.max_iterations = 20000;
    options.threads = 1 + static_cast<int>(seed % 2);
    const SearchResult result = Search(model, options);
    const SearchResult again = Search(model, options);
    ASSERT_EQ(again.complete, result.complete);
    ASSERT_EQ(again.solution.placements, result.solution.placements) << "seed " << seed;
    ASSERT_EQ(again.solution.choices, result.solution.choices) << "seed " << seed;
    if (!result.complete) continue;
    EXPECT_EQ(Misfits(model.instance, result.solution), "") << "seed " << seed;
    const State state(model, result.solution);
    EXPECT_EQ(state.cost(), result.cost);
    EXPECT_EQ(state.broken(), result.broken);
    // From there it never gets worse.
    options.lukewarm = true;
    const SearchResult better = Search(model, options, result.solution);
    EXPECT_LE(better.broken, result.broken);
    if (better.broken == result.broken) {
      EXPECT_LE(better.cost, result.cost);
    }
  }
}

}  // namespace
}  // namespace klynge::courses::timetable
