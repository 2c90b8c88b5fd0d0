// A programme's problem as the engine's model: usable dates are periods, teams are groups that
// attend one event of each series by choice.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_MUNICIPAL_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_MUNICIPAL_H_

#include <vector>

#include "absl/types/optional.h"
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

// The published event that each event of the model continues; null: none. Points into `problem`.
std::vector<const Event*> PublishedByEvent(const Problem& problem, const Instance& instance);

// With the problem's ids. Expects a complete solution.
Timetable ToTimetable(const Problem& problem, const CompiledProblem& compiled, const Model& model,
                      const Solution& solution);

// How many events each series has.
std::vector<int> CountEvents(const Problem& problem, const Timetable& timetable);

struct KnownTimetable {
  Solution solution;
  std::vector<int> event_of;  // of each event of the timetable, the event of the model
};

// The other way round, for a model with CountEvents: each event of the timetable becomes the one
// that its pins ask for, and with which the least of the published timetable changes. nullopt: the
// timetable is none of the model's. It names what is unknown, is not attended once by each team, or
// has something where or when the tables of the instance don't let it be.
absl::optional<KnownTimetable> ToSolution(const Problem& problem, const CompiledProblem& compiled,
                                          const Model& model, const Timetable& timetable);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_MUNICIPAL_H_
