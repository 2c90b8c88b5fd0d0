#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <map>
#include <tuple>
#include <utility>

#include "services/organisation/cluster_reach.h"
#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

class ResponsibilityRules {
 public:
  explicit ResponsibilityRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    for (const InPlay<Competence>& known : candidate_.competences) {
      catalogue_.insert(known.thing->competence);
    }
    for (const InPlay<Task>& task : candidate_.tasks) {
      tasks_[task.thing->task] = &task;
      CheckTask(task);
    }
    for (const auto& responsibility : candidate_.responsibilities) Check(responsibility);
    return std::move(blames_);
  }

 private:
  using Placed = InPlay<Responsibility>;

  void Add(int row, v1::ErrorReason reason, std::string field, std::string description) {
    Add(row, Problem{reason, std::move(field), std::move(description)});
  }
  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckTask(const InPlay<Task>& placed) {
    if (placed.row == kStored) return;
    const Task& task = *placed.thing;
    Add(placed.row, MissingLeadershipKind(candidate_, task.leadership_kind));
    for (const std::string& kind : task.unit_kinds) {
      if (candidate_.before.FindKind(kind) != nullptr) continue;
      Add(placed.row, v1::ERROR_REASON_UNIT_KIND_NOT_FOUND, "task.unit_kinds",
          absl::StrCat("\"", kind, "\" is no kind of unit; ListUnitKinds shows them"));
    }
    for (const NeededCompetence& needed : task.needs) {
      if (!catalogue_.contains(needed.competence)) {
        Add(placed.row, UnknownCompetence(candidate_, "task.needs", needed.competence));
      }
      if (needed.least_level != 0) {
        Add(placed.row, MissingLevel(candidate_, "task.needs", needed.least_level));
      }
    }
  }

  void Check(const Placed& placed) {
    const Responsibility& held = *placed.thing;
    const auto task = tasks_.find(held.task);
    if (task == tasks_.end()) {
      Add(placed.row, MissingTask(candidate_, held.task));
    } else {
      CheckTaskLife(placed, *task->second);
    }
    Add(placed.row, MissingUnit(candidate_, "responsibility.unit_id", held.unit_id));
    Add(placed.row, MissingPosition(candidate_, "responsibility.position_id", held.position_id));
    const std::vector<VersionInPlay>* unit = candidate_.FindUnit(held.unit_id);
    const InPlay<Position>* position = candidate_.FindPosition(held.position_id);
    if (unit != nullptr) CheckUnitLife(placed, *unit);
    if (position != nullptr) CheckPositionLife(placed, *position);
    if (unit != nullptr && task != tasks_.end()) CheckHasTask(placed, *task->second, *unit);
    if (unit != nullptr && position != nullptr) CheckReach(placed, *position);
    CheckOnlyOnce(placed);
  }

  static std::string Lasts(const Placed& placed) {
    return absl::StrCat("the responsibility lasts ", Days(placed.valid));
  }
  static std::string LastsStored(const Placed& placed) {
    return absl::StrCat("responsibility \"", placed.thing->responsibility_id, "\" lasts ",
                        Days(placed.valid), "; end it first, or in the same import");
  }
  // The end of the responsibility's days that is outside of others.
  static std::string WrongEnd(const char* word, const DateRange& valid, const DateRange& life) {
    return absl::StrCat(word, valid.from < life.from ? ".valid_from" : ".valid_to");
  }

  // The responsibility lasts no longer than something else it needs.
  template <class Thing>
  void CheckLife(const Placed& placed, const InPlay<Thing>& needed, const char* word,
                 v1::ErrorReason reason) {
    if (needed.valid.Contains(placed.valid)) return;
    Add(placed.row, reason, WrongEnd("responsibility", placed.valid, needed.valid),
        absl::StrCat(Lasts(placed), ", but ", word, " \"", IdOf(*needed.thing), "\" only ",
                     Days(needed.valid)));
    if (placed.row == kStored) {
      Add(needed.row, reason, WrongEnd(word, placed.valid, needed.valid), LastsStored(placed));
    }
  }
  void CheckTaskLife(const Placed& placed, const InPlay<Task>& task) {
    CheckLife(placed, task, "task", v1::ERROR_REASON_OUTSIDE_TASK_LIFE);
  }
  void CheckPositionLife(const Placed& placed, const InPlay<Position>& position) {
    CheckLife(placed, position, "position", v1::ERROR_REASON_OUTSIDE_POSITION_LIFE);
  }

  // A unit that ends too early is blamed with all that needs it: CheckUnitLives.
  void CheckUnitLife(const Placed& placed, const std::vector<VersionInPlay>& unit) {
    const DateRange life = LifeOf(unit);
    if (life.Contains(placed.valid)) return;
    Add(placed.row, v1::ERROR_REASON_OUTSIDE_UNIT_LIFE,
        WrongEnd("responsibility", placed.valid, life),
        absl::StrCat(Lasts(placed), ", but \"", placed.thing->unit_id, "\" only ", Days(life)));
  }

  void CheckHasTask(const Placed& placed, const InPlay<Task>& task,
                    const std::vector<VersionInPlay>& unit) {
    const std::vector<std::string>& kinds = task.thing->unit_kinds;
    for (const VersionInPlay& version : unit) {
      if (!version.valid.Overlaps(placed.valid)) continue;
      if (absl::c_binary_search(kinds, version.unit->kind)) continue;
      Add(placed.row, v1::ERROR_REASON_TASK_NOT_ALLOWED, "responsibility.task",
          absl::StrCat("\"", placed.thing->unit_id, "\" is of kind ", version.unit->kind, " ",
                       Days(version.valid), "; units with the task are of kind ",
                       absl::StrJoin(kinds, ", ")));
      if (placed.row != kStored) return;
      const Task* before = FindSame(candidate_.before.organisation().tasks, *task.thing);
      if (before != nullptr && absl::c_binary_search(before->unit_kinds, version.unit->kind)) {
        Add(task.row, v1::ERROR_REASON_TASK_NOT_ALLOWED, "task.unit_kinds", LastsStored(placed));
      } else {
        Add(version.row, v1::ERROR_REASON_TASK_NOT_ALLOWED, "unit.kind", LastsStored(placed));
      }
    }
  }

  UnitOnDay FindOn(absl::string_view unit_id, Date day) const {
    UnitOnDay found;
    const std::vector<VersionInPlay>* versions = candidate_.FindUnit(unit_id);
    if (versions == nullptr) return found;
    for (const VersionInPlay& version : *versions) {
      if (day < version.valid.from) found.until = std::min(found.until, version.valid.from);
      if (!version.valid.Contains(day)) continue;
      const UnitKind* kind = candidate_.before.FindKind(version.unit->kind);
      found.unit = version.unit;
      found.has_team = kind != nullptr && kind->has_leadership_team;
      found.row = version.row;
      found.until = std::min(found.until, version.valid.to);
    }
    return found;
  }

  // On each day. Where a unit is missing that day, another rule tells.
  void CheckReach(const Placed& placed, const InPlay<Position>& position) {
    const bool same_as_before = placed.row == kStored && position.row == kStored;
    if (same_as_before && candidate_.changed_units.empty()) return;
    const Responsibility& held = *placed.thing;
    const std::string& seat = position.thing->unit_id;
    for (Date day = placed.valid.from; day < placed.valid.to;) {
      const Reach reach =
          ReachOn(seat, held.unit_id, [&](absl::string_view id) { return FindOn(id, day); });
      const bool both =
          FindOn(seat, day).unit != nullptr && FindOn(held.unit_id, day).unit != nullptr;
      if (both && !reach.within) return BlameForReach(placed, position, reach, day);
      day = reach.until;
    }
  }

  void BlameForReach(const Placed& placed, const InPlay<Position>& position, const Reach& reach,
                     Date day) {
    const Responsibility& held = *placed.thing;
    Add(placed.row, v1::ERROR_REASON_OUTSIDE_CLUSTER, "responsibility.unit_id",
        absl::StrCat("on ", FormatDate(day), " \"", held.unit_id,
                     "\" is not in the cluster of position \"", held.position_id,
                     "\", which is at \"", position.thing->unit_id, "\""));
    if (placed.row != kStored) return;
    const Position* before = FindSame(candidate_.before.organisation().positions, *position.thing);
    if (before != nullptr && before->unit_id != position.thing->unit_id) {
      Add(position.row, v1::ERROR_REASON_OUTSIDE_CLUSTER, "position.unit_id", LastsStored(placed));
      return;
    }
    for (const UnitOnDay& at : reach.looked_at) {
      Add(at.row, v1::ERROR_REASON_OUTSIDE_CLUSTER, "unit.parent_id",
          absl::StrCat("on ", FormatDate(day), " \"", held.unit_id,
                       "\" would not be in the cluster of position \"", held.position_id,
                       "\", and ", LastsStored(placed)));
    }
  }

  // What is stored comes first, then the rows in their order: a row gives way to those before it.
  void CheckOnlyOnce(const Placed& placed) {
    const Responsibility& held = *placed.thing;
    std::vector<const Responsibility*>& same = seen_[{held.unit_id, held.task, held.position_id}];
    for (const Responsibility* other : same) {
      if (!other->valid.Overlaps(held.valid)) continue;
      Add(placed.row, v1::ERROR_REASON_RESPONSIBILITY_OVERLAP, "responsibility.valid_from",
          absl::StrCat("\"", held.position_id, "\" has \"", held.task, "\" at \"", held.unit_id,
                       "\" ", Days(other->valid), " already (\"", other->responsibility_id, "\")"));
      return;
    }
    same.push_back(&held);
  }

  const Candidate& candidate_;
  absl::flat_hash_set<absl::string_view> catalogue_;
  absl::flat_hash_map<absl::string_view, const InPlay<Task>*> tasks_;
  absl::flat_hash_map<std::tuple<absl::string_view, absl::string_view, absl::string_view>,
                      std::vector<const Responsibility*>>
      seen_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckResponsibilities(const Candidate& candidate) {
  return ResponsibilityRules(candidate).Check();
}

absl::optional<Problem> MissingTask(const Candidate& candidate, const std::string& task) {
  if (absl::c_any_of(candidate.tasks,
                     [&](const InPlay<Task>& known) { return known.thing->task == task; })) {
    return absl::nullopt;
  }
  if (candidate.IsRejected<Task>(task)) {
    return Problem{v1::ERROR_REASON_DEPENDS_ON_REJECTED_ROW, "responsibility.task",
                   absl::StrCat("\"", task, "\" is rejected in this import; mend its row first")};
  }
  return Problem{v1::ERROR_REASON_TASK_NOT_FOUND, "responsibility.task",
                 absl::StrCat("there is no task \"", task,
                              "\"; ListTasks shows them, and an import can add it")};
}

absl::optional<Problem> MissingLeadershipKind(const Candidate& candidate, const std::string& kind) {
  if (absl::c_any_of(candidate.before.organisation().leadership_kinds,
                     [&](const LeadershipKind& known) { return known.kind == kind; })) {
    return absl::nullopt;
  }
  return Problem{v1::ERROR_REASON_LEADERSHIP_KIND_NOT_FOUND, "task.leadership_kind",
                 absl::StrCat("\"", kind, "\" is no kind of leadership; ListTasks shows them")};
}

}  // namespace klynge::organisation
