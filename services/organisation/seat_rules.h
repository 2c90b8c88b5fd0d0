// What holds alike of whatever puts a role at a unit for a time: an assignment, a position.
#pragma once

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/organisation/rules.h"

namespace klynge::organisation {

// "assignment" or "position", as in the rows' fields.
inline std::string WordOf(const Assignment&) { return "assignment"; }
inline std::string WordOf(const Position&) { return "position"; }

// What sits in the only seat of an exclusive role, for messages.
inline std::string Describe(const Assignment& held, const DateRange& valid) {
  return absl::StrCat("\"", held.person_id, "\" is ", held.role, " of \"", held.unit_id, "\" ",
                      Days(valid), " (assignment \"", held.assignment_id, "\")");
}
inline std::string Describe(const Position& position, const DateRange& valid) {
  return absl::StrCat("position \"", position.position_id, "\" is that of the ", position.role,
                      " of \"", position.unit_id, "\" ", Days(valid));
}

// Judges seats of one sort: known roles and units; within the unit's life; roles where they may
// sit; one seat of an exclusive role at a time.
template <class Seat>
class SeatRules {
 public:
  SeatRules(const Candidate& candidate, std::vector<Blame>& blames)
      : candidate_(candidate), blames_(blames) {}

  void Check(const InPlay<Seat>& seat) {
    const Role* role = candidate_.before.FindRole(seat.thing->role);
    const std::vector<VersionInPlay>* unit = candidate_.FindUnit(seat.thing->unit_id);
    const bool at_brought = unit != nullptr && IsBrought(*unit);
    if (seat.row != kStored || at_brought) CheckAlone(seat, role, unit);
    if (role != nullptr && role->exclusive) CheckExclusive(seat, WordOf(*seat.thing));
  }

 private:
  void CheckAlone(const InPlay<Seat>& seat, const Role* role,
                  const std::vector<VersionInPlay>* unit) {
    const std::string word = WordOf(*seat.thing);
    Add(seat.row, MissingRole(candidate_, word + ".role", seat.thing->role));
    Add(seat.row, MissingUnit(candidate_, word + ".unit_id", seat.thing->unit_id));
    if (unit != nullptr) CheckUnitLife(seat, *unit, word);
    if (unit != nullptr && role != nullptr) CheckPlace(seat, *role, *unit, word);
  }

  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckUnitLife(const InPlay<Seat>& seat, const std::vector<VersionInPlay>& unit,
                     const std::string& word) {
    const DateRange life = LifeOf(unit);
    const DateRange& valid = seat.valid;
    if (life.Contains(valid)) return;
    Add(seat.row, Problem{v1::ERROR_REASON_OUTSIDE_UNIT_LIFE,
                          word + (valid.from < life.from ? ".valid_from" : ".valid_to"),
                          absl::StrCat("the ", word, " lasts ", Days(valid), ", but \"",
                                       seat.thing->unit_id, "\" only ", Days(life))});
  }

  void CheckPlace(const InPlay<Seat>& seat, const Role& role,
                  const std::vector<VersionInPlay>& unit, const std::string& word) {
    for (const VersionInPlay& version : unit) {
      if (!version.valid.Overlaps(seat.valid)) continue;
      if (absl::c_linear_search(role.unit_kinds, version.unit->kind)) continue;
      if (seat.row != kStored) {
        Add(seat.row, Problem{v1::ERROR_REASON_ROLE_NOT_ALLOWED, word + ".role",
                              absl::StrCat("\"", version.unit->unit_id, "\" is of kind ",
                                           version.unit->kind, "; ", role.role, " may sit at ",
                                           absl::StrJoin(role.unit_kinds, ", "))});
        return;
      }
      Add(version.row,
          Problem{v1::ERROR_REASON_ROLE_NOT_ALLOWED, "unit.kind",
                  absl::StrCat(word, " \"", IdOf(*seat.thing), "\" at it is that of a ", role.role,
                               ", who may sit at ", absl::StrJoin(role.unit_kinds, ", "))});
    }
  }

  // What is stored comes first, then the rows in their order: a row gives way to those before it.
  void CheckExclusive(const InPlay<Seat>& seat, const std::string& word) {
    std::vector<const InPlay<Seat>*>& taken = taken_[{seat.thing->unit_id, seat.thing->role}];
    for (const InPlay<Seat>* other : taken) {
      if (!other->valid.Overlaps(seat.valid)) continue;
      Add(seat.row,
          Problem{v1::ERROR_REASON_EXCLUSIVE_ROLE_OVERLAP, word + ".valid_from",
                  Describe(*other->thing, other->valid) + ", and there is only one at a time"});
      return;
    }
    taken.push_back(&seat);
  }

  const Candidate& candidate_;
  std::map<std::pair<absl::string_view, absl::string_view>, std::vector<const InPlay<Seat>*>>
      taken_;
  std::vector<Blame>& blames_;
};

}  // namespace klynge::organisation
