#include <map>

#include "services/organisation/seat_rules.h"

namespace klynge::organisation {
namespace {

// Judges positions, then what fills them and who stands in at them.
class PositionRules {
 public:
  explicit PositionRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    SeatRules<Position> seats(candidate_, blames_);
    for (const InPlay<Position>& position : candidate_.positions) {
      seats.Check(position);
      at_[{position.thing->unit_id, position.thing->role}].push_back(&position);
    }
    for (const InPlay<Assignment>& held : candidate_.assignments) {
      if (held.thing->position_id.empty()) {
        CheckNamesExclusivePosition(held);
      } else {
        CheckFills(held);
      }
    }
    for (const InPlay<Substitution>& substitution : candidate_.substitutions) {
      CheckStandsIn(substitution);
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

  void CheckFills(const InPlay<Assignment>& held) {
    const Assignment& assignment = *held.thing;
    Add(held.row, MissingPosition(candidate_, "assignment.position_id", assignment.position_id));
    const InPlay<Position>* position = candidate_.FindPosition(assignment.position_id);
    if (position == nullptr) return;
    CheckMatches(held, *position);
    CheckLife(held, "assignment", *position);
    std::vector<const InPlay<Assignment>*>& holders = holders_[assignment.position_id];
    for (const InPlay<Assignment>* other : holders) {
      if (!other->valid.Overlaps(held.valid)) continue;
      Add(held.row, v1::ERROR_REASON_POSITION_TAKEN, "assignment.position_id",
          absl::StrCat("\"", other->thing->person_id, "\" holds it ", Days(other->valid),
                       " (assignment \"", other->thing->assignment_id,
                       "\"); end that first, or in the same import"));
      return;
    }
    holders.push_back(&held);
  }

  void CheckMatches(const InPlay<Assignment>& held, const InPlay<Position>& position) {
    const Assignment& assignment = *held.thing;
    const Position& filled = *position.thing;
    if (assignment.role == filled.role && assignment.unit_id == filled.unit_id) return;
    if (held.row != kStored) {
      Add(held.row, v1::ERROR_REASON_POSITION_MISMATCH, "assignment.position_id",
          absl::StrCat("\"", filled.position_id, "\" is that of a ", filled.role, " at \"",
                       filled.unit_id, "\", the assignment that of a ", assignment.role, " at \"",
                       assignment.unit_id, "\""));
      return;
    }
    Add(position.row, v1::ERROR_REASON_POSITION_MISMATCH,
        assignment.role == filled.role ? "position.unit_id" : "position.role",
        absl::StrCat("assignment \"", assignment.assignment_id, "\" fills it as ", assignment.role,
                     " at \"", assignment.unit_id,
                     "\"; a position keeps its role and unit: end it, and add another"));
  }

  // What fills a position or stands in at it lasts no longer than the position.
  template <class Thing>
  void CheckLife(const InPlay<Thing>& thing, const std::string& word,
                 const InPlay<Position>& position) {
    const DateRange& valid = thing.valid;
    const DateRange& life = position.valid;
    if (life.Contains(valid)) return;
    if (thing.row != kStored) {
      Add(thing.row, v1::ERROR_REASON_OUTSIDE_POSITION_LIFE,
          word + (valid.from < life.from ? ".valid_from" : ".valid_to"),
          absl::StrCat("the ", word, " lasts ", Days(valid), ", but position \"",
                       position.thing->position_id, "\" only ", Days(life)));
      return;
    }
    Add(position.row, v1::ERROR_REASON_OUTSIDE_POSITION_LIFE,
        valid.from < life.from ? "position.valid_from" : "position.valid_to",
        absl::StrCat(word, " \"", IdOf(*thing.thing), "\" at it lasts ", Days(valid),
                     "; end it first, or in the same import"));
  }

  // Else the position would seem vacant while its role is held.
  void CheckNamesExclusivePosition(const InPlay<Assignment>& held) {
    if (at_.empty()) return;
    const Assignment& assignment = *held.thing;
    const Role* role = candidate_.before.FindRole(assignment.role);
    if (role == nullptr || !role->exclusive) return;
    auto positions = at_.find({assignment.unit_id, assignment.role});
    if (positions == at_.end()) return;
    for (const InPlay<Position>* position : positions->second) {
      if (!position->valid.Overlaps(held.valid)) continue;
      const std::string& position_id = position->thing->position_id;
      if (held.row != kStored) {
        Add(held.row, v1::ERROR_REASON_POSITION_NOT_NAMED, "assignment.position_id",
            absl::StrCat("must be \"", position_id, "\", the position of the ", assignment.role,
                         " of \"", assignment.unit_id, "\" ", Days(position->valid)));
        return;
      }
      Add(position->row, v1::ERROR_REASON_POSITION_NOT_NAMED, "position.position_id",
          absl::StrCat("assignment \"", assignment.assignment_id, "\" holds the role ",
                       Days(held.valid),
                       " without the position; import it with position_id, in the same import"));
    }
  }

  void CheckStandsIn(const InPlay<Substitution>& standing_in) {
    const Substitution& substitution = *standing_in.thing;
    const std::string& position_id = substitution.position_id;
    Add(standing_in.row,
        MissingPerson(candidate_, "substitution.person_id", substitution.person_id));
    Add(standing_in.row, MissingPosition(candidate_, "substitution.position_id", position_id));
    const InPlay<Position>* position = candidate_.FindPosition(position_id);
    if (position == nullptr) return;
    CheckLife(standing_in, "substitution", *position);
    CheckIsNotHolder(standing_in);
    std::vector<const InPlay<Substitution>*>& others = substitutes_[position_id];
    for (const InPlay<Substitution>* other : others) {
      if (!other->valid.Overlaps(standing_in.valid)) continue;
      Add(standing_in.row, v1::ERROR_REASON_SUBSTITUTION_OVERLAP, "substitution.valid_from",
          absl::StrCat("\"", other->thing->person_id, "\" stands in at \"", position_id, "\" ",
                       Days(other->valid), " (substitution \"", other->thing->substitution_id,
                       "\"); end that first, or in the same import"));
      return;
    }
    others.push_back(&standing_in);
  }

  void CheckIsNotHolder(const InPlay<Substitution>& standing_in) {
    const Substitution& substitution = *standing_in.thing;
    for (const InPlay<Assignment>* held : candidate_.HoldersOf(substitution.position_id)) {
      const Assignment& assignment = *held->thing;
      if (assignment.person_id != substitution.person_id) continue;
      if (!held->valid.Overlaps(standing_in.valid)) continue;
      if (standing_in.row != kStored) {
        Add(standing_in.row, v1::ERROR_REASON_SUBSTITUTE_IS_HOLDER, "substitution.person_id",
            absl::StrCat("\"", assignment.person_id, "\" holds the position ",
                         Days(assignment.valid), " (assignment \"", assignment.assignment_id,
                         "\"); end the substitution when that begins"));
        return;
      }
      Add(held->row, v1::ERROR_REASON_SUBSTITUTE_IS_HOLDER, "assignment.person_id",
          absl::StrCat("\"", assignment.person_id, "\" stands in at the position ",
                       Days(substitution.valid), " (substitution \"", substitution.substitution_id,
                       "\"); end that in the same import"));
    }
  }

  const Candidate& candidate_;
  std::map<std::pair<absl::string_view, absl::string_view>, std::vector<const InPlay<Position>*>>
      at_;
  std::map<absl::string_view, std::vector<const InPlay<Assignment>*>> holders_;
  std::map<absl::string_view, std::vector<const InPlay<Substitution>*>> substitutes_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckPositions(const Candidate& candidate) {
  return PositionRules(candidate).Check();
}

}  // namespace klynge::organisation
