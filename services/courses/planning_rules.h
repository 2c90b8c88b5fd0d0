// What the caller of PlanTimetable asks for, as the planner understands it. Pure.
#pragma once

#include "services/courses/programme_record.h"
#include "services/courses/timetable/model.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {

// Sets the period, closed days, limits, weights and cap on changes of `problem`. Errors:
// kInvalidArgument with every bad field of `rules`.
absl::Status ReadRules(const ProgrammeRecord& record, const v1::PlanningRules& rules,
                       timetable::Problem& problem);

}  // namespace klynge::courses
