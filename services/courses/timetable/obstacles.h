// Why a programme can't be timetabled, before any search: counting arguments that are each a proof,
// told with their numbers. Finding none proves nothing.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_OBSTACLES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_OBSTACLES_H_

#include <vector>

#include "services/courses/timetable/compiled_problem.h"
#include "services/courses/timetable/planner.h"

namespace klynge::courses::timetable {

// Every obstacle found; each alone makes the problem infeasible. Empty: go and search.
std::vector<Obstacle> ProveInfeasible(const Problem& problem, const CompiledProblem& compiled);

// The fewest events of `series` that seats, coverage and clusters allow; at least its pins, at
// least 1.
int FewestEvents(const CompiledProblem& compiled, int series);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_OBSTACLES_H_
