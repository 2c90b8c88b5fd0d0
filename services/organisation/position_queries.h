// Answers about positions, from a tree: as queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/organisation_service.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// kNotFound, POSITION_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::GetPositionRequest& request,
                    v1::GetPositionResponse* response);
// kNotFound, UNIT_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListPositionsRequest& request,
                    v1::ListPositionsResponse* response);

void SetVacancy(const DateRange& days, v1::Vacancy* vacancy);
void SetSubstitute(const Tree& tree, const Substitution& substitution,
                   v1::PositionSubstitute* proto);

}  // namespace klynge::organisation
