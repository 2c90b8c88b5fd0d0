// A programme's problem as the engine's model: usable dates are periods, teams are groups that
// attend one event of each series by choice.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_MUNICIPAL_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_MUNICIPAL_H_

#include <vector>

#include "services/courses/timetable/compiled_problem.h"
#include "services/courses/timetable/engine/state.h"
#include "services/courses/timetable/model.h"

namespace klynge::courses::timetable {

// With so many events of each series, at least its pins. Hard rules are named as in Violation::rule
// of checker.h, soft ones as in ConstraintCost. The pins of a series are its first events, in their
// order; what was published of it is continued by events so that the pins change least of it.
Model MunicipalModel(const Problem& problem, const CompiledProblem& compiled,
                     const std::vector<int>& events_per_series);

// What of the published timetable the model's events can keep; kNone for the rest.
Solution PublishedSolution(const Problem& problem, const CompiledProblem& compiled,
                           const Model& model);

// How many parts of the published timetable change for want of events to continue it.
int LostParts(const Problem& problem, const Model& model);

// A beginning: the events of each series spread evenly over the time that the even gap gives it.
// They need not fit, and the teams are not dealt out.
Solution EvenSolution(const CompiledProblem& compiled, const Model& model);

// With the problem's ids. Expects a complete solution.
Timetable ToTimetable(const Problem& problem, const CompiledProblem& compiled, const Model& model,
                      const Solution& solution);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_MUNICIPAL_H_
