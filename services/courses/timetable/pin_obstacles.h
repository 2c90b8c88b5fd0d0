// Pins that can't be kept: by themselves, against each other, or against the calendar.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_PIN_OBSTACLES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_PIN_OBSTACLES_H_

#include <vector>

#include "services/courses/timetable/planner.h"

namespace klynge::courses::timetable {

// Each obstacle alone makes the problem infeasible. Expects a problem without CheckProblem errors.
std::vector<Obstacle> PinObstacles(const Problem& problem);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_PIN_OBSTACLES_H_
