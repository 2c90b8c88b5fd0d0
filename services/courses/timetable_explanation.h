// Why the seminar days of a programme are where they are: what is stored becomes a timetable of the
// planner's problem, and its explanation the answer. Pure.
#pragma once

#include "absl/status/status.h"
#include "klynge/courses/v1/timetable_explanation.pb.h"
#include "services/courses/programme_record.h"

namespace klynge::courses {

// Errors: kInvalidArgument with every bad field; kNotFound SESSION_NOT_FOUND when no planned
// seminar session has the id; kFailedPrecondition TIMETABLE_INFEASIBLE when nothing is planned, or
// what is planned can't be explained because it breaks a rule that no search would (it says which).
absl::Status ExplainTimetable(const CoursesModel& model, const ProgrammeRecord& record,
                              const v1::ExplainTimetableRequest& request,
                              v1::ExplainTimetableResponse* response);

}  // namespace klynge::courses
