#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Fields(const Problem& problem) {
  std::vector<std::string> fields;
  for (const ProblemError& error : CheckProblem(problem)) fields.push_back(error.field);
  return fields;
}

TEST(CheckProblem, HasNothingAgainstTheLeadershipEducation) {
  EXPECT_THAT(CheckProblem(LeadershipEducation()), IsEmpty());
}

TEST(CheckProblem, TellsEveryMistakeAtOnce) {
  Problem problem = SmallProblem();
  problem.until = problem.from - 1;
  problem.limits = {0, -1, 1.5, -1, 1.1, -1, -1};
  problem.weights.travel = -2;
  problem.weights.lecturer_stability = -1;
  problem.weights.stay_published = 1001;
  problem.series[1].events = -1;
  problem.series[1].days = 0;
  problem.teams[0].heads = 0;
  problem.teams[1].area_id = "";
  problem.venues[0].seats = 0;
  problem.max_changes = -2;
  EXPECT_THAT(
      Fields(problem),
      ElementsAre("until", "limits.min_gap_days", "limits.max_gap_days", "limits.max_away_share",
                  "limits.always_allowed_away", "limits.max_cluster_away_share",
                  "limits.max_lecturer_days_per_month", "limits.max_team_days_per_month",
                  "weights.travel", "weights.lecturer_stability", "weights.stay_published",
                  "series[1].events", "series[1].days", "teams[0].heads", "teams[1].area_id",
                  "venues[0].seats", "max_changes"));
}

TEST(CheckProblem, RefusesEventsLongerThanAWorkingWeek) {
  Problem problem = SmallProblem();
  problem.series[0].days = 5;
  EXPECT_THAT(CheckProblem(problem), IsEmpty());
  problem.series[0].days = 6;
  EXPECT_THAT(Fields(problem), ElementsAre("series[0].days"));
}

TEST(CheckProblem, LetsAPublishedTimetableNameWhatIsGoneButNoTeamTwiceInASeries) {
  Problem problem = SmallProblem();
  problem.published.events = {{"seminar-1", Date(2022, 9, 6), "barn", "nobody", {"team-x"}},
                              {"seminar-2", Date(2022, 9, 20), "barn", "nobody", {"team-x"}}};
  EXPECT_THAT(CheckProblem(problem), IsEmpty());
  problem.published.events[1].series_id = "seminar-1";
  EXPECT_THAT(Fields(problem), ElementsAre("published.events[1].team_ids"));
}

TEST(CheckProblem, RefusesMissingAndDuplicateIds) {
  Problem problem = SmallProblem();
  problem.teams[1].id = problem.teams[0].id;
  problem.lecturers[0].id = "";
  EXPECT_THAT(Fields(problem), ElementsAre("teams[1].id", "lecturers[0].id"));
}

TEST(CheckProblem, RefusesAProgrammeWithoutSeriesOrTeams) {
  Problem problem = SmallProblem();
  problem.series.clear();
  problem.teams.clear();
  EXPECT_THAT(Fields(problem), ElementsAre("series", "teams"));
}

TEST(CheckProblem, RefusesPinsOfUnknownThingsAndTeamsPinnedTwice) {
  Problem problem = SmallProblem();
  problem.pins = {{"seminar-1", absl::nullopt, "barn", "nobody", {"team-vvk-1"}},
                  {"seminar-1", absl::nullopt, "", "", {"team-vvk-1", "team-x"}}};
  EXPECT_THAT(Fields(problem), ElementsAre("pins[0].venue_id", "pins[0].lecturer_id",
                                           "pins[1].team_ids", "pins[1].team_ids"));
}

TEST(CheckProblem, StopsThePlannerBeforeItStarts) {
  Problem problem = SmallProblem();
  problem.teams[0].heads = 0;
  const PlannerResult result = PlanTimetable(problem);
  EXPECT_EQ(result.outcome, Outcome::kInvalid);
  EXPECT_THAT(result.errors,
              ElementsAre(AllOf(Field(&ProblemError::field, "teams[0].heads"),
                                Field(&ProblemError::description, HasSubstr("less than 1")))));
  EXPECT_THAT(result.timetable.events, IsEmpty());
}

}  // namespace
}  // namespace klynge::courses::timetable
