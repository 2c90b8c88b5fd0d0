// Judges a timetable without the planner: written from the rules alone, plain and slow, so that a
// mistake in the planner's bookkeeping can't hide. Also prices a timetable that somebody made by
// hand.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CHECKER_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CHECKER_H_

#include <string>
#include <vector>

#include "services/courses/timetable/model.h"

namespace klynge::courses::timetable {

// A hard rule that a timetable breaks. Rules: "reference" (unknown series, team, venue or
// lecturer), "period", "calendar", "attendance" (each team once per series), "events" (a series
// held as often as asked), "seats", "venue", "features" (what the venue lacks), "lecturer", "team"
// (unavailable), "order", "gap", "coverage", "cluster", "workload" (days in a month), "pin",
// "changes" (of the published timetable).
struct Violation {
  std::string rule;
  std::string sentence;  // which event or team, and the numbers
};

// Every broken hard rule; empty when the timetable is feasible. Expects a problem without
// CheckProblem errors.
std::vector<Violation> CheckTimetable(const Problem& problem, const Timetable& timetable);

// What the timetable costs by soft constraint, in the order of Weights; zeros included. Expects a
// feasible timetable.
std::vector<ConstraintCost> CostTimetable(const Problem& problem, const Timetable& timetable);

// How much of the published timetable it changes, as Problem says.
int64_t CountChanges(const Problem& problem, const Timetable& timetable);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CHECKER_H_
