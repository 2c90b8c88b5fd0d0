// Programmes that can't be timetabled: the rule that binds is named, with the numbers.

#include "services/courses/timetable/obstacles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

struct Impossible {
  std::string rule;
  std::string words;  // must occur in the sentence
  std::function<void(Problem&)> making;
};

class AnImpossibleProgramme : public ::testing::TestWithParam<Impossible> {};

TEST_P(AnImpossibleProgramme, IsNamedByItsRuleAndNumbers) {
  Problem problem = SmallProblem();
  GetParam().making(problem);
  const PlannerResult result = PlanTimetable(problem);
  EXPECT_EQ(result.outcome, Outcome::kInfeasible);
  EXPECT_THAT(result.obstacles,
              ElementsAre(AllOf(Field(&Obstacle::rule, GetParam().rule),
                                Field(&Obstacle::sentence, HasSubstr(GetParam().words)))));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, AnImpossibleProgramme,
    ::testing::Values(
        Impossible{"calendar", "from 2022-07-01 to 2022-07-31",
                   [](Problem& p) {
                     p.from = Date(2022, 7, 1);
                     p.until = Date(2022, 7, 31);
                   }},
        Impossible{"venue", "There is no venue", [](Problem& p) { p.venues.clear(); }},
        Impossible{"lecturer", "None of the 1 lecturers teaches theme 'data'",
                   [](Problem& p) { p.lecturers[0].themes = {"structure"}; }},
        Impossible{"features", "No venue has all that series 'seminar-1' needs: screen, step-free",
                   [](Problem& p) {
                     p.series[0].required_features = {"screen", "step-free"};
                     p.venues[0].features = {"screen"};
                   }},
        Impossible{"seats", "Team 'team-vvk-2' has 25 persons",
                   [](Problem& p) { p.teams[1].heads = 25; }},
        Impossible{"coverage", "Area 'vvk' has 2 teams; a share of 0.4",
                   [](Problem& p) {
                     p.limits.max_away_share = 0.4;
                     p.limits.always_allowed_away = 0;
                   }},
        Impossible{"seats", "held 1 times with at most 10 seats: 10 seats for 11 persons",
                   [](Problem& p) {
                     p.limits.max_away_share = 1;
                     p.venues[0].seats = 10;
                     p.series[0].events = 1;
                   }},
        Impossible{"coverage", "at most 1 of the 2 teams of area 'vvk'",
                   [](Problem& p) { p.series[0].events = 1; }},
        Impossible{"cluster", "2 teams share a cluster",
                   [](Problem& p) {
                     p.limits.max_away_share = 1;
                     p.teams[1].cluster_id = p.teams[0].cluster_id;
                     p.series[1].events = 1;
                   }},
        Impossible{"events", "held 3 times for 2 teams",
                   [](Problem& p) { p.series[0].events = 3; }},
        Impossible{"gap", "at least 40 days",
                   [](Problem& p) {
                     p.limits.min_gap_days = 40;
                     p.limits.max_gap_days = 60;
                   }},
        Impossible{"gap", "7–8 days",
                   [](Problem& p) {
                     p.limits.max_gap_days = 8;
                     for (Date d = p.from + 5; d <= p.until - 4; ++d) {
                       p.calendar.closed_dates.push_back(d);
                     }
                   }},
        Impossible{"lecturer", "lecturers of its theme can come",
                   [](Problem& p) {
                     p.lecturers[0].themes = {"structure"};
                     p.lecturers.push_back({"lecturer-2", {"data"}, {}});
                     for (Date d = Date(2022, 9, 4); d <= p.until; ++d) {
                       p.lecturers[1].unavailable.insert(d);
                     }
                   }},
        Impossible{"pin", "2022-09-04 is on a closed day (weekend)",
                   [](Problem& p) {
                     p.pins = {{"seminar-1", Date(2022, 9, 4), "", "", {}}};
                   }},
        Impossible{"pin", "are 6 days apart in theme order for team 'team-vvk-1'; 7–21",
                   [](Problem& p) {
                     p.pins = {{"seminar-1", Date(2022, 9, 6), "", "", {"team-vvk-1"}},
                               {"seminar-2", Date(2022, 9, 12), "", "", {"team-vvk-1"}}};
                   }},
        Impossible{"pin", "have the same venue 'hall'", [](Problem& p) {
                     p.pins = {{"seminar-1", Date(2022, 9, 6), "hall", "", {}},
                               {"seminar-2", Date(2022, 9, 6), "hall", "", {}}};
                   }}));

TEST(Obstacles, CountTheSeatsOfTheWholePeriod) {
  Problem problem = SmallProblem();
  problem.limits = {1, 30, 1.0, 1};
  problem.until = problem.from + 1;  // two usable days
  problem.venues[0].seats = 10;
  EXPECT_THAT(
      PlanTimetable(problem).obstacles,
      Contains(AllOf(Field(&Obstacle::rule, "seats"),
                     Field(&Obstacle::sentence,
                           HasSubstr("20 seats in all, on days with a lecturer, but 22")))));
}

TEST(Obstacles, NameTheRuleWithoutWhichATimetableWasFound) {
  // Each team alone fits, both do not: the only two venue days are too close for two teams of an
  // area.
  Problem problem = SmallProblem();
  for (Date d = problem.from; d <= problem.until; ++d) {
    if (d != Date(2022, 9, 6) && d != Date(2022, 9, 20) && d != Date(2022, 9, 13)) {
      problem.venues[0].unavailable.insert(d);
    }
  }
  PlannerOptions options;
  options.max_iterations = 60000;
  const PlannerResult result = PlanTimetable(problem, options);
  ASSERT_EQ(result.outcome, Outcome::kNotFound);
  EXPECT_THAT(
      result.obstacles,
      Contains(AllOf(Field(&Obstacle::rule, "coverage"),
                     Field(&Obstacle::sentence, HasSubstr("There is a timetable with more than a "
                                                          "share of 0.5 away at once")))));
  EXPECT_THAT(result.obstacles,
              Contains(AllOf(Field(&Obstacle::rule, "venue"),
                             Field(&Obstacle::sentence,
                                   HasSubstr("if venue 'hall' is available every day")))));
}

TEST(Obstacles, ComeWithTheLeastToGiveUpWhenTheyAreProved) {
  Problem problem = SmallProblem();
  problem.teams[1].heads = 25;
  problem.series[0].events = 3;
  const PlannerResult result = PlanTimetable(problem);
  ASSERT_EQ(result.outcome, Outcome::kInfeasible);
  EXPECT_THAT(result.give_up,
              ElementsAre(AllOf(Field(&Obstacle::rule, "seats,events"),
                                Field(&Obstacle::sentence,
                                      "There is a timetable with up to 30 seats in venue 'hall' "
                                      "and if series 'seminar-1' is not held exactly 3 times."))));
}

TEST(Obstacles, MeasureGapsFromTheLastDayOfAnEvent) {
  // From 8 to 15 September it is seven days, from the 6th nine.
  Problem problem = SmallProblem();
  problem.limits = {7, 7, 1.0, 1};
  problem.series[0].days = 3;
  const std::set<Date> open = {Date(2022, 9, 6), Date(2022, 9, 7), Date(2022, 9, 8),
                               Date(2022, 9, 15)};
  for (Date d = problem.from; d <= problem.until; ++d) {
    if (open.count(d) == 0) problem.venues[0].unavailable.insert(d);
  }
  problem.pins = {{"seminar-1", Date(2022, 9, 6), "", "", {"team-vvk-1"}},
                  {"seminar-2", Date(2022, 9, 15), "", "", {"team-vvk-1"}}};
  EXPECT_EQ(PlanTimetable(problem).outcome, Outcome::kFeasible);
  problem.limits.min_gap_days = problem.limits.max_gap_days = 9;
  EXPECT_EQ(PlanTimetable(problem).outcome, Outcome::kInfeasible);
}

TEST(FewestEvents, FollowSeatsCoverageAndClusters) {
  Problem problem = LeadershipEducation();
  EXPECT_EQ(FewestEvents(CompiledProblem(problem), 0), 3);  // 4 of 12 teams of an area at a time
  problem.limits.max_away_share = 0.1;
  EXPECT_EQ(FewestEvents(CompiledProblem(problem), 0), 12);
  problem.limits.max_away_share = 1;
  EXPECT_EQ(FewestEvents(CompiledProblem(problem), 0), 2);  // 120 leaders in 80 seats
  for (Team& team : problem.teams) team.cluster_id = team.area_id;
  EXPECT_EQ(FewestEvents(CompiledProblem(problem), 0), 12);
}

}  // namespace
}  // namespace klynge::courses::timetable
