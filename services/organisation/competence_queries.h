// Answers to what is asked of competences; see queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/competence.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListCompetencesRequest& request,
                    v1::ListCompetencesResponse* response);
// kNotFound, PERSON_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListHeldCompetencesRequest& request,
                    v1::ListHeldCompetencesResponse* response);
// kNotFound, UNIT_NOT_FOUND or COMPETENCE_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::FindCompetenceRequest& request,
                    v1::FindCompetenceResponse* response);
// kNotFound, UNIT_NOT_FOUND or COMPETENCE_NOT_FOUND; kFailedPrecondition, UNIT_HAS_NO_TEAM.
absl::Status Answer(const Tree& tree, Date today, const v1::GetTeamCompetencesRequest& request,
                    v1::GetTeamCompetencesResponse* response);

}  // namespace klynge::organisation
