// Goals between proto and domain. Reading collects every wrong field, with its path behind
// `prefix`, and returns what could be read; do not use the result when there were violations.
#pragma once

#include <absl/strings/string_view.h>

#include "klynge/goals/v1/check_in.pb.h"
#include "klynge/goals/v1/goal.pb.h"
#include "services/goals/goal.h"
#include "services/platform/rpc/status.h"

namespace klynge::goals {

// What a caller may say of a goal; output-only fields are ignored. Fills in defaults, `today` for
// the first day.
Goal GoalFromProto(const v1::Goal& message, absl::string_view prefix, Date today,
                   Violations& violations);
Agreement AgreementFromProto(const v1::Agreement& message, absl::string_view prefix, Date today,
                             Violations& violations);
Dissent DissentFromProto(const v1::Dissent& message, absl::string_view prefix, Date today,
                         Violations& violations);
// The state must be GOAL_STATE_ACHIEVED or GOAL_STATE_ABANDONED; its field is "state".
Closure ClosureFromProto(v1::GoalState state, const v1::Closure& message, absl::string_view prefix,
                         Date today, Violations& violations);
CheckIn CheckInFromProto(const v1::CheckIn& message, absl::string_view prefix, Date today,
                         Violations& violations);
Binding BindingFromProto(const v1::IndicatorBinding& message, absl::string_view prefix,
                         Violations& violations);

// The goal as it was at the end of that day: its state, values, dissents and follow-up.
void ToProto(const Goal& goal, Date day, v1::Goal* message);
void ToProto(const Goal& goal, const CheckIn& check_in, v1::CheckIn* message);

// A moment as the proto's timestamp, to the microsecond.
google::protobuf::Timestamp Timestamp(absl::Time time);

}  // namespace klynge::goals
