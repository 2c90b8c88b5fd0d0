// What went wrong after a timetable was published, in the words of the command line.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_DISRUPTION_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_DISRUPTION_H_

#include <string>
#include <vector>

#include "services/courses/timetable/command/arguments.h"
#include "services/courses/timetable/ctt/ctt_solver.h"

namespace klynge::courses::timetable {

// Reads ROOM@DAY, DAY/PERIOD and TEACHER@DAY. Returns everything that is wrong, a sentence each.
std::vector<std::string> ReadDisruption(const CttInstance& instance, const Arguments& arguments,
                                        CttDisruption& disruption);

// The lectures of `timetable` that cannot be held where they are.
CttTimetable LecturesHit(const CttInstance& instance, const CttTimetable& timetable,
                         const CttDisruption& disruption);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_DISRUPTION_H_
