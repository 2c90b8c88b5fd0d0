// Answers about the trees in which units stand; see queries.h.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "klynge/organisation/v1/hierarchy.pb.h"
#include "services/organisation/client/tree.h"
#include "services/platform/rpc/validation.h"

namespace klynge::organisation {

class HierarchyTree;

absl::Status Answer(const Tree& tree, Date today, const v1::ListHierarchiesRequest& request,
                    v1::ListHierarchiesResponse* response);
// kNotFound, UNIT_NOT_FOUND.
absl::Status Answer(const Tree& tree, Date today, const v1::ListPlacementsRequest& request,
                    v1::ListPlacementsResponse* response);

// The hierarchy that a request names; null for the line. Adds a violation when there is none such.
const HierarchyTree* HierarchyOf(Violations& violations, const Tree& tree,
                                 const std::string& hierarchy);

// The unit as it is that day, in the hierarchy (null: the line). kNotFound, UNIT_NOT_FOUND or
// UNIT_NOT_IN_HIERARCHY.
absl::StatusOr<const UnitVersion*> UnitIn(const Tree& tree, const HierarchyTree* hierarchy,
                                          const std::string& unit_id, Date on);

}  // namespace klynge::organisation
