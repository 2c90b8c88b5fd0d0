// Where the events of a series can be: every date, venue and lecturer that keeps the rules that
// concern one event alone.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ORACLE_PLACES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ORACLE_PLACES_H_

#include <vector>

#include "services/courses/timetable/model.h"

namespace klynge::courses::timetable {

struct Place {
  int day = 0;  // the event's first day, counted from the problem's first
  int venue = 0;
  int lecturer = 0;
  int cost = 0;  // of the days: other weekdays and school holidays
};

// Cheapest first. Places [0] means "not held".
std::vector<Place> PlacesOf(const Problem& problem, const Series& series);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ORACLE_PLACES_H_
