#include "services/organisation/seat_rules.h"

namespace klynge::organisation {

std::vector<Blame> CheckAssignments(const Candidate& candidate) {
  std::vector<Blame> blames;
  SeatRules<Assignment> seats(candidate, blames);
  for (const InPlay<Assignment>& held : candidate.assignments) {
    if (held.row != kStored) {
      auto missing = MissingPerson(candidate, "assignment.person_id", held.thing->person_id);
      if (missing) blames.push_back({held.row, *std::move(missing)});
    }
    seats.Check(held);
  }
  return blames;
}

}  // namespace klynge::organisation
