// The step of a reorganisation by which somebody takes a position or role over.
#pragma once

#include "klynge/organisation/v1/reorganisation.pb.h"
#include "services/organisation/reorganisation_carry.h"

namespace klynge::organisation {

// `carried` says as what a position goes on that a step before has carried to another unit.
void DoReassign(ReorganisationDraft& draft, const CarriedPositions& carried,
                const v1::Reassign& reassign);

}  // namespace klynge::organisation
