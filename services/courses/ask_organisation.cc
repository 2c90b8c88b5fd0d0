#include <map>

#include "klynge/organisation/v1/organisation_service.grpc.pb.h"
#include "services/courses/peer_call.h"
#include "services/courses/peers.h"

namespace klynge::courses {
namespace {

using organisation::v1::OrganisationService;

// The kind of unit that a cluster's area is.
constexpr char kArea[] = "area";

// Role → label; empty when the roles can't be had, and the codes are shown.
std::map<std::string, std::string> RoleLabels(const Asker<OrganisationService>& ask,
                                              int64_t revision) {
  organisation::v1::ListRolesRequest request;
  request.set_min_revision(revision);
  organisation::v1::ListRolesResponse response;
  std::map<std::string, std::string> labels;
  const absl::Status asked = ask(&OrganisationService::Stub::async::ListRoles, request, &response);
  if (!asked.ok()) return labels;
  for (const auto& role : response.roles())
    labels[role.role()] = ask.question().say.Plain(role.label());
  return labels;
}

void AddMember(const organisation::v1::TeamMember& member,
               const std::map<std::string, std::string>& role_labels, v1::BriefTeam& team) {
  auto& added = *team.add_members();
  added.set_person_id(member.person_id());
  added.set_name(member.name());
  added.set_role(member.role());
  auto label = role_labels.find(member.role());
  added.set_role_label(label == role_labels.end() ? member.role() : label->second);
  *added.mutable_unit_ids() = member.unit_ids();
}

void AddMembers(const Asker<OrganisationService>& ask,
                const organisation::v1::GetLeadershipTeamResponse& found, v1::BriefTeam& team) {
  const auto labels = RoleLabels(ask, found.revision());
  if (found.team().has_leader()) AddMember(found.team().leader(), labels, team);
  for (const auto& member : found.team().members()) AddMember(member, labels, team);
}

}  // namespace

absl::StatusOr<v1::BriefTeam> AskTeam(rpc::Peer& organisation, const Question& question) {
  const Asker<OrganisationService> ask(organisation, question);
  const std::string& cluster = question.unit_ids.at(0);

  organisation::v1::GetLeadershipTeamRequest team_request;
  team_request.set_cluster_id(cluster);
  team_request.set_as_of(question.as_of);
  team_request.set_min_revision(question.fresh.organisation);
  organisation::v1::GetLeadershipTeamResponse found;
  KLYNGE_RETURN_IF_ERROR(
      ask(&OrganisationService::Stub::async::GetLeadershipTeam, team_request, &found));

  organisation::v1::GetUnitRequest unit_request;
  unit_request.set_unit_id(cluster);
  unit_request.set_as_of(question.as_of);
  unit_request.set_min_revision(found.revision());
  organisation::v1::GetUnitResponse unit;
  KLYNGE_RETURN_IF_ERROR(ask(&OrganisationService::Stub::async::GetUnit, unit_request, &unit));

  organisation::v1::ListUnitsRequest units_request;
  units_request.set_subtree_of(cluster);
  units_request.set_as_of(question.as_of);
  units_request.set_min_revision(found.revision());
  units_request.set_page_size(1000);
  organisation::v1::ListUnitsResponse units;
  KLYNGE_RETURN_IF_ERROR(ask(&OrganisationService::Stub::async::ListUnits, units_request, &units));

  v1::BriefTeam team;
  team.set_name(unit.unit().name());
  for (const auto& above : unit.ancestors()) {
    if (above.kind() == kArea) team.set_area_name(above.name());
  }
  AddMembers(ask, found, team);
  for (const auto& each : units.units()) {
    if (each.unit_id() == cluster) continue;
    auto& listed = *team.add_units();
    listed.set_unit_id(each.unit_id());
    listed.set_name(each.name());
    listed.set_kind(each.kind());
  }
  return team;
}

}  // namespace klynge::courses
