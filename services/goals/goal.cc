#include "services/goals/goal.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <utility>

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/progress.h"
#include "services/platform/rpc/status.h"

namespace klynge::goals {
namespace {

absl::Status RefuseClosed(const Goal& goal) {
  return FailedPrecondition(v1::ERROR_REASON_GOAL_CLOSED,
                            absl::StrCat("goal ", goal.goal_id, " was closed on ",
                                         FormatDate(goal.closure->on), "; it takes dissent only"),
                            {{"goal_id", goal.goal_id}});
}

absl::Status RefuseDraft(const Goal& goal) {
  return FailedPrecondition(
      v1::ERROR_REASON_GOAL_NOT_AGREED,
      absl::StrCat("goal ", goal.goal_id, " is a draft; agree it first by AgreeGoal"),
      {{"goal_id", goal.goal_id}});
}

// OK unless `day` is before `earliest`; the words say what each of them is.
absl::Status CheckOrder(const Goal& goal, absl::string_view what, Date day,
                        absl::string_view after_what, Date earliest) {
  if (day >= earliest) return absl::OkStatus();
  return FailedPrecondition(v1::ERROR_REASON_DATE_OUT_OF_ORDER,
                            absl::StrCat("goal ", goal.goal_id, ": ", what, " ", FormatDate(day),
                                         " is before ", after_what, " ", FormatDate(earliest)),
                            {{"goal_id", goal.goal_id}});
}

absl::Status CheckOneMeasurable(const Goal& goal) {
  Violations missing;
  for (size_t i = 0; i < goal.criteria.size(); ++i) {
    std::vector<std::string> fields = MissingForMeasuring(goal.criteria[i]);
    if (fields.empty()) return absl::OkStatus();
    missing.Add(absl::StrCat("criteria[", i, "]"),
                absl::StrCat("to be measurable it still needs ", absl::StrJoin(fields, ", ")));
  }
  if (goal.criteria.empty()) missing.Add("criteria", "the goal has no success criterion");
  return missing.ToStatus(
      absl::StatusCode::kFailedPrecondition, ReasonName(v1::ERROR_REASON_CRITERION_NOT_MEASURABLE),
      absl::StrCat("goal ", goal.goal_id, " cannot be agreed: it does not say when it is met"));
}

absl::Status CheckAllMet(const Goal& goal, Date day) {
  Violations unmet;
  for (const Criterion& criterion : goal.criteria) {
    if (!IsMeasurable(criterion) || IsMet(goal, criterion, day)) continue;
    const CheckIn* latest = LatestValue(goal, criterion, day);
    unmet.Add(absl::StrCat("criteria.", criterion.criterion_id),
              absl::StrCat("target ", *criterion.target, " ", criterion.unit_of_measure, ", ",
                           latest ? absl::StrCat("latest value ", *latest->value)
                                  : std::string("no value yet")));
  }
  return unmet.ToStatus(absl::StatusCode::kFailedPrecondition,
                        ReasonName(v1::ERROR_REASON_CRITERIA_NOT_MET),
                        absl::StrCat("goal ", goal.goal_id, " is not met"));
}

bool SameCriterion(const Criterion& a, const Criterion& b) {
  return a.criterion_id == b.criterion_id && a.indicator == b.indicator &&
         a.unit_of_measure == b.unit_of_measure && a.baseline == b.baseline &&
         a.target == b.target && a.due_date == b.due_date && a.weight == b.weight;
}

// Whether both promise the same: all but the wording, the weight, the rhythm of follow-up and where
// figures come from.
bool SamePromise(const Goal& a, const Goal& b) {
  return a.unit_id == b.unit_id && a.parent_goal_id == b.parent_goal_id &&
         a.framework_id == b.framework_id && a.framework_version == b.framework_version &&
         a.core_areas == b.core_areas && a.guideposts == b.guideposts && a.themes == b.themes &&
         a.starts_on == b.starts_on && a.criteria.size() == b.criteria.size() &&
         std::equal(a.criteria.begin(), a.criteria.end(), b.criteria.begin(), SameCriterion);
}

}  // namespace

State StateOf(const Goal& goal) {
  if (goal.closure) return goal.closure->state;
  return goal.agreement ? State::kAgreed : State::kDraft;
}

absl::optional<State> StateOn(const Goal& goal, Date day) {
  if (day < goal.starts_on) return absl::nullopt;
  if (goal.closure && goal.closure->on <= day) return goal.closure->state;
  if (goal.agreement && goal.agreement->on <= day) return State::kAgreed;
  return State::kDraft;
}

std::vector<std::string> MissingForMeasuring(const Criterion& criterion) {
  std::vector<std::string> missing;
  if (criterion.indicator.empty()) missing.push_back("indicator");
  if (criterion.unit_of_measure.empty()) missing.push_back("unit_of_measure");
  if (!criterion.baseline) missing.push_back("baseline");
  if (!criterion.target) missing.push_back("target");
  if (!criterion.due_date) missing.push_back("due_date");
  if (criterion.baseline && criterion.target && *criterion.baseline == *criterion.target) {
    missing.push_back("a target that differs from the baseline");
  }
  return missing;
}

const Criterion* FindCriterion(const Goal& goal, absl::string_view criterion_id) {
  if (criterion_id.empty()) return goal.criteria.size() == 1 ? &goal.criteria[0] : nullptr;
  for (const Criterion& criterion : goal.criteria) {
    if (criterion.criterion_id == criterion_id) return &criterion;
  }
  return nullptr;
}

const CheckIn* LatestValue(const Goal& goal, const Criterion& criterion, Date day) {
  const CheckIn* latest = nullptr;
  for (const CheckIn& check_in : goal.check_ins) {
    if (!check_in.value || check_in.on > day || check_in.criterion_id != criterion.criterion_id) {
      continue;
    }
    if (latest == nullptr || check_in.on >= latest->on) latest = &check_in;
  }
  return latest;
}

absl::Status Agree(Goal& goal, Agreement agreement) {
  if (goal.closure) return RefuseClosed(goal);
  if (goal.agreement) {
    return FailedPrecondition(v1::ERROR_REASON_GOAL_ALREADY_AGREED,
                              absl::StrCat("goal ", goal.goal_id, " was agreed on ",
                                           FormatDate(goal.agreement->on), " already"),
                              {{"goal_id", goal.goal_id}});
  }
  KLYNGE_RETURN_IF_ERROR(CheckOneMeasurable(goal));
  KLYNGE_RETURN_IF_ERROR(
      CheckOrder(goal, "agreement of", agreement.on, "the goal's first day", goal.starts_on));
  goal.agreement = std::move(agreement);
  return absl::OkStatus();
}

absl::Status Close(Goal& goal, Closure closure) {
  if (goal.closure) return RefuseClosed(goal);
  if (closure.state == State::kAchieved && !goal.agreement) return RefuseDraft(goal);
  KLYNGE_RETURN_IF_ERROR(
      CheckOrder(goal, "closure of", closure.on, "the goal's first day", goal.starts_on));
  if (goal.agreement) {
    KLYNGE_RETURN_IF_ERROR(
        CheckOrder(goal, "closure of", closure.on, "the agreement of", goal.agreement->on));
  }
  for (const CheckIn& check_in : goal.check_ins) {
    KLYNGE_RETURN_IF_ERROR(
        CheckOrder(goal, "closure of", closure.on, "the check-in of", check_in.on));
  }
  if (closure.state == State::kAchieved) {
    KLYNGE_RETURN_IF_ERROR(CheckAllMet(goal, closure.on));
  }
  goal.closure = std::move(closure);
  return absl::OkStatus();
}

absl::Status FollowUp(Goal& goal, CheckIn check_in) {
  if (goal.closure) return RefuseClosed(goal);
  if (!goal.agreement) return RefuseDraft(goal);
  if (check_in.value || !check_in.criterion_id.empty()) {
    const Criterion* criterion = FindCriterion(goal, check_in.criterion_id);
    if (criterion == nullptr) {
      return FailedPrecondition(
          v1::ERROR_REASON_CRITERION_NOT_FOUND,
          check_in.criterion_id.empty()
              ? absl::StrCat("goal ", goal.goal_id, " has ", goal.criteria.size(),
                             " criteria; say which by criterion_id")
              : absl::StrCat("goal ", goal.goal_id, " has no criterion ", check_in.criterion_id),
          {{"goal_id", goal.goal_id}});
    }
    check_in.criterion_id = criterion->criterion_id;
  }
  KLYNGE_RETURN_IF_ERROR(
      CheckOrder(goal, "check-in of", check_in.on, "the agreement of", goal.agreement->on));
  check_in.number = static_cast<int64_t>(goal.check_ins.size()) + 1;
  goal.check_ins.push_back(std::move(check_in));
  return absl::OkStatus();
}

void AddDissent(Goal& goal, Dissent dissent) {
  dissent.number = static_cast<int64_t>(goal.dissents.size()) + 1;
  goal.dissents.push_back(std::move(dissent));
}

absl::Status CheckChange(const Goal& before, const Goal& after) {
  if (before.closure) return RefuseClosed(before);
  if (!before.agreement || SamePromise(before, after)) return absl::OkStatus();
  return FailedPrecondition(
      v1::ERROR_REASON_GOAL_ALREADY_AGREED,
      absl::StrCat("goal ", before.goal_id, " was agreed on ", FormatDate(before.agreement->on),
                   "; only title, description, weight and follow_up_interval_days may change now"),
      {{"goal_id", before.goal_id}});
}

std::string Etag(const Goal& goal) { return absl::StrCat("r", goal.revision); }

absl::Status CheckEtag(const Goal& goal, absl::string_view etag) {
  if (etag.empty() || etag == Etag(goal)) return absl::OkStatus();
  return Aborted(v1::ERROR_REASON_ETAG_MISMATCH,
                 absl::StrCat("goal ", goal.goal_id, " changed since etag ", etag,
                              "; read it again and repeat the change"),
                 {{"goal_id", goal.goal_id}, {"etag", Etag(goal)}});
}

}  // namespace klynge::goals
