// Who gets which venue, period by period, at the least cost.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_VENUE_MATCHING_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_VENUE_MATCHING_H_

#include "services/courses/timetable/engine/state.h"

namespace klynge::courses::timetable {

// Gives the events of each period, in turn, the venues that cost least together while everything
// else stays: a minimum-cost assignment of events to venues. Never makes the price higher. Slow
// beside a move (it allocates), and meant for between the coolings.
void MatchVenues(State& state);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_VENUE_MATCHING_H_
