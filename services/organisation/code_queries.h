// Answers about what other registers call units, persons and partners; see queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/code.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

absl::Status Answer(const Tree& tree, Date today, const v1::ListCodeRegistersRequest& request,
                    v1::ListCodeRegistersResponse* response);
// kNotFound, CODE_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::FindByCodeRequest& request,
                    v1::FindByCodeResponse* response);
// kNotFound, UNIT_NOT_FOUND, PERSON_NOT_FOUND or PARTNER_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::ListCodesRequest& request,
                    v1::ListCodesResponse* response);

}  // namespace klynge::organisation
