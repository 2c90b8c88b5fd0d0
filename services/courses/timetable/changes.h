// What a timetable changes of another one, event by event. How much of the published timetable is
// changed in all, CountChanges (checker.h) says.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CHANGES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CHANGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/courses/timetable/model.h"

namespace klynge::courses::timetable {

// The events of one series, in the timetable's order.
std::vector<const Event*> EventsOf(const Timetable& timetable, const std::string& series_id);

// What changes when `before` becomes `now` (null: it is not held any more), counted as Problem says
// of a published event.
int64_t ChangesOf(const Problem& problem, const Event& before, const Event* now);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CHANGES_H_
