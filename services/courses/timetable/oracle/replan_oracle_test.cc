// Repairs against the oracle: none with fewer changes exists.

#include <gtest/gtest.h>

#include "services/courses/timetable/oracle/oracle.h"
#include "services/courses/timetable/oracle/random_programmes.h"
#include "services/courses/timetable/replan.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

// Something that the first or the last event needs falls away, or somebody comes or goes.
ProgrammeDisruption DisruptionOf(const Problem& problem, const Timetable& published,
                                 uint64_t seed) {
  const Event& hit = seed % 2 == 0 ? published.events.front() : published.events.back();
  ProgrammeDisruption disruption;
  switch (seed % 5) {
    case 0:
      disruption.venues_lost = {{hit.venue_id, {hit.date, hit.date + 1}}};
      break;
    case 1:
      disruption.dates_closed = {hit.date};
      break;
    case 2:
      disruption.lecturers_ill = {{hit.lecturer_id, hit.date, hit.date + 2}};
      break;
    case 3:
      disruption.teams_added = {problem.teams[0]};
      disruption.teams_added[0].id = "newcomers";
      break;
    default:
      disruption.teams_left = {problem.teams[0].id};
  }
  return disruption;
}

// The fewest changes with which there is a timetable; -1: `most` are not enough.
int FewestChanges(Problem problem, int most) {
  for (int changes = 0; changes <= most; ++changes) {
    problem.max_changes = changes;
    const OracleAnswer answer = FindAnyTimetable(problem);
    EXPECT_TRUE(answer.complete);
    if (answer.timetable) return changes;
  }
  return -1;
}

TEST(ReplanAgainstTheOracle, ChangesAsLittleAsCanBe) {
  constexpr int kMost = 8;
  int repaired = 0, changed = 0, impossible = 0, curves = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Problem problem = RandomProgramme(seed);
    problem.published = {};
    problem.max_changes = -1;
    PlannerOptions options;
    options.max_iterations = 20000;
    options.time_limit = absl::Minutes(2);
    const Timetable published = PlanTimetable(problem, options).timetable;
    if (published.events.empty()) continue;
    options.max_iterations = 200000;
    const ReplanResult result = ReplanProgramme(
        problem, published, DisruptionOf(problem, published, seed), problem.from, kMost, options);
    if (result.outcome == Outcome::kInvalid) continue;  // the last team left
    const int fewest = FewestChanges(result.problem, kMost);
    ASSERT_EQ(result.curve.empty(), fewest < 0) << "seed " << seed;
    if (fewest < 0) {
      ++impossible;
      continue;
    }
    EXPECT_EQ(result.curve.front().changes, fewest) << "seed " << seed;
    for (const ProgrammeRepair& repair : result.curve) {
      EXPECT_EQ(Rules(CheckTimetable(result.problem, repair.timetable)), "") << "seed " << seed;
    }
    ++repaired;
    curves += result.curve.size() > 1;
    changed += fewest > 0;
  }
  EXPECT_GT(repaired, 25);
  EXPECT_GT(changed, 10);
  EXPECT_GT(impossible, 2);
  EXPECT_GT(curves, 5);
}

}  // namespace
}  // namespace klynge::courses::timetable
