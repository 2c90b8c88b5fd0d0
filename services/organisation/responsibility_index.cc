#include "services/organisation/responsibility_index.h"

#include <absl/algorithm/container.h>

#include "services/organisation/list_or_none.h"

namespace klynge::organisation {

ResponsibilityIndex::ResponsibilityIndex(const Tree& tree) {
  const Organisation& organisation = tree.organisation();
  AddKindsUnder(tree, "");
  for (const LeadershipKind* kind : kinds_) kinds_by_code_[kind->kind] = kind;
  for (const Task& task : organisation.tasks) tasks_[task.task] = &task;
  for (const LeadershipKind* kind : kinds_) {
    for (const Task& task : organisation.tasks) {
      if (task.leadership_kind == kind->kind) tasks_in_order_.push_back(&task);
    }
  }
  // The list is sorted, so what is appended is sorted too.
  for (const Responsibility& held : organisation.responsibilities) {
    at_unit_[held.unit_id].push_back(&held);
    of_position_[held.position_id].push_back(&held);
  }
}

// Kinds in a circle would be under none, and are left out.
void ResponsibilityIndex::AddKindsUnder(const Tree& tree, absl::string_view parent) {
  std::vector<const LeadershipKind*> under;
  for (const LeadershipKind& kind : tree.organisation().leadership_kinds) {
    if (kind.parent_kind == parent) under.push_back(&kind);
  }
  absl::c_sort(under, [](const LeadershipKind* a, const LeadershipKind* b) {
    return a->primary != b->primary ? a->primary : a->kind < b->kind;
  });
  for (const LeadershipKind* kind : under) {
    kinds_.push_back(kind);
    AddKindsUnder(tree, kind->kind);
  }
}

const Task* ResponsibilityIndex::FindTask(absl::string_view task) const {
  const auto found = tasks_.find(task);
  return found == tasks_.end() ? nullptr : found->second;
}

const LeadershipKind* ResponsibilityIndex::FindKind(absl::string_view kind) const {
  const auto found = kinds_by_code_.find(kind);
  return found == kinds_by_code_.end() ? nullptr : found->second;
}

bool ResponsibilityIndex::IsPartOf(absl::string_view kind, absl::string_view whole) const {
  for (const LeadershipKind* at = FindKind(kind); at != nullptr; at = FindKind(at->parent_kind)) {
    if (at->kind == whole) return true;
  }
  return false;
}

absl::string_view ResponsibilityIndex::WholeOf(absl::string_view kind) const {
  for (const LeadershipKind* at = FindKind(kind); at != nullptr; at = FindKind(at->parent_kind)) {
    kind = at->kind;
  }
  return kind;
}

std::vector<const Task*> ResponsibilityIndex::TasksOf(absl::string_view unit_kind, Date on) const {
  std::vector<const Task*> tasks;
  for (const Task* task : tasks_in_order_) {
    if (task->valid.Contains(on) && absl::c_binary_search(task->unit_kinds, unit_kind)) {
      tasks.push_back(task);
    }
  }
  return tasks;
}

const std::vector<const Responsibility*>& ResponsibilityIndex::AtUnit(
    absl::string_view unit_id) const {
  return ListOrNone(at_unit_, unit_id);
}

const std::vector<const Responsibility*>& ResponsibilityIndex::OfPosition(
    absl::string_view position_id) const {
  return ListOrNone(of_position_, position_id);
}

}  // namespace klynge::organisation
