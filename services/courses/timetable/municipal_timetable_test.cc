// Timetables to solutions of their model and back.

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/courses/timetable/engine/random.h"
#include "services/courses/timetable/municipal.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

std::vector<std::string> Lines(const Timetable& timetable) {
  std::vector<std::string> lines;
  for (const Event& e : timetable.events) {
    lines.push_back(absl::StrCat(e.series_id, " ", absl::FormatCivilTime(e.date), " ", e.venue_id,
                                 " ", e.lecturer_id, " ", absl::StrJoin(e.team_ids, " ")));
  }
  return lines;
}

Timetable Plan(const Problem& problem, uint64_t seed) {
  PlannerOptions options;
  options.seed = seed;
  options.max_iterations = 20000;
  return PlanTimetable(problem, options).timetable;
}

struct Translated {
  explicit Translated(const Problem& p, const Timetable& timetable)
      : problem(p),
        compiled(problem),
        model(MunicipalModel(problem, compiled, CountEvents(problem, timetable))),
        known(ToSolution(problem, compiled, model, timetable)) {}

  const Problem problem;
  const CompiledProblem compiled;
  const Model model;
  const absl::optional<KnownTimetable> known;
};

TEST(ToSolution, GivesBackTheSameTimetableAtTheSameCost) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    Problem problem = RandomFullProblem(seed);
    const Timetable timetable = Plan(problem, 1);
    problem.published = Plan(problem, 2);
    problem.weights.stay_published = 3;
    const Translated translated(problem, timetable);
    ASSERT_TRUE(translated.known);
    const Solution& solution = translated.known->solution;
    EXPECT_EQ(Lines(ToTimetable(problem, translated.compiled, translated.model, solution)),
              Lines(timetable));
    const State state(translated.model, solution);
    EXPECT_EQ(state.broken(), 0);
    int64_t unheld = 0;  // published events beyond those held cost whatever is done
    const std::vector<int> held = CountEvents(problem, timetable);
    const std::vector<int> published = CountEvents(problem, problem.published);
    for (size_t s = 0; s < held.size(); ++s) unheld += std::max(0, published[s] - held[s]);
    if (unheld == 0) {
      EXPECT_EQ(state.cost(), CostOf(problem, timetable));
    }
    for (size_t e = 0; e < timetable.events.size(); ++e) {
      const Placement& at = solution.placements[translated.known->event_of[e]];
      EXPECT_EQ(translated.compiled.dates[at.period], timetable.events[e].date);
      EXPECT_EQ(problem.venues[at.venue].id, timetable.events[e].venue_id);
    }
  }
}

TEST(ToSolution, FindsTheEventThatEachPinAsksFor) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    Problem problem = RandomFullProblem(seed);
    const Timetable timetable = Plan(problem, 1);
    // Some parts of some events, the last ones first.
    Random random(seed);
    for (size_t e = timetable.events.size(); e-- > 0;) {
      const Event& event = timetable.events[e];
      if (random.Below(2) == 0) continue;
      Pin& pin = problem.pins.emplace_back();
      pin.series_id = event.series_id;
      if (random.Below(3) > 0) pin.date = event.date;
      if (random.Below(2) == 0) pin.venue_id = event.venue_id;
      if (random.Below(2) == 0) pin.lecturer_id = event.lecturer_id;
      if (random.Below(2) == 0) pin.team_ids = event.team_ids;
    }
    problem.published = timetable;
    problem.max_changes = 0;
    ASSERT_EQ(Rules(CheckTimetable(problem, timetable)), "");
    const Translated translated(problem, timetable);
    ASSERT_TRUE(translated.known) << "seed " << seed;
    const Solution& solution = translated.known->solution;
    EXPECT_EQ(Lines(ToTimetable(problem, translated.compiled, translated.model, solution)),
              Lines(timetable));
    // What was published goes where the pins are, so that nothing counts as changed.
    EXPECT_EQ(State(translated.model, solution).broken(), 0) << "seed " << seed;
  }
}

TEST(ToSolution, RefusesWhatIsNoTimetableOfTheModel) {
  const auto accepts = [](const Timetable& timetable) {
    return Translated(SmallProblem(), timetable).known.has_value();
  };
  Timetable timetable = SmallTimetable();
  EXPECT_TRUE(accepts(timetable));
  timetable.events[0].team_ids = {"team-vvk-2"};  // twice, and the other never
  EXPECT_FALSE(accepts(timetable));
  timetable = SmallTimetable();
  timetable.events[0].series_id = "seminar-9";
  EXPECT_FALSE(accepts(timetable));
  timetable = SmallTimetable();
  timetable.events[0].date = Date(2022, 9, 10);  // a Saturday
  EXPECT_FALSE(accepts(timetable));
  timetable = SmallTimetable();
  timetable.events[0].date = timetable.events[1].date;
  EXPECT_FALSE(accepts(timetable));
}

}  // namespace
}  // namespace klynge::courses::timetable
