#include "services/organisation/team_queries.h"

#include <absl/strings/str_join.h>

#include "services/organisation/client/leadership_chain.h"
#include "services/organisation/client/team_history.h"
#include "services/organisation/leadership_in_words.h"
#include "services/organisation/position_queries.h"
#include "services/organisation/query_support.h"

namespace klynge::organisation {
namespace {

std::string NameOf(const Tree& tree, const std::string& person_id) {
  const Person* person = tree.FindPerson(person_id);
  return person == nullptr ? "" : person->name;
}

void SetMember(const Tree& tree, const TeamMember& member, v1::TeamMember* proto) {
  proto->set_person_id(member.person_id);
  proto->set_name(NameOf(tree, member.person_id));
  proto->set_role(member.role);
  for (const std::string& unit_id : member.unit_ids) proto->add_unit_ids(unit_id);
}

void SetVacantPosition(const VacantPosition& vacant, v1::VacantPosition* proto) {
  proto->set_position_id(vacant.position->position_id);
  proto->set_role(vacant.position->role);
  proto->set_unit_id(vacant.position->unit_id);
  SetVacancy(vacant.vacancy, proto->mutable_vacancy());
}

void SetTeamSubstitute(const Tree& tree, const TeamSubstitute& substitute,
                       v1::TeamSubstitute* proto) {
  proto->set_position_id(substitute.position->position_id);
  proto->set_role(substitute.position->role);
  proto->set_unit_id(substitute.position->unit_id);
  proto->set_stands_in_for_person_id(substitute.stands_in_for);
  SetSubstitute(tree, *substitute.substitution, proto->mutable_substitute());
}

void SetChange(const Tree& tree, const TeamChange& change, v1::TeamChange* proto) {
  proto->set_date(FormatDate(change.date));
  proto->set_kind(static_cast<v1::TeamChangeKind>(change.kind));
  proto->set_person_id(change.person_id);
  proto->set_name(NameOf(tree, change.person_id));
  proto->set_role(change.role);
  for (const std::string& unit_id : change.unit_ids) proto->add_unit_ids(unit_id);
  proto->set_position_id(change.position_id);
  SayInWords(tree, change, proto->mutable_text());
}

v1::PassedOverReason ReasonOf(const PassedOverUnit& passed) {
  if (!passed.vacancies.empty()) return v1::PASSED_OVER_REASON_VACANT;
  return passed.can_have_leader ? v1::PASSED_OVER_REASON_NO_LEADER
                                : v1::PASSED_OVER_REASON_NO_LEADING_ROLE;
}

void SetLeader(const Tree& tree, const ResponsibleLeader& leader, v1::ResponsibleLeader* proto) {
  proto->set_person_id(leader.person_id);
  proto->set_name(NameOf(tree, leader.person_id));
  proto->set_role(leader.role);
  proto->set_basis(leader.substitution == nullptr ? v1::LEADER_BASIS_HOLDER
                                                  : v1::LEADER_BASIS_SUBSTITUTE);
  proto->set_position_id(leader.position_id);
  proto->set_stands_in_for_person_id(leader.stands_in_for);
}

}  // namespace

void SetTeam(const Tree& tree, const UnitVersion& cluster, Date on, v1::LeadershipTeam* proto) {
  const LeadershipTeam team = tree.Team(cluster.unit_id, on);
  proto->set_cluster_id(cluster.unit_id);
  proto->set_name(cluster.name);
  proto->set_as_of(FormatDate(on));
  const DateRange life = TeamLife(tree, cluster.unit_id, on);
  proto->set_valid_from(FormatDate(life.from));
  proto->set_valid_to(FormatEnd(life.to));
  if (team.leader) SetMember(tree, *team.leader, proto->mutable_leader());
  for (const TeamMember& member : team.members) SetMember(tree, member, proto->add_members());
  for (const std::string& unit_id : team.unled_unit_ids) proto->add_unled_unit_ids(unit_id);
  const TeamPositions positions = FindTeamPositions(tree, cluster.unit_id, on);
  for (const VacantPosition& vacant : positions.vacancies) {
    SetVacantPosition(vacant, proto->add_vacancies());
  }
  for (const TeamSubstitute& substitute : positions.substitutes) {
    SetTeamSubstitute(tree, substitute, proto->add_substitutes());
  }
}

absl::Status Answer(const Tree& tree, Date today, const v1::GetLeadershipTeamRequest& request,
                    v1::GetLeadershipTeamResponse* response) {
  Violations violations;
  RequireId(violations, "cluster_id", request.cluster_id());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_RETURN_IF_ERROR(CheckHasTeam(tree, request.cluster_id(), on));
  const UnitVersion* cluster = tree.FindUnit(request.cluster_id(), on);
  SetTeam(tree, *cluster, on, response->mutable_team());
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::CompareLeadershipTeamRequest& request,
                    v1::CompareLeadershipTeamResponse* response) {
  Violations violations;
  RequireId(violations, "cluster_id", request.cluster_id());
  if (request.from().empty()) violations.Add("from", "is required: a date as 2021-09-01");
  const DateRange days{DateOr(violations, "from", request.from(), kOpenStart),
                       DateOr(violations, "to", request.to(), today)};
  if (violations.list().empty() && days.empty()) {
    violations.Add("to", absl::StrCat("must be after from (", FormatDate(days.from), "), was ",
                                      FormatDate(days.to)));
  }
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  const std::string& cluster_id = request.cluster_id();
  const UnitVersion* last = nullptr;
  for (const UnitVersion* version : tree.Versions(cluster_id)) {
    if (version->valid.from <= days.to && days.from < version->valid.to) last = version;
  }
  if (last == nullptr) return UnitNotFound(tree, cluster_id, days.to);

  const std::vector<TeamChange> changes = TeamChanges(tree, cluster_id, days.from, days.to);
  const bool before = tree.HasTeam(cluster_id, days.from);
  const bool after = tree.HasTeam(cluster_id, days.to);
  if (!before && !after && changes.empty()) return UnitHasNoTeam(*last);
  if (before) {
    SetTeam(tree, *tree.FindUnit(cluster_id, days.from), days.from, response->mutable_before());
  }
  if (after) SetTeam(tree, *tree.FindUnit(cluster_id, days.to), days.to, response->mutable_after());
  for (const TeamChange& change : changes) SetChange(tree, change, response->add_changes());
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::GetResponsibleLeaderRequest& request,
                    v1::GetResponsibleLeaderResponse* response) {
  Violations violations;
  RequireId(violations, "unit_id", request.unit_id());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  if (tree.FindUnit(request.unit_id(), on) == nullptr) {
    return UnitNotFound(tree, request.unit_id(), on);
  }
  const Leadership leadership = FindLeadership(tree, request.unit_id(), on);
  response->set_unit_id(request.unit_id());
  response->set_as_of(FormatDate(on));
  for (const ResponsibleLeader& leader : leadership.leaders) {
    SetLeader(tree, leader, response->add_leaders());
  }
  if (leadership.found_at != nullptr) {
    response->set_found_at_unit_id(leadership.found_at->unit_id);
    response->set_inherited(leadership.found_at->unit_id != request.unit_id());
  }
  response->set_shared(leadership.leaders.size() > 1);
  for (const PassedOverUnit& passed : leadership.passed_over) {
    v1::PassedOverUnit* proto = response->add_passed_over();
    proto->set_unit_id(passed.unit->unit_id);
    proto->set_reason(ReasonOf(passed));
    for (const VacantPosition& vacant : passed.vacancies) {
      SetVacantPosition(vacant, proto->add_vacancies());
    }
  }
  SayInWords(tree, leadership, response->mutable_explanation());
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

}  // namespace klynge::organisation
