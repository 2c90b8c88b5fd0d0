#include "services/goals/placement.h"

#include <absl/strings/str_cat.h>

#include "klynge/goals/v1/errors.pb.h"
#include "services/platform/rpc/validation.h"

namespace klynge::goals {
namespace {

absl::Status ParentInvalid(const Goal& goal, const std::string& why) {
  return FailedPrecondition(
      v1::ERROR_REASON_PARENT_GOAL_INVALID,
      absl::StrCat("goal ", goal.goal_id, " cannot carry ", goal.parent_goal_id, " forward: ", why),
      {{"goal_id", goal.goal_id}, {"parent_goal_id", goal.parent_goal_id}});
}

absl::Status CheckParent(const GoalBook& book, const organisation::Tree& tree, const Goal& goal) {
  if (goal.parent_goal_id.empty()) return absl::OkStatus();
  const GoalPointer parent = book.Find(goal.parent_goal_id);
  if (!parent) return ParentInvalid(goal, "there is no such goal");
  if (book.CascadesTo(goal.goal_id, goal.parent_goal_id) || goal.goal_id == goal.parent_goal_id) {
    return ParentInvalid(goal, "that goal is carried forward by this one");
  }
  if (!tree.IsWithin(goal.unit_id, parent->unit_id, goal.starts_on)) {
    return ParentInvalid(
        goal, absl::StrCat("it belongs to ", parent->unit_id, ", which is neither ", goal.unit_id,
                           " nor above it on ", FormatDate(goal.starts_on)));
  }
  return absl::OkStatus();
}

absl::Status CheckBindings(const organisation::Tree& tree, const Goal& goal) {
  for (const Criterion& criterion : goal.criteria) {
    if (!criterion.binding || criterion.binding->unit_id.empty()) continue;
    if (!tree.Exists(criterion.binding->unit_id)) {
      return UnitNotFound(criterion.binding->unit_id, goal.starts_on);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status PlaceGoal(const GoalBook& book, const organisation::Tree& tree,
                       absl::string_view prefix, Goal& goal, Violations& violations) {
  const FrameworkPointer framework = book.FindFramework(goal.framework_id, goal.framework_version);
  if (framework) CheckCodes(goal, *framework, prefix, violations);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  if (!framework) return FrameworkNotFound(goal.framework_id, goal.framework_version);
  goal.framework_version = framework->content.version();
  if (tree.FindUnit(goal.unit_id, goal.starts_on) == nullptr) {
    return UnitNotFound(goal.unit_id, goal.starts_on);
  }
  KLYNGE_RETURN_IF_ERROR(CheckParent(book, tree, goal));
  return CheckBindings(tree, goal);
}

absl::Status UnitNotFound(absl::string_view unit_id, Date day) {
  return NotFound(v1::ERROR_REASON_UNIT_NOT_FOUND,
                  absl::StrCat("the organisation has no unit ", unit_id, " on ", FormatDate(day)),
                  {{"unit_id", std::string(unit_id)}});
}

absl::Status GoalNotFound(absl::string_view goal_id) {
  if (goal_id.empty()) return FieldMissing("goal_id");
  return NotFound(v1::ERROR_REASON_GOAL_NOT_FOUND, absl::StrCat("there is no goal ", goal_id),
                  {{"goal_id", std::string(goal_id)}});
}

absl::Status FrameworkNotFound(absl::string_view framework_id, int64_t version) {
  if (framework_id.empty()) return FieldMissing("framework_id");
  return NotFound(v1::ERROR_REASON_FRAMEWORK_NOT_FOUND,
                  version == 0
                      ? absl::StrCat("there is no framework ", framework_id)
                      : absl::StrCat("framework ", framework_id, " has no version ", version),
                  {{"framework_id", std::string(framework_id)}});
}

}  // namespace klynge::goals
