#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <map>
#include <utility>

#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

using Versions = std::vector<VersionInPlay>;

// Judges the assignments one by one, then the holders of each exclusive role together.
class AssignmentRules {
 public:
  explicit AssignmentRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    for (const InPlay<Assignment>& held : candidate_.assignments) {
      const Assignment& assignment = *held.thing;
      Add(held.row, MissingPerson(candidate_, "assignment.person_id", assignment.person_id));
      Add(held.row, MissingRole(candidate_, "assignment.role", assignment.role));
      Add(held.row, MissingUnit(candidate_, "assignment.unit_id", assignment.unit_id));
      const Role* role = candidate_.before.FindRole(assignment.role);
      const Versions* unit = candidate_.FindUnit(assignment.unit_id);
      if (unit != nullptr) CheckUnitLife(held, *unit);
      if (unit != nullptr && role != nullptr) CheckPlace(held, *role, *unit);
      if (role != nullptr && role->exclusive) CheckExclusive(held);
    }
    return std::move(blames_);
  }

 private:
  void Add(int row, v1::ErrorReason reason, std::string field, std::string description) {
    Add(row, Problem{reason, std::move(field), std::move(description)});
  }
  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckUnitLife(const InPlay<Assignment>& held, const Versions& unit) {
    const DateRange life = LifeOf(unit);
    const DateRange& valid = held.thing->valid;
    if (life.Contains(valid)) return;
    if (held.row != kStored) {
      Add(held.row, v1::ERROR_REASON_OUTSIDE_UNIT_LIFE,
          valid.from < life.from ? "assignment.valid_from" : "assignment.valid_to",
          absl::StrCat("the assignment lasts ", Days(valid), ", but \"", held.thing->unit_id,
                       "\" only ", Days(life)));
      return;
    }
    for (const VersionInPlay& version : unit) {
      Add(version.row, v1::ERROR_REASON_OUTSIDE_UNIT_LIFE, "unit.valid_to",
          absl::StrCat("assignment \"", held.thing->assignment_id, "\" at it lasts ", Days(valid),
                       "; end it first, or in the same import"));
    }
  }

  void CheckPlace(const InPlay<Assignment>& held, const Role& role, const Versions& unit) {
    for (const VersionInPlay& version : unit) {
      if (!version.valid.Overlaps(held.thing->valid)) continue;
      if (absl::c_linear_search(role.unit_kinds, version.unit->kind)) continue;
      if (held.row != kStored) {
        Add(held.row, v1::ERROR_REASON_ROLE_NOT_ALLOWED, "assignment.role",
            absl::StrCat("\"", version.unit->unit_id, "\" is of kind ", version.unit->kind, "; ",
                         role.role, " may sit at ", absl::StrJoin(role.unit_kinds, ", ")));
        return;
      }
      Add(version.row, v1::ERROR_REASON_ROLE_NOT_ALLOWED, "unit.kind",
          absl::StrCat("assignment \"", held.thing->assignment_id, "\" at it is that of a ",
                       role.role, ", who may sit at ", absl::StrJoin(role.unit_kinds, ", ")));
    }
  }

  // What is stored comes first, then the rows in their order: a row gives way to those before it.
  void CheckExclusive(const InPlay<Assignment>& held) {
    const Assignment& assignment = *held.thing;
    std::vector<const Assignment*>& holders = holders_[{assignment.unit_id, assignment.role}];
    for (const Assignment* other : holders) {
      if (!other->valid.Overlaps(assignment.valid)) continue;
      Add(held.row, v1::ERROR_REASON_EXCLUSIVE_ROLE_OVERLAP, "assignment.valid_from",
          absl::StrCat("\"", other->person_id, "\" is ", other->role, " of \"", other->unit_id,
                       "\" ", Days(other->valid), " (assignment \"", other->assignment_id,
                       "\"), and there is only one at a time"));
      return;
    }
    holders.push_back(&assignment);
  }

  const Candidate& candidate_;
  std::map<std::pair<absl::string_view, absl::string_view>, std::vector<const Assignment*>>
      holders_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckAssignments(const Candidate& candidate) {
  return AssignmentRules(candidate).Check();
}

}  // namespace klynge::organisation
