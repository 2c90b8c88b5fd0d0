// The municipal timetabling problem once more, for a complete constraint solver (Gecode): for small
// problems it finds the cheapest timetable or proves that there is none. It shares no code with the
// planner but the model and the calendar; tests hold the planner against it.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ORACLE_ORACLE_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ORACLE_ORACLE_H_

#include <cstdint>

#include "services/courses/timetable/model.h"

namespace klynge::courses::timetable {

struct OracleAnswer {
  // Whether the whole space was searched. Only then is `timetable` the cheapest, and none of them a
  // proof that there is none.
  bool complete = false;
  absl::optional<Timetable> timetable;
  int64_t cost = 0;  // by the solver's own account
};

// Ends without an answer after so many dead ends, which is the same on every machine.
constexpr uint64_t kMaxDeadEnds = 2'000'000;

// The cheapest timetable. Expects a problem without CheckProblem errors.
OracleAnswer SolveCompletely(const Problem& problem, uint64_t max_dead_ends = kMaxDeadEnds);

// Any timetable; a good deal quicker.
OracleAnswer FindAnyTimetable(const Problem& problem, uint64_t max_dead_ends = kMaxDeadEnds);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ORACLE_ORACLE_H_
