// A published instance as the engine's model: courses are series of lectures, curricula are groups,
// teachers are lecturers.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_MODEL_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_MODEL_H_

#include "services/courses/timetable/ctt/ctt.h"
#include "services/courses/timetable/engine/state.h"

namespace klynge::courses::timetable {

// Rules: "room_capacity", "minimum_working_days", "curriculum_compactness", "room_stability".
Model CttModel(const CttInstance& instance);

// The lectures of each course in their order in `timetable`; kNone for those it lacks.
Solution CttSolution(const CttInstance& instance, const CttTimetable& timetable);
CttTimetable FromSolution(const CttInstance& instance, const Solution& solution);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_MODEL_H_
