#include "services/courses/timetable/checker.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

// A feasible timetable of SmallProblem, by hand.
Timetable SmallTimetable() {
  const std::vector<std::string> both = {"team-vvk-1", "team-vvk-2"};
  return {{{"seminar-1", Date(2022, 9, 6), "hall", "lecturer-1", {both[0]}},
           {"seminar-1", Date(2022, 9, 7), "hall", "lecturer-1", {both[1]}},
           {"seminar-2", Date(2022, 9, 20), "hall", "lecturer-1", {both[0]}},
           {"seminar-2", Date(2022, 9, 21), "hall", "lecturer-1", {both[1]}}}};
}

TEST(Checker, AcceptsATimetableThatKeepsEveryRule) {
  EXPECT_EQ(Rules(CheckTimetable(SmallProblem(), SmallTimetable())), "");
}

struct BrokenRule {
  std::string rule;
  std::function<void(Problem&, Timetable&)> breaking;
};

class CheckerFinds : public ::testing::TestWithParam<BrokenRule> {};

TEST_P(CheckerFinds, ExactlyTheBrokenRule) {
  Problem problem = SmallProblem();
  Timetable timetable = SmallTimetable();
  GetParam().breaking(problem, timetable);
  EXPECT_EQ(Rules(CheckTimetable(problem, timetable)), GetParam().rule);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, CheckerFinds,
    ::testing::Values(
        BrokenRule{"reference",
                   [](Problem&, Timetable& plan) { plan.events[0].venue_id = "barn"; }},
        BrokenRule{"reference", [](Problem&, Timetable& plan) { plan.events[0].team_ids = {"x"}; }},
        BrokenRule{"period", [](Problem& p, Timetable&) { p.from = Date(2022, 9, 7); }},
        BrokenRule{"calendar",
                   [](Problem&, Timetable& plan) { plan.events[0].date = Date(2022, 9, 4); }},
        BrokenRule{"attendance",
                   [](Problem& p, Timetable& plan) {
                     p.limits.max_away_share = 1;
                     plan.events[0].team_ids.push_back("team-vvk-2");
                   }},
        BrokenRule{"events", [](Problem& p, Timetable&) { p.series[0].events = 3; }},
        BrokenRule{"seats seats", [](Problem& p, Timetable&) { p.venues[0].seats = 5; }},
        BrokenRule{"venue",
                   [](Problem& p, Timetable&) { p.venues[0].unavailable = {Date(2022, 9, 6)}; }},
        BrokenRule{"lecturer",
                   [](Problem& p, Timetable&) { p.lecturers[0].unavailable = {Date(2022, 9, 6)}; }},
        BrokenRule{"lecturer lecturer",
                   [](Problem& p, Timetable&) { p.lecturers[0].themes = {"data"}; }},
        BrokenRule{"order",
                   [](Problem&, Timetable& plan) { plan.events[2].date = Date(2022, 9, 5); }},
        BrokenRule{"gap",
                   [](Problem&, Timetable& plan) { plan.events[2].date = Date(2022, 9, 12); }},
        BrokenRule{"gap",
                   [](Problem&, Timetable& plan) { plan.events[2].date = Date(2022, 9, 29); }},
        BrokenRule{"venue lecturer coverage",
                   [](Problem&, Timetable& plan) { plan.events[1].date = Date(2022, 9, 6); }},
        BrokenRule{"pin",
                   [](Problem& p, Timetable&) {
                     p.pins = {{"seminar-1", Date(2022, 9, 8), "", "", {}}};
                   }},
        BrokenRule{"pin", [](Problem& p, Timetable&) {
                     p.pins = {{"seminar-1", Date(2022, 9, 6), "", "", {}},
                               {"seminar-1", Date(2022, 9, 6), "hall", "", {}}};
                   }}));

TEST(Checker, KeepsTeamsOfOneClusterApart) {
  Problem problem = SmallProblem();
  problem.limits.max_away_share = 1;
  problem.teams[1].cluster_id = problem.teams[0].cluster_id;
  problem.venues.push_back({"school", "vvk", 20, {}});
  problem.lecturers.push_back({"lecturer-2", {"structure"}, {}});
  Timetable timetable = SmallTimetable();
  timetable.events[1].date = timetable.events[0].date;
  timetable.events[1].venue_id = "school";
  timetable.events[1].lecturer_id = "lecturer-2";
  EXPECT_EQ(Rules(CheckTimetable(problem, timetable)), "cluster");
}

TEST(Checker, TellsTheNumbersThatClash) {
  Problem problem = SmallProblem();
  problem.venues[0].seats = 5;
  const auto violations = CheckTimetable(problem, SmallTimetable());
  ASSERT_FALSE(violations.empty());
  EXPECT_EQ(violations[0].sentence,
            "The event of series 'seminar-1' on 2022-09-07 has 6 persons in venue 'hall' with 5 "
            "seats.");
}

TEST(CostTimetable, CountsEachSoftConstraintInItsUnit) {
  Problem problem = SmallProblem();
  problem.until = Date(2022, 10, 31);  // even gap: 60 days / 2 series, at most 21
  problem.preferred_weekdays = {absl::Weekday::tuesday};
  problem.venues.push_back({"school", "io", 20, {}});
  problem.weights = {1, 10, 100, 1000, 10000};
  Timetable timetable = SmallTimetable();
  timetable.events[2].venue_id = "school";
  timetable.events[3].date = Date(2022, 10, 19);  // week 42
  const auto costs = CostTimetable(problem, timetable);
  ASSERT_EQ(costs.size(), 5u);
  EXPECT_EQ(costs[0].constraint, "spread");
  EXPECT_EQ(costs[0].cost, 1 + 3);  // 14 and 42 days instead of 21
  EXPECT_EQ(costs[1].constraint, "preferred_weekdays");
  EXPECT_EQ(costs[1].cost, 2 * 10);
  EXPECT_EQ(costs[2].constraint, "travel");
  EXPECT_EQ(costs[2].cost, 1 * 100);
  EXPECT_EQ(costs[3].constraint, "venue_stability");
  EXPECT_EQ(costs[3].cost, 1 * 1000);
  EXPECT_EQ(costs[4].constraint, "school_holidays");
  EXPECT_EQ(costs[4].cost, 1 * 10000);
}

}  // namespace
}  // namespace klynge::courses::timetable
