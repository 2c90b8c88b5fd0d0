// How far a goal has come on a day, and whether it is followed up in time. Pure; the definitions
// are those of protos/klynge/goals/v1/progress.proto.
#pragma once

#include <absl/types/optional.h>

#include "services/goals/goal.h"

namespace klynge::goals {

// (current − baseline) / (target − baseline), never below 0 or above 1. Works in both directions;
// baseline ≠ target.
double Travelled(double baseline, double target, double current);

// How far the criterion has come on that day; 0 before its first value, nothing unless it is
// measurable.
absl::optional<double> CriterionProgress(const Goal& goal, const Criterion& criterion, Date day);

// Whether the latest value on that day has reached the target. False for a criterion without a
// value.
bool IsMet(const Goal& goal, const Criterion& criterion, Date day);

// The mean progress of the measurable criteria, weighted by criterion weight; nothing when there is
// none.
absl::optional<double> OwnProgress(const Goal& goal, Date day);

// Whether any measurable criterion has a value on that day.
bool IsMeasured(const Goal& goal, Date day);

// Whether the goal counts in roll-ups on that day: agreed or achieved.
bool Counts(const Goal& goal, Date day);

// The date of the latest check-in by a person up to that day, with or without a value. A figure
// that was read from the observations is no follow-up: somebody has to look at it.
absl::optional<Date> LastFollowUp(const Goal& goal, Date day);

// The day by which the next check-in is due, for a goal that is agreed on that day: the interval
// after the latest check-in, or after the agreement when there is none.
absl::optional<Date> FollowUpDue(const Goal& goal, Date day);

// Days that the follow-up is late on that day; 0 when it is not.
int64_t DaysOverdue(const Goal& goal, Date day);

}  // namespace klynge::goals
