#include "services/goals/progress.h"

#include <algorithm>

namespace klynge::goals {

double Travelled(double baseline, double target, double current) {
  return std::clamp((current - baseline) / (target - baseline), 0.0, 1.0);
}

absl::optional<double> CriterionProgress(const Goal& goal, const Criterion& criterion, Date day) {
  if (!IsMeasurable(criterion)) return absl::nullopt;
  const CheckIn* latest = LatestValue(goal, criterion, day);
  if (latest == nullptr) return 0.0;
  return Travelled(*criterion.baseline, *criterion.target, *latest->value);
}

bool IsMet(const Goal& goal, const Criterion& criterion, Date day) {
  const CheckIn* latest = LatestValue(goal, criterion, day);
  if (latest == nullptr || !IsMeasurable(criterion)) return false;
  // Not by Travelled() == 1: a division could round a near miss up to the target.
  return *criterion.target > *criterion.baseline ? *latest->value >= *criterion.target
                                                 : *latest->value <= *criterion.target;
}

absl::optional<double> OwnProgress(const Goal& goal, Date day) {
  double weight = 0;
  double sum = 0;
  for (const Criterion& criterion : goal.criteria) {
    absl::optional<double> progress = CriterionProgress(goal, criterion, day);
    if (!progress) continue;
    weight += criterion.weight;
    sum += criterion.weight * *progress;
  }
  if (weight == 0) return absl::nullopt;
  return sum / weight;
}

bool IsMeasured(const Goal& goal, Date day) {
  return std::any_of(goal.criteria.begin(), goal.criteria.end(), [&](const Criterion& criterion) {
    return IsMeasurable(criterion) && LatestValue(goal, criterion, day) != nullptr;
  });
}

bool Counts(const Goal& goal, Date day) {
  absl::optional<State> state = StateOn(goal, day);
  return state == State::kAgreed || state == State::kAchieved;
}

absl::optional<Date> LastFollowUp(const Goal& goal, Date day) {
  absl::optional<Date> last;
  for (const CheckIn& check_in : goal.check_ins) {
    if (check_in.source == Source::kObservation || check_in.on > day) continue;
    if (!last || check_in.on > *last) last = check_in.on;
  }
  return last;
}

absl::optional<Date> FollowUpDue(const Goal& goal, Date day) {
  if (StateOn(goal, day) != State::kAgreed) return absl::nullopt;
  return LastFollowUp(goal, day).value_or(goal.agreement->on) + goal.follow_up_interval_days;
}

int64_t DaysOverdue(const Goal& goal, Date day) {
  absl::optional<Date> due = FollowUpDue(goal, day);
  return due ? std::max<int64_t>(0, day - *due) : 0;
}

}  // namespace klynge::goals
