#include "services/courses/timetable/planner.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/checker.h"
#include "services/courses/timetable/obstacles.h"
#include "services/courses/timetable/relaxations.h"
#include "services/courses/timetable/search.h"

namespace klynge::courses::timetable {
namespace {

// The rules that the best attempt still broke, one sentence each.
std::vector<Obstacle> BrokenRules(const Problem& problem, const SearchState& state) {
  std::map<std::string, std::vector<std::string>> sentences;
  for (Violation& violation : CheckTimetable(problem, state.ToTimetable(problem))) {
    sentences[violation.rule].push_back(std::move(violation.sentence));
  }
  std::vector<Obstacle> obstacles;
  for (const auto& [rule, told] : sentences) {
    const std::string more =
        told.size() > 1 ? absl::StrCat(" (and ", told.size() - 1, " more of this rule)") : "";
    obstacles.push_back(
        {rule, absl::StrCat("The closest attempt still breaks it: ", told.front(), more)});
  }
  return obstacles;
}

void Search(const Problem& problem, const CompiledProblem& compiled, const PlannerOptions& options,
            PlannerResult& result) {
  Random random(options.seed);
  Run run(options);
  Best best;
  // The other half is for saying what stood in the way.
  run.UseUpTo(0.5);
  if (FindFeasible(compiled, random, run, best)) {
    run.UseUpTo(1);
    Improve(compiled, random, run, best);
    result.outcome = Outcome::kFeasible;
    result.timetable = best.feasible->ToTimetable(problem);
    result.costs = CostTimetable(problem, result.timetable);
    for (const ConstraintCost& each : result.costs) result.cost += each.cost;
  } else if (run.cancelled()) {
    result.outcome = Outcome::kCancelled;
  } else {
    result.outcome = Outcome::kNotFound;
    result.obstacles = BindingRules(problem, random, run);
    if (best.least_broken) {
      for (Obstacle& broken : BrokenRules(problem, *best.least_broken)) {
        result.obstacles.push_back(std::move(broken));
      }
    }
  }
  run.Finish();
  result.iterations = run.iterations();
  result.elapsed = run.elapsed();
}

}  // namespace

PlannerResult PlanTimetable(const Problem& problem, const PlannerOptions& options) {
  PlannerResult result;
  result.errors = CheckProblem(problem);
  if (!result.errors.empty()) return result;
  const CompiledProblem compiled(problem);
  result.obstacles = ProveInfeasible(problem, compiled);
  if (!result.obstacles.empty()) {
    result.outcome = Outcome::kInfeasible;
    return result;
  }
  Search(problem, compiled, options, result);
  return result;
}

}  // namespace klynge::courses::timetable
