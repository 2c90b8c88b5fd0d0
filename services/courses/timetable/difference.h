// What one timetable of a programme has otherwise than another.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_DIFFERENCE_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_DIFFERENCE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "services/courses/timetable/model.h"

namespace klynge::courses::timetable {

// One event that is otherwise. Without `before` it is new, without `after` it is not held any more.
struct EventDifference {
  absl::optional<Event> before;
  absl::optional<Event> after;
  bool date = false;  // another one; so for each part, where both are there
  bool venue = false;
  bool lecturer = false;
  std::vector<std::string> teams_gone;  // to another event of the series, or from the programme
  std::vector<std::string> teams_new;
  std::string sentence;
};

struct TimetableDifference {
  std::vector<EventDifference> events;  // in theme order, then by date
  // As CountChanges of `after` says if `before` is published.
  int64_t changes = 0;
  // Of each soft constraint, what it counts and costs more; zeros included.
  std::vector<ConstraintCost> costs;
  int64_t cost = 0;
};

// From `before` to `after`, which are of `problem` or of what it was: they may name what it doesn't
// have. Events are paired within their series so that the least changes. Costs are by the rules of
// `problem` if it knows everything in both, else left out.
TimetableDifference DiffTimetables(const Problem& problem, const Timetable& before,
                                   const Timetable& after);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_DIFFERENCE_H_
