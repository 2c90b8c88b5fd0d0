// Random models for the engine's tests, with every rule there is.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_RANDOM_MODEL_TEST_SUPPORT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_RANDOM_MODEL_TEST_SUPPORT_H_

#include <cstdint>
#include <string>

#include "services/courses/timetable/engine/state.h"

namespace klynge::courses::timetable::testing {

// A few days of some periods; events of one period each with an even seed, else also longer ones;
// groups that attend whole series, and groups that attend one event by choice.
Model RandomModel(uint64_t seed);

// What of the instance's tables, or of nobody being in two places, the timetable breaks: one line
// each, worked out from the plain values alone.
std::string Misfits(const Instance& instance, const Solution& solution);

}  // namespace klynge::courses::timetable::testing

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_RANDOM_MODEL_TEST_SUPPORT_H_
