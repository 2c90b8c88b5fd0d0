// Answers about leadership, from a tree: as queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/organisation_service.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// kNotFound, UNIT_NOT_FOUND; kFailedPrecondition, UNIT_HAS_NO_TEAM.
absl::Status Answer(const Tree& tree, Date today, const v1::GetLeadershipTeamRequest& request,
                    v1::GetLeadershipTeamResponse* response);
// kNotFound, UNIT_NOT_FOUND; kFailedPrecondition, UNIT_HAS_NO_TEAM.
absl::Status Answer(const Tree& tree, Date today, const v1::CompareLeadershipTeamRequest& request,
                    v1::CompareLeadershipTeamResponse* response);
// kNotFound, UNIT_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::GetResponsibleLeaderRequest& request,
                    v1::GetResponsibleLeaderResponse* response);

// The team of a cluster or network that exists that day, and has one.
void SetTeam(const Tree& tree, const UnitVersion& cluster, Date on, v1::LeadershipTeam* proto);

}  // namespace klynge::organisation
