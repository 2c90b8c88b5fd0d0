// Whether the oracle can be believed: its answers pass the checker, cost what the checker says, and
// are the cheapest of all where everything can be tried.

#include "services/courses/timetable/oracle/oracle.h"

#include <gtest/gtest.h>

#include "services/courses/timetable/checker.h"
#include "services/courses/timetable/oracle/random_programmes.h"
#include "services/courses/timetable/planner.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

// The cheapest timetable of a problem with two teams and two series, by trying everything.
class Enumeration {
 public:
  explicit Enumeration(const Problem& problem) : problem_(problem), alone_(problem) {
    alone_.pins.clear();
    alone_.max_changes = -1;
    for (Series& series : alone_.series) series.events = 0;
    const auto first = WaysToHold(problem.series[0]);
    const auto second = WaysToHold(problem.series[1]);
    for (const Timetable& one : first) {
      for (const Timetable& other : second) {
        Timetable both = one;
        both.events.insert(both.events.end(), other.events.begin(), other.events.end());
        if (!CheckTimetable(problem, both).empty()) continue;
        const int64_t cost = CostOf(problem, both);
        if (!least_ || cost < *least_) least_ = cost;
      }
    }
  }

  absl::optional<int64_t> least() const { return least_; }

 private:
  // With all the teams or one by one.
  std::vector<Timetable> WaysToHold(const Series& series) const {
    const std::string& a = problem_.teams[0].id;
    const std::string& b = problem_.teams[1].id;
    std::vector<Timetable> ways;
    const auto keep = [&](std::vector<Event> events) {
      if (MayBePart({events})) ways.push_back({std::move(events)});
    };
    const std::vector<Event> with_a = EventsWith(series, {a});
    for (const Event& event : EventsWith(series, {a, b})) keep({event});
    for (const Event& other : EventsWith(series, {b})) {
      for (const Event& event : with_a) keep({event, other});
    }
    return ways;
  }

  std::vector<Event> EventsWith(const Series& series, const std::vector<std::string>& teams) const {
    std::vector<Event> events;
    for (Date date = problem_.from; date <= problem_.until; ++date) {
      for (const Venue& venue : problem_.venues) {
        for (const Lecturer& lecturer : problem_.lecturers) {
          const Event event{series.id, date, venue.id, lecturer.id, teams};
          if (MayBePart({{event}})) events.push_back(event);
        }
      }
    }
    return events;
  }

  // Whether it breaks nothing that the rest of a timetable could not mend.
  bool MayBePart(const Timetable& part) const {
    for (const Violation& violation : CheckTimetable(alone_, part)) {
      if (violation.rule != "attendance") return false;
    }
    return true;
  }

  const Problem& problem_;
  Problem alone_;  // without what concerns whole timetables
  absl::optional<int64_t> least_;
};

TEST(Oracle, FindsTheLeastCostThatTryingEverythingFinds) {
  int possible = 0, impossible = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Problem problem = RandomTinyProgramme(seed);
    ASSERT_TRUE(CheckProblem(problem).empty()) << CheckProblem(problem)[0].field;
    const Enumeration everything(problem);
    const OracleAnswer answer = SolveCompletely(problem);
    ASSERT_TRUE(answer.complete) << "seed " << seed;
    ASSERT_EQ(answer.timetable.has_value(), everything.least().has_value()) << "seed " << seed;
    ++(answer.timetable ? possible : impossible);
    if (!answer.timetable) continue;
    EXPECT_EQ(answer.cost, *everything.least()) << "seed " << seed;
  }
  EXPECT_GT(possible, 10);
  EXPECT_GT(impossible, 10);
}

// The oracle's answer, after the checker has had a look at it.
OracleAnswer Judged(const Problem& problem, uint64_t seed) {
  EXPECT_TRUE(CheckProblem(problem).empty()) << CheckProblem(problem)[0].field;
  OracleAnswer answer = SolveCompletely(problem);
  EXPECT_TRUE(answer.complete) << "seed " << seed;
  if (answer.timetable) {
    EXPECT_EQ(Rules(CheckTimetable(problem, *answer.timetable)), "") << "seed " << seed;
    EXPECT_EQ(answer.cost, CostOf(problem, *answer.timetable)) << "seed " << seed;
  }
  return answer;
}

TEST(Oracle, AnswersWithTimetablesThatTheCheckerAcceptsAtTheirCost) {
  int possible = 0, impossible = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Problem problem = RandomProgramme(seed, static_cast<int>(seed % 3));
    ++(Judged(problem, seed).timetable ? possible : impossible);
  }
  EXPECT_GT(possible, 15);
  EXPECT_GT(impossible, 15);
}

TEST(Oracle, MendsPublishedTimetablesWithinTheChangesAllowed) {
  int mended = 0, beyond = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Problem problem = RandomProgramme(seed);
    problem.published = {};
    problem.max_changes = -1;
    const OracleAnswer published = Judged(problem, seed);
    if (!published.timetable) continue;
    const Problem disrupted = Disrupted(problem, *published.timetable, seed);
    EXPECT_NE(Rules(CheckTimetable(disrupted, *published.timetable)), "") << "seed " << seed;
    ++(Judged(disrupted, seed).timetable ? mended : beyond);
  }
  EXPECT_GT(mended, 10);
  EXPECT_GT(beyond, 5);
}

TEST(Oracle, FindsAnyTimetableExactlyWhereItFindsTheCheapest) {
  for (uint64_t seed = 100; seed < 140; ++seed) {
    const Problem problem = RandomProgramme(seed, static_cast<int>(seed % 3));
    const OracleAnswer any = FindAnyTimetable(problem);
    ASSERT_TRUE(any.complete) << "seed " << seed;
    ASSERT_EQ(any.timetable.has_value(), SolveCompletely(problem).timetable.has_value())
        << "seed " << seed;
    if (!any.timetable) continue;
    EXPECT_EQ(Rules(CheckTimetable(problem, *any.timetable)), "") << "seed " << seed;
  }
}

TEST(Oracle, SaysWhenItGaveUp) { EXPECT_FALSE(SolveCompletely(RandomProgramme(20), 5).complete); }

}  // namespace
}  // namespace klynge::courses::timetable
