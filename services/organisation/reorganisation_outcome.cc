#include "services/organisation/reorganisation_outcome.h"

#include <algorithm>
#include <set>

#include "services/organisation/reorganisation_steps.h"

namespace klynge::organisation {

ReorganisationOutcome WorkOut(const Tree& before, const v1::Reorganisation& reorganisation) {
  const Date on = ParseDate(reorganisation.effective_on()).value_or(kOpenStart);
  ReorganisationDraft draft(before, on, reorganisation.reorganisation_id());
  DoSteps(reorganisation, draft);
  ReorganisationDraft::Rows rows = draft.ToRows();
  ReorganisationOutcome outcome{PlanImport(before, rows.rows), std::move(rows.messages),
                                draft.problems()};
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    for (const Problem& problem : outcome.plan.verdicts[i].problems) {
      outcome.problems.push_back({rows.steps[i], problem});
    }
  }
  std::stable_sort(outcome.problems.begin(), outcome.problems.end(),
                   [](const StepProblem& a, const StepProblem& b) { return a.step < b.step; });
  return outcome;
}

std::vector<std::string> TouchedUnits(const ReorganisationOutcome& outcome) {
  std::set<std::string> ids;
  for (const Write<UnitVersion>& write : outcome.plan.units) ids.insert(write.thing.unit_id);
  return {ids.begin(), ids.end()};
}

}  // namespace klynge::organisation
