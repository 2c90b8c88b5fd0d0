#include "services/courses/timetable/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Sentences(const TimetableDifference& difference) {
  std::vector<std::string> sentences;
  for (const EventDifference& each : difference.events) sentences.push_back(each.sentence);
  return sentences;
}

TEST(Difference, IsNothingBetweenATimetableAndItself) {
  const TimetableDifference same =
      DiffTimetables(SmallProblem(), SmallTimetable(), SmallTimetable());
  EXPECT_THAT(same.events, IsEmpty());
  EXPECT_EQ(same.changes, 0);
  EXPECT_EQ(same.cost, 0);
  EXPECT_EQ(same.costs.size(), 7u);
}

TEST(Difference, NamesWhatIsOtherwiseOfEachEvent) {
  Timetable after = SmallTimetable();
  after.events[0].date = Date(2022, 9, 5);
  after.events[0].venue_id = "attic";
  after.events[0].lecturer_id = "lecturer-2";
  std::swap(after.events[2].team_ids, after.events[3].team_ids);
  const TimetableDifference difference = DiffTimetables(SmallProblem(), SmallTimetable(), after);
  EXPECT_THAT(
      Sentences(difference),
      ElementsAre("The event of series 'seminar-1' on 2022-09-06 in venue 'hall' is moved to "
                  "2022-09-05, goes to venue 'attic', has lecturer 'lecturer-2' for 'lecturer-1'.",
                  "The event of series 'seminar-2' on 2022-09-20 in venue 'hall' loses "
                  "'team-vvk-1', gets 'team-vvk-2'.",
                  "The event of series 'seminar-2' on 2022-09-21 in venue 'hall' loses "
                  "'team-vvk-2', gets 'team-vvk-1'."));
  EXPECT_EQ(difference.changes, 5);
  EXPECT_THAT(difference.costs, IsEmpty()) << "the problem knows no attic";
}

TEST(Difference, NamesEventsThatComeAndGo) {
  Timetable fewer = SmallTimetable();
  fewer.events[0].team_ids.push_back("team-vvk-2");
  fewer.events.erase(fewer.events.begin() + 1);
  EXPECT_THAT(
      Sentences(DiffTimetables(SmallProblem(), SmallTimetable(), fewer)),
      ElementsAre("The event of series 'seminar-1' on 2022-09-06 in venue 'hall' gets "
                  "'team-vvk-2'.",
                  "The event of series 'seminar-1' on 2022-09-07 in venue 'hall' is not held any "
                  "more."));
  EXPECT_THAT(Sentences(DiffTimetables(SmallProblem(), fewer, SmallTimetable())),
              ElementsAre("The event of series 'seminar-1' on 2022-09-06 in venue 'hall' loses "
                          "'team-vvk-2'.",
                          "The event of series 'seminar-1' on 2022-09-07 in venue 'hall' is new."));
}

TEST(Difference, CountsChangesAndCostsAsTheCheckerDoes) {
  int64_t changes = 0;
  for (uint64_t seed = 0; seed < 6; ++seed) {
    Problem problem = RandomFullProblem(seed);
    PlannerOptions options;
    options.max_iterations = 20000;
    const Timetable before = PlanTimetable(problem, options).timetable;
    options.seed = 7;
    const Timetable after = PlanTimetable(problem, options).timetable;
    const TimetableDifference difference = DiffTimetables(problem, before, after);
    EXPECT_EQ(difference.cost, CostOf(problem, after) - CostOf(problem, before));
    problem.published = before;
    EXPECT_EQ(difference.changes, CountChanges(problem, after));
    changes += difference.changes;
  }
  EXPECT_GT(changes, 100);
}

}  // namespace
}  // namespace klynge::courses::timetable
