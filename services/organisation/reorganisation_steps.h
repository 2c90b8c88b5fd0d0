// What the steps of a reorganisation do.
#pragma once

#include "klynge/organisation/v1/reorganisation.pb.h"
#include "services/organisation/reorganisation_draft.h"

namespace klynge::organisation {

// Does the steps one after another. What of a step is not possible is a problem of the draft; the
// rest of it, and the other steps, are done all the same, so that all is told at once.
void DoSteps(const v1::Reorganisation& reorganisation, ReorganisationDraft& draft);

}  // namespace klynge::organisation
