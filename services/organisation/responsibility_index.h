// The tasks and responsibilities of one revision, found by what they are asked for. Made when first
// needed, by tree.Indexed<ResponsibilityIndex>().
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <vector>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// Never changes after it is made; points into the tree.
class ResponsibilityIndex {
 public:
  explicit ResponsibilityIndex(const Tree& tree);

  // Null when the catalogue has no such task.
  const Task* FindTask(absl::string_view task) const;
  // Null when there is no such kind of leadership.
  const LeadershipKind* FindKind(absl::string_view kind) const;
  // The primary one first, then by code, parts after what they are a part of.
  const std::vector<const LeadershipKind*>& kinds() const { return kinds_; }
  // True when `kind` is `whole` or, at any depth, a part of it.
  bool IsPartOf(absl::string_view kind, absl::string_view whole) const;
  // The kind that this one is a part of in the end; itself when it is a part of none.
  absl::string_view WholeOf(absl::string_view kind) const;

  // The tasks that a unit of that kind has on a day, in the order of kinds(), then by code.
  std::vector<const Task*> TasksOf(absl::string_view unit_kind, Date on) const;
  // On any day, by id.
  const std::vector<const Responsibility*>& AtUnit(absl::string_view unit_id) const;
  const std::vector<const Responsibility*>& OfPosition(absl::string_view position_id) const;

 private:
  using Lists = absl::flat_hash_map<absl::string_view, std::vector<const Responsibility*>>;

  void AddKindsUnder(const Tree& tree, absl::string_view parent);

  absl::flat_hash_map<absl::string_view, const Task*> tasks_;
  std::vector<const Task*> tasks_in_order_;
  std::vector<const LeadershipKind*> kinds_;
  absl::flat_hash_map<absl::string_view, const LeadershipKind*> kinds_by_code_;
  Lists at_unit_;
  Lists of_position_;
};

}  // namespace klynge::organisation
