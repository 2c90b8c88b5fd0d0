// What the engine says of random programmes against their plain values and the checker.

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "services/courses/timetable/engine/construct.h"
#include "services/courses/timetable/engine/explain_test_support.h"
#include "services/courses/timetable/engine/moves.h"
#include "services/courses/timetable/municipal.h"
#include "services/courses/timetable/obstacles.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

using Kind = Obstruction::Kind;

class ExplainedProgrammes : public ::testing::TestWithParam<uint64_t> {
 protected:
  ExplainedProgrammes()
      : problem_(RandomFullProblem(GetParam())), compiled_(problem_), random_(GetParam()) {
    std::vector<int> counts;
    for (int s = 0; s < compiled_.series_count(); ++s) {
      counts.push_back(FewestEvents(compiled_, s) + 1);
    }
    model_ = MunicipalModel(problem_, compiled_, counts);
    Solution solution;
    int steps = 0;
    EXPECT_TRUE(Complete(
        model_.instance, random_, [&] { return ++steps < 100000; }, solution));
    state_ = std::make_unique<State>(model_, solution);
    Wander(300);
  }

  void Wander(int steps) {
    Moves moves(state_->scratch_board());
    Move move;
    for (int i = 0; i < steps; ++i) {
      if (moves.Propose(random_, move)) state_->Apply(move);
    }
  }

  int AnEvent() { return random_.Below(model_.instance.event_count()); }

  // Anywhere, or by turns where something is that may be in the way.
  Placement Anywhere() {
    Placement to{random_.Below(model_.instance.period_count()),
                 random_.Below(model_.instance.venue_count()),
                 random_.Below(model_.instance.lecturer_count)};
    const Placement& there = state_->board().at(AnEvent());
    if (random_.Below(2) == 0) to.period = there.period;
    if (random_.Below(3) == 0) to.venue = there.venue;
    if (random_.Below(3) == 0) to.lecturer = there.lecturer;
    return to;
  }

  // The rules that the checker says are broken with the event at `to`.
  std::set<std::string> BrokenWith(int event, const Placement& to) const {
    Solution solution;
    state_->Save(solution);
    solution.placements[event] = to;
    std::set<std::string> rules;
    const Timetable timetable = ToTimetable(problem_, compiled_, model_, solution);
    for (const Violation& each : CheckTimetable(problem_, timetable)) rules.insert(each.rule);
    return rules;
  }

  const Problem problem_;
  const CompiledProblem compiled_;
  Random random_;
  Model model_;
  std::unique_ptr<State> state_;
};

TEST_P(ExplainedProgrammes, HaveReasonsThatAddUp) {
  for (int i = 0; i < 10; ++i) {
    testing::ExpectReasonsToAddUp(*state_);
    Wander(100);
  }
}

TEST_P(ExplainedProgrammes, SayWhatIsInTheWayAndElseWhatChanges) {
  int obstructed = 0, free = 0;
  for (int i = 0; i < 1500; ++i) {
    const bool in_the_way = testing::ExpectWhyNotToBeSo(*state_, AnEvent(), Anywhere());
    ++(in_the_way ? obstructed : free);
    if (i % 10 == 0) Wander(10);
  }
  EXPECT_GT(obstructed, 200);
  EXPECT_GT(free, 30);
}

TEST_P(ExplainedProgrammes, AreObstructedByWhatTheCheckerSays) {
  std::set<std::string> seen;
  for (int i = 0; i < 600; ++i) {
    const int event = AnEvent();
    const Placement to = Anywhere();
    // Its other days are told only from where it may begin.
    if (!model_.instance.start_open.at(event, to.period)) continue;
    std::set<std::string> named;
    for (const Obstruction& each : WhyNot(*state_, event, to).obstructions) {
      if (each.kind == Kind::kUnfit) named.insert("features");
      if (each.kind == Kind::kVenueClosed || each.kind == Kind::kVenueTaken) named.insert("venue");
      if (each.kind == Kind::kLecturerAway || each.kind == Kind::kLecturerBusy ||
          each.kind == Kind::kUnable) {
        named.insert("lecturer");
      }
      if (each.kind == Kind::kGroupAway) named.insert("team");
    }
    const std::set<std::string> broken = BrokenWith(event, to);
    for (const char* rule : {"features", "venue", "lecturer", "team"}) {
      EXPECT_EQ(named.count(rule), broken.count(rule)) << rule;
    }
    seen.insert(named.begin(), named.end());
  }
  EXPECT_EQ(seen, (std::set<std::string>{"features", "lecturer", "team", "venue"}));
}

TEST_P(ExplainedProgrammes, SuggestTheBestOfAllPlaces) {
  int offers = 0;
  for (int i = 0; i < 2; ++i) offers += testing::ExpectTheBestSuggestions(*state_, AnEvent());
  EXPECT_GT(offers, 10);
}

TEST_P(ExplainedProgrammes, GiveTheVenuesOfADayOutAtTheLeastPrice) {
  int64_t saved = 0;
  for (int i = 0; i < 10; ++i) {
    saved += testing::ExpectVenuesToBeMatched(*state_);
    Wander(100);
  }
  EXPECT_GT(saved, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ExplainedProgrammes, ::testing::Range<uint64_t>(0, 6));

}  // namespace
}  // namespace klynge::courses::timetable
