#include "services/courses/timetable/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::IsEmpty;

PlannerOptions Iterations(int64_t iterations) {
  PlannerOptions options;
  options.max_iterations = iterations;
  options.time_limit = absl::Minutes(2);  // the iterations end it, also under sanitizers
  return options;
}

std::string Print(const Timetable& timetable) {
  std::string text;
  for (const Event& event : timetable.events) {
    absl::StrAppend(&text, event.series_id, " ", absl::FormatCivilTime(event.date), " ",
                    event.venue_id, " ", event.lecturer_id);
    for (const std::string& team : event.team_ids) absl::StrAppend(&text, " ", team);
    absl::StrAppend(&text, "\n");
  }
  return text;
}

TEST(Planner, PlansTheSixSeminarDaysOfTheLeadershipEducation) {
  const Problem problem = LeadershipEducation();
  const PlannerResult result = PlanTimetable(problem, Iterations(150000));
  ASSERT_EQ(result.outcome, Outcome::kFeasible);
  EXPECT_EQ(Rules(CheckTimetable(problem, result.timetable)), "");
  EXPECT_EQ(result.timetable.events.size(), 18u);  // 3 × 6, the fewest that coverage allows
  EXPECT_THAT(result.obstacles, IsEmpty());
}

TEST(Planner, FindsADecentTimetable) {
  // Everybody in one of the two areas' venues on preferred weekdays at even gaps costs 144: half of
  // the teams travel, since both areas share the three events of each series.
  const PlannerResult result = PlanTimetable(LeadershipEducation(), Iterations(300000));
  ASSERT_EQ(result.outcome, Outcome::kFeasible);
  EXPECT_LE(result.cost, 160);
}

TEST(Planner, PricesItsTimetableAsTheCheckerDoes) {
  const Problem problem = LeadershipEducation();
  int64_t last_told = -1;
  PlannerOptions options = Iterations(30000);
  options.on_progress = [&](const Progress& progress) { last_told = progress.best_cost; };
  const PlannerResult result = PlanTimetable(problem, options);
  int64_t sum = 0;
  for (const ConstraintCost& cost : CostTimetable(problem, result.timetable)) sum += cost.cost;
  EXPECT_EQ(result.cost, sum);
  EXPECT_EQ(last_told, sum);  // the search's own running total
}

TEST(Planner, GivesTheSameTimetableForTheSameSeed) {
  const Problem problem = LeadershipEducation();
  const std::string first = Print(PlanTimetable(problem, Iterations(20000)).timetable);
  EXPECT_EQ(Print(PlanTimetable(problem, Iterations(20000)).timetable), first);
  PlannerOptions other = Iterations(20000);
  other.seed = 2;
  EXPECT_NE(Print(PlanTimetable(problem, other).timetable), first);
}

TEST(Planner, NeverGetsWorseWithMoreIterations) {
  const Problem problem = LeadershipEducation();
  const int64_t brief = PlanTimetable(problem, Iterations(20000)).cost;
  EXPECT_LT(PlanTimetable(problem, Iterations(200000)).cost, brief);
}

TEST(Planner, StopsAtItsIterationLimit) {
  EXPECT_LE(PlanTimetable(LeadershipEducation(), Iterations(5000)).iterations, 5000);
}

TEST(Planner, StopsAtItsTimeLimit) {
  PlannerOptions options = Iterations(1000000000);
  absl::Time now = absl::UnixEpoch();
  options.now = [&now] { return now += absl::Milliseconds(10); };
  options.time_limit = absl::Seconds(1);
  const PlannerResult result = PlanTimetable(LeadershipEducation(), options);
  EXPECT_EQ(result.outcome, Outcome::kFeasible);
  EXPECT_GE(result.elapsed, absl::Seconds(1));
  EXPECT_LE(result.elapsed, absl::Milliseconds(1100));
}

TEST(Planner, KeepsTheBestTimetableWhenCancelled) {
  int asked = 0;
  PlannerOptions options = Iterations(1000000000);
  options.cancelled = [&asked] { return ++asked > 10; };
  const PlannerResult result = PlanTimetable(LeadershipEducation(), options);
  EXPECT_EQ(result.outcome, Outcome::kFeasible);
  EXPECT_LT(result.iterations, 20000);  // asked every thousand or so
}

TEST(Planner, SaysWhenItWasCancelledBeforeItHadATimetable) {
  PlannerOptions options;
  options.cancelled = [] { return true; };
  const PlannerResult result = PlanTimetable(LeadershipEducation(), options);
  EXPECT_EQ(result.outcome, Outcome::kCancelled);
  EXPECT_THAT(result.timetable.events, IsEmpty());
}

TEST(Planner, TellsImprovementsWithFallingCost) {
  PlannerOptions options = Iterations(50000);
  options.progress_interval = absl::ZeroDuration();
  std::vector<int64_t> costs;
  options.on_progress = [&](const Progress& progress) { costs.push_back(progress.best_cost); };
  PlanTimetable(LeadershipEducation(), options);
  ASSERT_GT(costs.size(), 5u);
  EXPECT_TRUE(std::is_sorted(costs.rbegin(), costs.rend()));
}

TEST(Planner, HoldsASeriesAsOftenAsAsked) {
  Problem problem = LeadershipEducation();
  problem.series[2].events = 5;
  const PlannerResult result = PlanTimetable(problem, Iterations(50000));
  ASSERT_EQ(result.outcome, Outcome::kFeasible);
  int held = 0;
  for (const Event& event : result.timetable.events) held += event.series_id == "seminar-3";
  EXPECT_EQ(held, 5);
}

TEST(Planner, KeepsEveryPartThatIsPinned) {
  Problem problem = LeadershipEducation();
  problem.pins = {{"seminar-1", Date(2021, 9, 14), "school", "lecturer-4", {"team-io-1"}},
                  {"seminar-1", absl::nullopt, "university", "", {}},
                  {"seminar-3", Date(2022, 6, 15), "", "", {"team-vvk-3", "team-io-1"}}};
  const PlannerResult result = PlanTimetable(problem, Iterations(60000));
  ASSERT_EQ(result.outcome, Outcome::kFeasible);
  EXPECT_EQ(Rules(CheckTimetable(problem, result.timetable)), "");  // judges the pins too
}

TEST(Planner, AvoidsSchoolHolidaysWhenItCan) {
  Problem problem = SmallProblem();
  problem.from = Date(2022, 10, 1);
  problem.until = Date(2022, 10, 31);
  problem.limits = {5, 30, 0.5, 1};
  const PlannerResult result = PlanTimetable(problem, Iterations(30000));
  ASSERT_EQ(result.outcome, Outcome::kFeasible);
  for (const Event& event : result.timetable.events) EXPECT_NE(IsoWeek(event.date), 42);
}

TEST(Planner, HoldsEventsInParallelWhereDaysAreFew) {
  Problem problem = SmallProblem();
  problem.limits = {7, 21, 1.0, 1};
  problem.venues = {{"hall", "vvk", 6, {}}, {"school", "vvk", 6, {}}};
  problem.lecturers.push_back({"lecturer-2", {"structure", "data"}, {}});
  std::set<Date> open = {Date(2022, 9, 6), Date(2022, 9, 20)};
  for (Date date = problem.from; date <= problem.until; ++date) {
    if (open.count(date) == 0) problem.calendar.closed_dates.push_back(date);
  }
  const PlannerResult result = PlanTimetable(problem, Iterations(30000));
  ASSERT_EQ(result.outcome, Outcome::kFeasible);
  EXPECT_EQ(result.timetable.events.size(), 4u);
  EXPECT_EQ(Rules(CheckTimetable(problem, result.timetable)), "");
}

}  // namespace
}  // namespace klynge::courses::timetable
