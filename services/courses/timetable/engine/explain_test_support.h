// What explanations of a timetable must say, worked out from its plain values alone: no board, no
// running counts.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_EXPLAIN_TEST_SUPPORT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_EXPLAIN_TEST_SUPPORT_H_

#include "services/courses/timetable/engine/explain.h"

namespace klynge::courses::timetable::testing {

// The reasons of all events, of each event and the cost by event are the state's counts and cost.
void ExpectReasonsToAddUp(const State& state);

// WhyNot names exactly what is in the way of the event at `to`, or what a state of the timetable
// with the event there counts more. True: something was in the way.
bool ExpectWhyNotToBeSo(State& state, int event, const Placement& to);

// Suggest offers every place and every exchange that fits, with what a state of the timetable
// with it counts more, and the best of them first. Returns how many there are.
int ExpectTheBestSuggestions(State& state, int event);

// MatchVenues changes nothing but venues, never raises the price, and no other deal of the venues
// of the last period that has events would be cheaper. Returns what it saves.
int64_t ExpectVenuesToBeMatched(State& state);

}  // namespace klynge::courses::timetable::testing

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_EXPLAIN_TEST_SUPPORT_H_
