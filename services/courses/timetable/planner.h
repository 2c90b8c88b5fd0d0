// Plans the seminar days of a programme: dates, venues, lecturers and teams, feasible first and
// then as good as the time allows. One call, one thread, no state in between; safe to call from
// many threads.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_PLANNER_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_PLANNER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/courses/timetable/model.h"

namespace klynge::courses::timetable {

// A mistake in the problem itself: `field` is a path as in "teams[3].heads".
struct ProblemError {
  std::string field;
  std::string description;  // what was given and what is allowed
};

// Every mistake of `problem` at once (duplicate or missing ids, unknown references, numbers out of
// range, dates reversed); empty when it can be planned. Says nothing about feasibility.
std::vector<ProblemError> CheckProblem(const Problem& problem);

struct Progress {
  int64_t best_cost = -1;  // of the best feasible timetable so far; -1 while there is none
  int64_t iterations = 0;
  absl::Duration elapsed;
};

struct PlannerOptions {
  uint64_t seed = 1;
  // The search ends at whichever comes first. Two runs with the same problem, seed and
  // max_iterations give the same timetable unless the time limit or a cancellation ended one of
  // them.
  absl::Duration time_limit = absl::Seconds(10);
  int64_t max_iterations = 300000;
  std::function<bool()> cancelled;  // asked often, must be cheap; empty: never
  // Called in the planning thread at each improvement, at most every `progress_interval`, and at
  // the end.
  std::function<void(const Progress&)> on_progress;
  absl::Duration progress_interval = absl::Milliseconds(200);
  std::function<absl::Time()> now = absl::Now;
};

enum class Outcome {
  kFeasible,    // `timetable` keeps every hard rule
  kInfeasible,  // proved: no timetable exists; `obstacles` names the rules that bind
  // Not proved, but none was found with half of the limits. `obstacles` names first the rules
  // without which one was found, then what the closest attempt still broke; empty if there was no
  // time for even that.
  kNotFound,
  // the way
  kCancelled,  // cancelled before a feasible timetable was found
  kInvalid,    // CheckProblem has complaints; they are in `errors`
};

// A hard rule that can't be kept, for operators.
struct Obstacle {
  // As in Violation::rule of checker.h: "seats", "coverage", "lecturer", …; several, joined with
  // commas, where only giving up all of them helps.
  std::string rule;
  std::string sentence;  // the numbers that clash and what to change, in English
};

struct PlannerResult {
  Outcome outcome = Outcome::kInvalid;
  Timetable timetable;                // empty unless kFeasible
  int64_t cost = 0;                   // sum of `costs`
  std::vector<ConstraintCost> costs;  // one for every soft constraint, also those at zero
  std::vector<Obstacle> obstacles;
  // Of what is proved infeasible, the least to give up: with each of these alone there is a
  // timetable, and with less of it there was none to be found. Within the limits of the run.
  std::vector<Obstacle> give_up;
  std::vector<ProblemError> errors;
  int64_t iterations = 0;
  absl::Duration elapsed;
};

PlannerResult PlanTimetable(const Problem& problem, const PlannerOptions& options = {});

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_PLANNER_H_
