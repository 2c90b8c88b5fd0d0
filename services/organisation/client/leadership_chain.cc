#include "services/organisation/client/leadership_chain.h"

#include <algorithm>
#include <map>

namespace klynge::organisation {
namespace {

bool Leads(const Tree& tree, const std::string& role_code) {
  const Role* role = tree.FindRole(role_code);
  return role != nullptr && role->leads_unit;
}

bool CanHaveLeader(const Tree& tree, const UnitVersion& unit) {
  const std::vector<Role>& roles = tree.organisation().roles;
  return std::any_of(roles.begin(), roles.end(), [&](const Role& role) {
    return role.leads_unit && std::find(role.unit_kinds.begin(), role.unit_kinds.end(),
                                        unit.kind) != role.unit_kinds.end();
  });
}

// The leaders present at one unit. Who leads in two ways is listed for the first.
std::vector<ResponsibleLeader> LeadersAt(const Tree& tree, const std::string& unit_id, Date on) {
  std::map<std::string, ResponsibleLeader> leaders;
  const auto add = [&](ResponsibleLeader leader) {
    leaders.emplace(leader.person_id, std::move(leader));
  };
  const PositionIndex& positions = tree.positions();
  for (const Assignment* held : tree.AssignmentsAt(unit_id, on)) {
    if (!Leads(tree, held->role)) continue;
    const Substitution* substitution = positions.SubstituteOn(held->position_id, on);
    if (substitution == nullptr) {
      add({held->person_id, held->role, held->position_id, nullptr, ""});
    } else {
      add({substitution->person_id, held->role, held->position_id, substitution, held->person_id});
    }
  }
  for (const Position* position : positions.At(unit_id, on)) {
    if (!Leads(tree, position->role)) continue;
    if (positions.HolderOn(position->position_id, on) != nullptr) continue;
    const Substitution* substitution = positions.SubstituteOn(position->position_id, on);
    if (substitution == nullptr) continue;
    add({substitution->person_id, position->role, position->position_id, substitution, ""});
  }
  std::vector<ResponsibleLeader> by_person;
  by_person.reserve(leaders.size());
  for (auto& [person_id, leader] : leaders) by_person.push_back(std::move(leader));
  return by_person;
}

PassedOverUnit PassOver(const Tree& tree, const UnitVersion& unit, Date on) {
  PassedOverUnit passed{&unit, CanHaveLeader(tree, unit), {}};
  for (const Position* position : tree.positions().At(unit.unit_id, on)) {
    if (!Leads(tree, position->role)) continue;
    if (const auto vacancy = tree.positions().VacancyOn(*position, on)) {
      passed.vacancies.push_back({position, *vacancy});
    }
  }
  return passed;
}

// True for a position whose holder belongs to the team.
bool IsOfTeam(const Tree& tree, const Position& position, absl::string_view cluster_id) {
  const Role* role = tree.FindRole(position.role);
  if (role == nullptr) return false;
  return role->team_part == TeamPart::kMember ||
         (role->team_part == TeamPart::kLeader && position.unit_id == cluster_id);
}

}  // namespace

Leadership FindLeadership(const Tree& tree, absl::string_view unit_id, Date on) {
  Leadership leadership;
  const UnitVersion* unit = tree.FindUnit(unit_id, on);
  if (unit == nullptr) return leadership;
  std::vector<const UnitVersion*> chain = tree.AncestorVersions(unit_id, on);
  chain.insert(chain.begin(), unit);
  for (const UnitVersion* link : chain) {
    leadership.leaders = LeadersAt(tree, link->unit_id, on);
    if (!leadership.leaders.empty()) {
      leadership.found_at = link;
      break;
    }
    leadership.passed_over.push_back(PassOver(tree, *link, on));
  }
  return leadership;
}

TeamPositions FindTeamPositions(const Tree& tree, absl::string_view cluster_id, Date on) {
  TeamPositions team;
  if (!tree.HasTeam(cluster_id, on)) return team;
  const PositionIndex& positions = tree.positions();
  for (const UnitVersion* unit : tree.SubtreeVersions(cluster_id, on)) {
    for (const Position* position : positions.At(unit->unit_id, on)) {
      if (!IsOfTeam(tree, *position, cluster_id)) continue;
      const Assignment* holder = positions.HolderOn(position->position_id, on);
      if (holder == nullptr) {
        team.vacancies.push_back({position, *positions.VacancyOn(*position, on)});
      }
      if (const auto* substitution = positions.SubstituteOn(position->position_id, on)) {
        team.substitutes.push_back(
            {position, substitution, holder == nullptr ? "" : holder->person_id});
      }
    }
  }
  return team;
}

}  // namespace klynge::organisation
