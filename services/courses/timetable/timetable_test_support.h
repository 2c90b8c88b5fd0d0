// Problems for the timetable's tests: the programme of the education in miniature, and random ones.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_TIMETABLE_TEST_SUPPORT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_TIMETABLE_TEST_SUPPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/courses/timetable/checker.h"
#include "services/courses/timetable/planner.h"

namespace klynge::courses::timetable {

// Two areas with 12 teams of 4–6 persons each, six series in four themes, three venues, four
// lecturers, September 2021 to December 2023, a third of an area away at most. Has many timetables.
Problem LeadershipEducation();

// Two teams, two series, one venue of 20 seats, one lecturer, one month. Has a timetable; tests
// break it.
Problem SmallProblem();

// A feasible timetable of SmallProblem, by hand.
Timetable SmallTimetable();

// Few of everything and tight limits: some have a timetable, some provably or unprovably none.
Problem RandomSmallProblem(uint64_t seed);

// More of everything, and room enough that the planner is expected to succeed.
Problem RandomLargeProblem(uint64_t seed);

// The same with every kind of wish and of obstruction: events of two days, required features, days
// on which teams can't come.
Problem RandomFullProblem(uint64_t seed);

// Whether `problem` has a timetable, found by trying everything. Only for what RandomSmallProblem
// makes.
bool HasTimetable(const Problem& problem);

// The sum of CostTimetable.
int64_t CostOf(const Problem& problem, const Timetable& timetable);

// The rules of the violations or obstacles, joined with spaces; for readable failures.
std::string Rules(const std::vector<Violation>& violations);
std::string Rules(const std::vector<Obstacle>& obstacles);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_TIMETABLE_TEST_SUPPORT_H_
