// What a reorganisation comes to: what it would write, and what stands in its way.
#pragma once

#include <memory>
#include <vector>

#include "klynge/organisation/v1/import.pb.h"
#include "klynge/organisation/v1/reorganisation.pb.h"
#include "klynge/organisation/v1/reorganisation_preview.pb.h"
#include "services/organisation/import_plan.h"
#include "services/organisation/reorganisation_draft.h"

namespace klynge::organisation {

struct ReorganisationOutcome {
  ImportPlan plan;  // of all rows that break no rule
  std::vector<v1::ImportOrganisationRequest> rows;
  std::vector<StepProblem> problems;  // by step; none: it can be committed
};

// Works out the steps against the organisation. The reorganisation must have a day.
ReorganisationOutcome WorkOut(const Tree& before, const v1::Reorganisation& reorganisation);

// Tells how the organisation of that day differs with the outcome from what it is without.
void DescribeOutcome(const Tree& before, const ReorganisationOutcome& outcome, Date on,
                     v1::PreviewReorganisationResponse* response);

// The units that the outcome opens, closes, moves or changes, by id.
std::vector<std::string> TouchedUnits(const ReorganisationOutcome& outcome);

}  // namespace klynge::organisation
