// Random municipal problems, small enough for a complete solver.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ORACLE_RANDOM_PROGRAMMES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ORACLE_RANDOM_PROGRAMMES_H_

#include <cstdint>

#include "services/courses/timetable/model.h"

namespace klynge::courses::timetable {

// Two or three series, two to four teams, one to three venues and lecturers, two to four weeks,
// with every rule and wish of the model somewhere. `tightness` from 0 says how much is asked for:
// at 0 most have a timetable, at 2 most have none.
Problem RandomProgramme(uint64_t seed, int tightness = 0);

// Two series, two teams, a week: enough for trying everything.
Problem RandomTinyProgramme(uint64_t seed);

// What has become of the problem once `published` is announced: a venue or lecturer is lost for
// some days, or a team cannot come, and only so many parts may change.
Problem Disrupted(const Problem& problem, const Timetable& published, uint64_t seed);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ORACLE_RANDOM_PROGRAMMES_H_
