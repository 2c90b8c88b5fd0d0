// Answers to what is asked of partners and handovers; see queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/partnership.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

absl::Status Answer(const Tree& tree, Date today, const v1::ListPartnershipKindsRequest& request,
                    v1::ListPartnershipKindsResponse* response);
// kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListPartnersRequest& request,
                    v1::ListPartnersResponse* response);
// kNotFound, UNIT_NOT_FOUND or PARTNER_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListPartnershipsRequest& request,
                    v1::ListPartnershipsResponse* response);
absl::Status Answer(const Tree& tree, Date today, const v1::ListHandoversRequest& request,
                    v1::ListHandoversResponse* response);
// kNotFound, UNIT_NOT_FOUND; kInvalidArgument, INVALID_PAGE_TOKEN.
absl::Status Answer(const Tree& tree, Date today, const v1::ListTransitionGapsRequest& request,
                    v1::ListTransitionGapsResponse* response);

}  // namespace klynge::organisation
