#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/goal_convert.h"
#include "services/goals/goals_service.h"
#include "services/goals/placement.h"
#include "services/platform/rpc/validation.h"

namespace klynge::goals {
namespace {

// The fields of a goal that UpdateGoal may change.
const absl::flat_hash_set<std::string>& ChangeableFields() {
  static const auto* fields = new absl::flat_hash_set<std::string>{"parent_goal_id",
                                                                   "title",
                                                                   "description",
                                                                   "framework_id",
                                                                   "framework_version",
                                                                   "core_area_codes",
                                                                   "guidepost_codes",
                                                                   "curriculum_theme_codes",
                                                                   "weight",
                                                                   "starts_on",
                                                                   "follow_up_interval_days",
                                                                   "criteria"};
  return *fields;
}

// The goal before with the masked fields of `wanted`; violations for paths that cannot be changed.
v1::Goal Merge(const Goal& before, Date today, const v1::UpdateGoalRequest& request,
               Violations& violations) {
  v1::Goal merged;
  ToProto(before, today, &merged);
  v1::Goal wanted = request.goal();
  if (request.update_mask().paths().empty()) {
    violations.Add("update_mask", "is required: name the fields to change, for example \"title\"");
  }
  for (int i = 0; i < request.update_mask().paths_size(); ++i) {
    const std::string& path = request.update_mask().paths(i);
    if (!ChangeableFields().contains(path)) {
      violations.Add(absl::StrCat("update_mask.paths[", i, "]"),
                     absl::StrCat("\"", path, "\" is no field of a goal that can be changed"));
      continue;
    }
    const auto* field = v1::Goal::descriptor()->FindFieldByName(path);
    // A path that stands twice must not swap the value back.
    merged.GetReflection()->ClearField(&merged, field);
    v1::Goal fresh = wanted;
    merged.GetReflection()->SwapFields(&merged, &fresh, {field});
  }
  return merged;
}

// The goal that the merged message describes, with the history of the one before.
Goal Reread(const v1::Goal& merged, const Goal& before, Date today, Violations& violations) {
  Goal after = GoalFromProto(merged, "goal.", today, violations);
  after.agreement = before.agreement;
  after.closure = before.closure;
  after.dissents = before.dissents;
  after.check_ins = before.check_ins;
  after.entry_digest = before.entry_digest;
  after.created_at = before.created_at;
  return after;
}

absl::Status CriterionNotFound(const Goal& goal, const std::string& criterion_id) {
  return NotFound(v1::ERROR_REASON_CRITERION_NOT_FOUND,
                  criterion_id.empty()
                      ? absl::StrCat("goal ", goal.goal_id, " has ", goal.criteria.size(),
                                     " criteria; say which by criterion_id")
                      : absl::StrCat("goal ", goal.goal_id, " has no criterion ", criterion_id),
                  {{"goal_id", goal.goal_id}});
}

}  // namespace

absl::Status GoalsService::HandleCreateGoal(const Call& call, const v1::CreateGoalRequest& request,
                                            v1::CreateGoalResponse* response) {
  const Date today = Now();
  KLYNGE_ASSIGN_OR_RETURN(const auto newest, trees_.Current(call));
  v1::GoalRow row;
  *row.mutable_goal() = request.goal();
  const std::string digest = sql::Fingerprint(row);
  const auto create = [&](Transaction& transaction) -> absl::Status {
    Violations violations;
    Goal goal = GoalFromProto(request.goal(), "goal.", today, violations);
    goal.entry_digest = digest;
    KLYNGE_ASSIGN_OR_RETURN(auto book, books_.InWrite(transaction));
    if (violations.empty() && book->Find(goal.goal_id)) {
      return AlreadyExists(v1::ERROR_REASON_GOAL_EXISTS,
                           absl::StrCat("goal ", goal.goal_id, " is there already"),
                           {{"goal_id", goal.goal_id}});
    }
    KLYNGE_RETURN_IF_ERROR(PlaceGoal(*book, *newest.tree, "goal.", goal, violations));
    std::vector<GoalChange> changes = {{nullptr, std::move(goal)}};
    KLYNGE_RETURN_IF_ERROR(Save(transaction, *book, changes, "create"));
    ToProto(changes[0].after, today, response->mutable_goal());
    return absl::OkStatus();
  };
  return newest.Vouch(v1::ERROR_REASON_UNIT_NOT_FOUND,
                      sql::IdempotentWrite(database_, call, request, response, create));
}

absl::Status GoalsService::HandleUpdateGoal(const Call& call, const v1::UpdateGoalRequest& request,
                                            v1::UpdateGoalResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const auto newest, trees_.Current(call));
  const auto update = [&](const GoalBook& book, Goal& goal, Transaction&) -> absl::Status {
    Violations violations;
    const v1::Goal merged = Merge(goal, Now(), request, violations);
    Goal after = Reread(merged, goal, Now(), violations);
    if (StateOf(goal) == State::kDraft) {
      KLYNGE_RETURN_IF_ERROR(PlaceGoal(book, *newest.tree, "goal.", after, violations));
    }
    KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
    KLYNGE_RETURN_IF_ERROR(CheckChange(goal, after));
    goal = std::move(after);
    return absl::OkStatus();
  };
  return newest.Vouch(v1::ERROR_REASON_UNIT_NOT_FOUND,
                      sql::IdempotentWrite(database_, call, request, response,
                                           ChangeGoal(request.goal().goal_id(), request.etag(),
                                                      "update", response, update)));
}

absl::StatusOr<sql::WriteBody> GoalsService::PrepareAgreeGoal(const v1::AgreeGoalRequest& request,
                                                              v1::AgreeGoalResponse* response) {
  Violations violations;
  RequireId(violations, "goal_id", request.goal_id());
  const Agreement agreement =
      AgreementFromProto(request.agreement(), "agreement.", Now(), violations);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return ChangeGoal(
      request.goal_id(), request.etag(), "agree", response,
      [agreement](const GoalBook&, Goal& goal, Transaction&) { return Agree(goal, agreement); });
}

absl::StatusOr<sql::WriteBody> GoalsService::PrepareRecordDissent(
    const v1::RecordDissentRequest& request, v1::RecordDissentResponse* response) {
  Violations violations;
  RequireId(violations, "goal_id", request.goal_id());
  Dissent dissent = DissentFromProto(request.dissent(), "dissent.", Now(), violations);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return ChangeGoal(request.goal_id(), "", "dissent", response,
                    [dissent = std::move(dissent)](const GoalBook&, Goal& goal,
                                                   Transaction& transaction) mutable {
                      dissent.recorded_at = transaction.now();
                      AddDissent(goal, dissent);
                      return absl::OkStatus();
                    });
}

absl::StatusOr<sql::WriteBody> GoalsService::PrepareCloseGoal(const v1::CloseGoalRequest& request,
                                                              v1::CloseGoalResponse* response) {
  Violations violations;
  RequireId(violations, "goal_id", request.goal_id());
  const Closure closure =
      ClosureFromProto(request.state(), request.closure(), "closure.", Now(), violations);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return ChangeGoal(
      request.goal_id(), request.etag(), "close", response,
      [closure](const GoalBook&, Goal& goal, Transaction&) { return Close(goal, closure); });
}

absl::StatusOr<sql::WriteBody> GoalsService::PrepareCheckIn(const v1::CheckInRequest& request,
                                                            v1::CheckInResponse* response) {
  Violations violations;
  RequireId(violations, "check_in.goal_id", request.check_in().goal_id());
  goals::CheckIn check_in = CheckInFromProto(request.check_in(), "check_in.", Now(), violations);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return ChangeGoal(
      request.check_in().goal_id(), "", "check_in", response,
      [check_in = std::move(check_in), response](const GoalBook&, Goal& goal,
                                                 Transaction& transaction) mutable -> absl::Status {
        check_in.recorded_at = transaction.now();
        KLYNGE_RETURN_IF_ERROR(FollowUp(goal, check_in));
        ToProto(goal, goal.check_ins.back(), response->mutable_check_in());
        return absl::OkStatus();
      });
}

absl::Status GoalsService::HandleBindIndicator(const Call& call,
                                               const v1::BindIndicatorRequest& request,
                                               v1::BindIndicatorResponse* response) {
  Violations violations;
  RequireId(violations, "goal_id", request.goal_id());
  absl::optional<Binding> binding;
  if (request.has_binding()) {
    binding = BindingFromProto(request.binding(), "binding.", violations);
  }
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  if (binding && !binding->unit_id.empty()) {
    KLYNGE_ASSIGN_OR_RETURN(const auto newest, trees_.Current(call));
    if (!newest.tree->Exists(binding->unit_id)) {
      return newest.Vouch(v1::ERROR_REASON_UNIT_NOT_FOUND, UnitNotFound(binding->unit_id, Now()));
    }
  }
  return sql::IdempotentWrite(
      database_, call, request, response,
      ChangeGoal(request.goal_id(), request.etag(), "bind", response,
                 [&](const GoalBook&, Goal& goal, Transaction&) -> absl::Status {
                   KLYNGE_RETURN_IF_ERROR(CheckChange(goal, goal));
                   const Criterion* found = FindCriterion(goal, request.criterion_id());
                   if (!found) return CriterionNotFound(goal, request.criterion_id());
                   goal.criteria[static_cast<size_t>(found - goal.criteria.data())].binding =
                       binding;
                   return absl::OkStatus();
                 }));
}

}  // namespace klynge::goals
