// Reorganisations for tests, one line a step.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/organisation/reorganisation_outcome.h"
#include "services/organisation/test_support.h"

namespace klynge::organisation::testing {

using Step = v1::ReorganisationStep;

inline v1::Unit NewUnit(std::string id, std::string name = "", std::string kind = "",
                        std::string parent = "") {
  v1::Unit unit;
  unit.set_unit_id(id);
  unit.set_name(name);
  unit.set_kind(kind);
  unit.set_parent_id(parent);
  return unit;
}

inline Step MoveStep(std::string unit, std::string parent) {
  Step step;
  step.mutable_move_unit()->set_unit_id(unit);
  step.mutable_move_unit()->set_to_parent_id(parent);
  return step;
}

inline Step MergeStep(std::vector<std::string> from, v1::Unit into) {
  Step step;
  for (const std::string& id : from) step.mutable_merge_units()->add_from_unit_ids(id);
  *step.mutable_merge_units()->mutable_into() = into;
  return step;
}

struct Part {
  v1::Unit unit;
  std::vector<std::string> children = {};
  std::vector<std::string> positions = {};
  std::vector<std::string> assignments = {};
  bool carries_figures = false;
};

inline Step SplitStep(std::string unit, const std::vector<Part>& parts) {
  Step step;
  step.mutable_split_unit()->set_unit_id(unit);
  for (const Part& part : parts) {
    v1::SplitPart* proto = step.mutable_split_unit()->add_parts();
    *proto->mutable_unit() = part.unit;
    *proto->mutable_child_unit_ids() = {part.children.begin(), part.children.end()};
    *proto->mutable_position_ids() = {part.positions.begin(), part.positions.end()};
    *proto->mutable_assignment_ids() = {part.assignments.begin(), part.assignments.end()};
    proto->set_carries_figures(part.carries_figures);
  }
  return step;
}

inline Step OpenStep(v1::Unit unit) {
  Step step;
  *step.mutable_open_unit()->mutable_unit() = unit;
  return step;
}

inline Step CloseStep(std::string unit) {
  Step step;
  step.mutable_close_unit()->set_unit_id(unit);
  return step;
}

inline Step RenameStep(std::string unit, std::string name) {
  Step step;
  step.mutable_rename_unit()->set_unit_id(unit);
  step.mutable_rename_unit()->set_name(name);
  return step;
}

inline Step ReassignStep(std::string person, std::string position) {
  Step step;
  step.mutable_reassign()->set_person_id(person);
  step.mutable_reassign()->set_position_id(position);
  return step;
}

inline Step ReassignRoleStep(std::string person, std::string role, std::string unit,
                             bool ends_other_roles = false) {
  Step step;
  step.mutable_reassign()->set_person_id(person);
  step.mutable_reassign()->set_role(role);
  step.mutable_reassign()->set_unit_id(unit);
  step.mutable_reassign()->set_ends_other_roles(ends_other_roles);
  return step;
}

inline v1::Reorganisation Drafted(const std::vector<Step>& steps, std::string on = "2024-01-01",
                                  std::string id = "omlaegning") {
  v1::Reorganisation draft;
  draft.set_reorganisation_id(id);
  draft.set_title("Omlægning");
  draft.set_effective_on(on);
  for (const Step& step : steps) *draft.add_steps() = step;
  return draft;
}

// What stands in the way: "2 UNIT_NOT_FOUND move_unit.unit_id", by step.
inline std::vector<std::string> Obstacles(const ReorganisationOutcome& outcome) {
  std::vector<std::string> obstacles;
  for (const auto& [step, problem] : outcome.problems) {
    obstacles.push_back(std::to_string(step) + " " + ReasonName(problem.reason) + " " +
                        problem.field);
  }
  return obstacles;
}

}  // namespace klynge::organisation::testing
