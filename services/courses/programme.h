// What a programme must be, and which changes enrolments and the timetable still allow. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "services/courses/programme_record.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {

// Adds everything that is wrong with `programme`; field paths begin with "programme.".
void CheckProgramme(const v1::Programme& programme, Violations& violations);

// Copies the fields of `mask` from `update` into `target`. Adds a violation for an empty mask, a
// path that is no top-level field, and fields that may not change (programme_id, etag).
void ApplyUpdate(const v1::Programme& update, const google::protobuf::FieldMask& mask,
                 v1::Programme& target, Violations& violations);

// OK unless what is enrolled, planned or recorded in `record` forbids turning its programme into
// `after`: kFailedPrecondition, reason PROGRAMME_IN_USE.
absl::Status CheckChange(const ProgrammeRecord& record, const v1::Programme& after);

// Null when the programme has no such activity.
const v1::Activity* FindActivity(const v1::Programme& programme, absl::string_view activity_id);

// Null when the programme has no such seminar day.
const v1::SeminarDay* FindSeminarDay(const v1::Programme& programme, absl::string_view day_id);

// How many days in a row it takes.
int DaysOf(const v1::SeminarDay& day);

// A seminar day with the activity it is part of.
struct SeminarDayOf {
  const v1::Activity* activity;
  const v1::SeminarDay* day;
};

// All seminar days in the order they are held: by theme, then as listed. Points into `programme`.
std::vector<SeminarDayOf> SeminarDays(const v1::Programme& programme);

// Learning conversations planned for each team; 0 when the programme has none.
int ConversationsPerTeam(const v1::Programme& programme);

}  // namespace klynge::courses
