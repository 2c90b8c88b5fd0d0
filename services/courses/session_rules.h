// When a session that is not a team seminar may be put on a date. Pure.
#pragma once

#include "absl/status/status.h"
#include "services/courses/programme_record.h"

namespace klynge::courses {

// OK when `session` can be stored in the programme of `record`. Errors: kInvalidArgument with every
// bad field; kFailedPrecondition WRONG_DAY (weekend, public holiday), RESOURCE_NOT_FREE (venue or
// lecturer unknown or taken) or TIMETABLE_IN_USE (its date would change though attendance is
// recorded).
absl::Status CheckSession(const CoursesModel& model, const ProgrammeRecord& record,
                          const v1::Session& session);

// OK when no other programme has taken a venue or lecturer of `sessions` meanwhile: kAborted
// CHANGED_MEANWHILE.
absl::Status CheckStillFree(const CoursesModel& model, const std::string& programme_id,
                            const std::vector<v1::Session>& sessions);

}  // namespace klynge::courses
