// What an import changes of what is stored, field by field.
#pragma once

#include <vector>

#include "klynge/organisation/v1/import.pb.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/import_plan.h"

namespace klynge::organisation {

// The most changes of fields that one answer lists.
inline constexpr int kMaxListedChanges = 5'000;

// Puts what each updated row changes into its outcome, and what changes though no row names it into
// the side effects. The response has the outcomes already: that of a row at its place.
void SetDifferences(const Tree& before, const std::vector<ImportRow>& rows,
                    const std::vector<int>& places, const ImportPlan& plan,
                    v1::ImportOrganisationResponse* response);

}  // namespace klynge::organisation
