// What the engine says of random curriculum-based instances.

#include <gtest/gtest.h>

#include <limits>

#include "services/courses/timetable/ctt/ctt_model.h"
#include "services/courses/timetable/ctt/ctt_score.h"
#include "services/courses/timetable/ctt/ctt_test_support.h"
#include "services/courses/timetable/engine/construct.h"
#include "services/courses/timetable/engine/explain_test_support.h"
#include "services/courses/timetable/engine/moves.h"

namespace klynge::courses::timetable {
namespace {

// Calls `look` with a state of each of the random instances that have a timetable.
template <class Look>
void WithRandomStates(uint64_t seed, int instances, const Look& look) {
  std::mt19937_64 shapes(seed);
  Random random(seed);
  int states = 0;
  for (int i = 0; i < instances; ++i) {
    const CttInstance ctt = testing::RandomCtt(shapes);
    const Model model = CttModel(ctt);
    Solution solution;
    int steps = 0;
    if (!Complete(
            model.instance, random, [&] { return ++steps < 500; }, solution)) {
      continue;
    }
    SCOPED_TRACE(testing::WriteCtt(ctt));
    State state(model, solution);
    Moves moves(state.scratch_board());
    Move move;
    for (int k = 0; k < 50; ++k) {
      if (moves.Propose(random, move)) state.Apply(move);
    }
    look(ctt, state, random);
    ++states;
  }
  EXPECT_GT(states, instances / 4);
}

TEST(CttExplained, HasReasonsThatAddUpToTheScore) {
  WithRandomStates(1, 300, [](const CttInstance& ctt, State& state, Random&) {
    testing::ExpectReasonsToAddUp(state);
    Solution solution;
    state.Save(solution);
    EXPECT_EQ(state.cost(), ScoreCtt(ctt, FromSolution(ctt, solution)).cost);
  });
}

TEST(CttExplained, SaysWhatIsInTheWayAndElseWhatChanges) {
  int obstructed = 0, free = 0;
  WithRandomStates(2, 200, [&](const CttInstance&, State& state, Random& random) {
    const Instance& instance = state.instance();
    for (int i = 0; i < 30; ++i) {
      const int event = random.Below(instance.event_count());
      const Placement to{random.Below(instance.period_count()),
                         random.Below(instance.venue_count()),
                         random.Below(4) == 0 ? random.Below(instance.lecturer_count + 1) - 1
                                              : instance.events[event].lecturers[0]};
      ++(testing::ExpectWhyNotToBeSo(state, event, to) ? obstructed : free);
    }
  });
  EXPECT_GT(obstructed, 500);
  EXPECT_GT(free, 200);
}

TEST(CttExplained, SuggestsTheBestOfAllPlaces) {
  int offers = 0;
  WithRandomStates(3, 200, [&](const CttInstance&, State& state, Random& random) {
    const int event = random.Below(state.instance().event_count());
    offers += testing::ExpectTheBestSuggestions(state, event);
  });
  EXPECT_GT(offers, 500);
}

TEST(CttExplained, GivesTheRoomsOfAPeriodOutAtTheLeastPrice) {
  int64_t saved = 0;
  WithRandomStates(4, 300, [&](const CttInstance&, State& state, Random&) {
    saved += testing::ExpectVenuesToBeMatched(state);
  });
  EXPECT_GT(saved, 0);
}

}  // namespace
}  // namespace klynge::courses::timetable
