// Indexes of the ids and dates of a problem.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_PROBLEM_INDEX_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_PROBLEM_INDEX_H_

#include <algorithm>
#include <string>

#include "services/courses/timetable/compiled_problem.h"

namespace klynge::courses::timetable {

// kNone: no such item.
template <class Items>
int IndexOf(const Items& items, const std::string& id) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].id == id) return static_cast<int>(i);
  }
  return kNone;
}

// The usable day of `date`, or kNone.
inline int DayOf(const CompiledProblem& compiled, Date date) {
  const auto day = std::lower_bound(compiled.dates.begin(), compiled.dates.end(), date);
  if (day == compiled.dates.end() || *day != date) return kNone;
  return static_cast<int>(day - compiled.dates.begin());
}

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_PROBLEM_INDEX_H_
