// Answers what is asked about how tasks are distributed; see queries.h.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/responsibility_matrix.pb.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/responsibility_matrix.h"

namespace klynge::organisation {

// What somebody lacks, as it is shown.
void SetLacks(const Tree& tree, const std::vector<Lack>& lacks,
              google::protobuf::RepeatedPtrField<v1::LackedCompetence>* protos);

// kNotFound, UNIT_NOT_FOUND; kFailedPrecondition, UNIT_HAS_NO_TEAM.
absl::Status Answer(const Tree& tree, Date today, const v1::GetResponsibilityMatrixRequest& request,
                    v1::GetResponsibilityMatrixResponse* response);

}  // namespace klynge::organisation
