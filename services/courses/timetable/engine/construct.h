// A first timetable: everything somewhere it fits, whatever it costs.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_CONSTRUCT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_CONSTRUCT_H_

#include <cstdint>
#include <functional>

#include "services/courses/timetable/engine/random.h"
#include "services/courses/timetable/engine/state.h"

namespace klynge::courses::timetable {

// Completes `solution`: choices that are kNone are dealt out evenly, and events with a part that is
// kNone, or that do not fit where they are, are placed. What is in their way is placed again
// elsewhere; each place gets dearer for an event the more often it was tried, so that it does not
// go round in circles. Calls `step` before each placing and gives up when that returns false; then
// the solution is incomplete and the result false.
bool Complete(const Instance& instance, Random& random, const std::function<bool()>& step,
              Solution& solution);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_CONSTRUCT_H_
