// Which single rule, given up, would let a programme be timetabled that otherwise could not be.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_RELAXATIONS_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_RELAXATIONS_H_

#include <vector>

#include "services/courses/timetable/planner.h"
#include "services/courses/timetable/programme_search.h"

namespace klynge::courses::timetable {

// One obstacle for each rule without which a timetable was found, within what is left of the
// budget: that rule binds. Empty: no single one helps, or time ran out.
std::vector<Obstacle> BindingRules(const Problem& problem, Budget& budget);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_RELAXATIONS_H_
