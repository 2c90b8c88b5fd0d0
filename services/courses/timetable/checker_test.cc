#include "services/courses/timetable/checker.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

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
        BrokenRule{"pin",
                   [](Problem& p, Timetable&) {
                     p.pins = {{"seminar-1", Date(2022, 9, 6), "", "", {}},
                               {"seminar-1", Date(2022, 9, 6), "hall", "", {}}};
                   }},
        BrokenRule{"features features",
                   [](Problem& p, Timetable&) {
                     p.series[1].required_features = {"screen", "group rooms"};
                     p.venues[0].features = {"screen"};
                   }},
        BrokenRule{"team",
                   [](Problem& p, Timetable&) { p.teams[0].unavailable = {Date(2022, 9, 20)}; }},
        BrokenRule{"workload",
                   [](Problem& p, Timetable&) { p.limits.max_lecturer_days_per_month = 3; }},
        BrokenRule{"workload workload",
                   [](Problem& p, Timetable&) { p.limits.max_team_days_per_month = 1; }},
        BrokenRule{"changes", [](Problem& p, Timetable& plan) {
                     p.published = plan;
                     p.max_changes = 1;
                     plan.events[0].date = Date(2022, 9, 5);
                     plan.events[3].date = Date(2022, 9, 22);
                   }}));

// Events of two days, so that in SmallTimetable the first two share 7 September.
Problem TwoDayProblem() {
  Problem problem = SmallProblem();
  for (Series& series : problem.series) series.days = 2;
  return problem;
}

Timetable TwoDayTimetable() {
  Timetable timetable = SmallTimetable();
  timetable.events[1].date = Date(2022, 9, 8);
  timetable.events[3].date = Date(2022, 9, 22);
  return timetable;
}

TEST(CheckerOfLongEvents, AcceptsThemSideBySide) {
  EXPECT_EQ(Rules(CheckTimetable(TwoDayProblem(), TwoDayTimetable())), "");
}

TEST(CheckerOfLongEvents, CountsEveryDayForVenueLecturerAndCoverage) {
  EXPECT_EQ(Rules(CheckTimetable(TwoDayProblem(), SmallTimetable())),
            "venue venue lecturer lecturer coverage coverage");
}

TEST(CheckerOfLongEvents, LooksAtTheLastDayToo) {
  Problem problem = TwoDayProblem();
  const Date last(2022, 9, 9);
  const Timetable timetable = TwoDayTimetable();
  problem.calendar.closed_dates = {last};
  EXPECT_EQ(Rules(CheckTimetable(problem, timetable)), "calendar");
  problem = TwoDayProblem();
  problem.venues[0].unavailable = {last};
  EXPECT_EQ(Rules(CheckTimetable(problem, timetable)), "venue");
  problem = TwoDayProblem();
  problem.lecturers[0].unavailable = {last};
  EXPECT_EQ(Rules(CheckTimetable(problem, timetable)), "lecturer");
  problem = TwoDayProblem();
  problem.teams[1].unavailable = {last};
  EXPECT_EQ(Rules(CheckTimetable(problem, timetable)), "team");
  problem = TwoDayProblem();
  problem.until = Date(2022, 9, 22);
  EXPECT_EQ(Rules(CheckTimetable(problem, timetable)), "period");
}

TEST(CheckerOfLongEvents, MeasuresGapsFromTheLastDay) {
  Problem problem = TwoDayProblem();  // from 7 to 20 and from 9 to 22 September
  problem.limits.min_gap_days = problem.limits.max_gap_days = 13;
  EXPECT_EQ(Rules(CheckTimetable(problem, TwoDayTimetable())), "");
  problem.limits.min_gap_days = problem.limits.max_gap_days = 14;
  EXPECT_EQ(Rules(CheckTimetable(problem, TwoDayTimetable())), "gap gap");
}

TEST(CheckerOfLongEvents, CountsTheirDaysAsWork) {
  Problem problem = TwoDayProblem();
  problem.limits.max_lecturer_days_per_month = 8;
  problem.limits.max_team_days_per_month = 4;
  EXPECT_EQ(Rules(CheckTimetable(problem, TwoDayTimetable())), "");
  problem.limits.max_lecturer_days_per_month = 7;
  problem.limits.max_team_days_per_month = 3;
  EXPECT_EQ(Rules(CheckTimetable(problem, TwoDayTimetable())), "workload workload workload");
}

TEST(Checker, CountsWorkByCalendarMonth) {
  Problem problem = SmallProblem();
  problem.until = Date(2022, 10, 31);
  problem.limits.max_lecturer_days_per_month = 2;
  Timetable timetable = SmallTimetable();
  timetable.events[0].date = Date(2022, 9, 29);
  timetable.events[1].date = Date(2022, 9, 30);
  timetable.events[2].date = Date(2022, 10, 10);
  timetable.events[3].date = Date(2022, 10, 11);
  EXPECT_EQ(Rules(CheckTimetable(problem, timetable)), "");
  timetable.events[1].date = Date(2022, 10, 3);
  const auto violations = CheckTimetable(problem, timetable);
  ASSERT_EQ(Rules(violations), "workload");
  EXPECT_EQ(violations[0].sentence, "Lecturer 'lecturer-1' has 3 days in 2022-10; 2 are allowed.");
}

// Both teams, of 5 and 6 persons, lead units of one cluster and are away on the same day.
struct ClusterAway {
  Problem problem = SmallProblem();
  Timetable timetable = SmallTimetable();

  ClusterAway() {
    problem.limits.max_away_share = 1;
    problem.teams[1].cluster_id = problem.teams[0].cluster_id;
    problem.venues.push_back({"school", "vvk", 20, {}});
    problem.lecturers.push_back({"lecturer-2", {"structure"}, {}});
    timetable.events[1].date = timetable.events[0].date;
    timetable.events[1].venue_id = "school";
    timetable.events[1].lecturer_id = "lecturer-2";
  }
};

TEST(Checker, KeepsTeamsOfOneClusterApart) {
  const ClusterAway away;
  EXPECT_EQ(Rules(CheckTimetable(away.problem, away.timetable)), "cluster");
}

TEST(Checker, LetsTheAllowedShareOfAClustersPersonsGo) {
  ClusterAway away;
  Team third = away.problem.teams[0];
  third.id = "team-vvk-3";
  third.heads = 11;
  away.problem.teams.push_back(third);
  away.problem.venues[0].seats = 22;
  // The third goes alone, with as many persons as the other two together.
  away.timetable.events.push_back(
      {"seminar-1", Date(2022, 9, 8), "hall", "lecturer-1", {third.id}});
  away.timetable.events.push_back(
      {"seminar-2", Date(2022, 9, 22), "hall", "lecturer-1", {third.id}});
  away.problem.limits.max_cluster_away_share = 0.5;
  EXPECT_EQ(Rules(CheckTimetable(away.problem, away.timetable)), "");
  away.problem.limits.max_cluster_away_share = 0.49;
  EXPECT_EQ(Rules(CheckTimetable(away.problem, away.timetable)), "cluster");
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
  ASSERT_EQ(costs.size(), 7u);
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

TEST(CostTimetable, CountsEachDayOfAnEventAndGapsFromTheLast) {
  Problem problem = TwoDayProblem();
  problem.preferred_weekdays = {absl::Weekday::tuesday, absl::Weekday::thursday};
  problem.calendar.autumn_holiday = DayUse::kOpen;
  problem.limits.min_gap_days = problem.limits.max_gap_days = 20;  // the even gap
  problem.weights = {1, 10, 0, 0, 0};
  const auto costs = CostTimetable(problem, TwoDayTimetable());
  EXPECT_EQ(costs[0].cost, 2 * 1);   // 13 days instead of 20; from the first day it would be 14
  EXPECT_EQ(costs[1].cost, 4 * 10);  // two Wednesdays, two Fridays
}

TEST(CostTimetable, CountsLecturersBeyondTheFirstOfEachSeries) {
  Problem problem = SmallProblem();
  problem.lecturers.push_back({"lecturer-2", {"structure", "data"}, {}});
  problem.weights.lecturer_stability = 7;
  Timetable timetable = SmallTimetable();
  timetable.events[2].lecturer_id = timetable.events[3].lecturer_id = "lecturer-2";
  EXPECT_EQ(CostTimetable(problem, timetable)[5].cost, 0);
  timetable.events[3].lecturer_id = "lecturer-1";
  const ConstraintCost cost = CostTimetable(problem, timetable)[5];
  EXPECT_EQ(cost.constraint, "lecturer_stability");
  EXPECT_EQ(cost.cost, 7);
}

}  // namespace
}  // namespace klynge::courses::timetable
