// Who leads a unit: its own leaders, those who stand in for them, or the leaders of the nearest
// unit above that has one present.
#pragma once

#include <string>
#include <vector>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// One who leads. Pointers as those of the tree.
struct ResponsibleLeader {
  std::string person_id;
  std::string role;
  std::string position_id;                     // "" for an assignment without a position
  const Substitution* substitution = nullptr;  // set when the person stands in
  std::string stands_in_for;                   // the holder who is away; "" at a vacant position
};

// A position that nobody holds, and the days around the one asked about on which nobody does.
struct VacantPosition {
  const Position* position = nullptr;
  DateRange vacancy;
};

// A unit without a leader present.
struct PassedOverUnit {
  const UnitVersion* unit = nullptr;
  bool can_have_leader = false;  // some leading role may sit there
  std::vector<VacantPosition> vacancies;
};

struct Leadership {
  std::vector<ResponsibleLeader> leaders;   // by person id, each once; empty: nobody
  const UnitVersion* found_at = nullptr;    // whose leaders they are
  std::vector<PassedOverUnit> passed_over;  // from the unit upwards
};

// The leadership of a unit on a day; an empty one when the unit does not exist that day.
Leadership FindLeadership(const Tree& tree, absl::string_view unit_id, Date on);

// Who stands in at a position, and for whom.
struct TeamSubstitute {
  const Position* position = nullptr;
  const Substitution* substitution = nullptr;
  std::string stands_in_for;  // "" at a vacant position
};

// What a leadership team lacks on a day, and who stands in: at the leader's position first, then by
// unit in tree order.
struct TeamPositions {
  std::vector<VacantPosition> vacancies;
  std::vector<TeamSubstitute> substitutes;
};
TeamPositions FindTeamPositions(const Tree& tree, absl::string_view cluster_id, Date on);

}  // namespace klynge::organisation
