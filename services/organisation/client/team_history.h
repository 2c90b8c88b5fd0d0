// How a leadership team changes. The team is the same as long as its cluster exists.
#pragma once

#include <string>
#include <vector>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// What changed, with the numbers of v1::TeamChangeKind.
enum class TeamChangeKind {
  kTeamBegan = 1,
  kTeamEnded = 2,
  kLeaderCame = 3,
  kLeaderWent = 4,
  kMemberCame = 5,
  kMemberWent = 6,
  kMemberUnitsChanged = 7,
  kVacancyBegan = 8,
  kVacancyEnded = 9,
  kSubstituteBegan = 10,
  kSubstituteEnded = 11,
};

struct TeamChange {
  Date date;  // the first day on which it is so
  TeamChangeKind kind = TeamChangeKind::kTeamBegan;
  std::string cluster_id;
  std::string person_id;              // "" for a team and for a vacancy
  std::string role;                   // of the person or the position
  std::vector<std::string> unit_ids;  // of a member: led from that day, or until it
  std::string position_id;            // of a vacancy or substitute
};

// Every change after `from`, up to and including `to`: by day, then what went before what came.
std::vector<TeamChange> TeamChanges(const Tree& tree, const std::string& cluster_id, Date from,
                                    Date to);

// The days around this one on which the unit exists and is of a kind with a team; empty when it
// has none that day.
DateRange TeamLife(const Tree& tree, const std::string& cluster_id, Date on);

}  // namespace klynge::organisation
