#include "services/courses/timetable/planner.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/courses/timetable/checker.h"
#include "services/courses/timetable/municipal.h"
#include "services/courses/timetable/obstacles.h"
#include "services/courses/timetable/programme_search.h"
#include "services/courses/timetable/relaxations.h"
#include "services/courses/timetable/replan.h"

namespace klynge::courses::timetable {
namespace {

// Of the limits, what goes into the repair of a published timetable.
constexpr double kShareOfRepair = 0.25;

// Where little of what was published may change, a search among all timetables hardly comes upon
// one: replanning begins with the fewest changes. True: `draft` is its cheapest within the cap.
bool TakeRepair(const Problem& problem, const CompiledProblem& compiled,
                const PlannerOptions& options, Budget& budget, Draft& draft) {
  if (problem.max_changes < 0 || problem.published.events.empty()) return false;
  PlannerOptions part = options;
  part.time_limit *= kShareOfRepair;
  part.max_iterations =
      static_cast<int64_t>(static_cast<double>(options.max_iterations) * kShareOfRepair);
  part.on_progress = nullptr;
  const ReplanResult replanned =
      ReplanProgramme(problem, problem.published, {}, problem.from, problem.max_changes, part);
  draft.result.iterations = replanned.iterations;
  draft.result.cancelled = replanned.outcome == Outcome::kCancelled;
  if (replanned.outcome == Outcome::kFeasible) {
    const ProgrammeRepair& repair = replanned.curve.back();
    draft.model = MunicipalModel(problem, compiled, CountEvents(problem, repair.timetable));
    auto known = ToSolution(problem, compiled, draft.model, repair.timetable);
    draft.result.complete = draft.result.feasible = known.has_value();
    if (known) draft.result.solution = std::move(known->solution);
    draft.result.cost = repair.cost;
  }
  budget.Spend(draft.result);
  return draft.result.feasible;
}

// The rules that the best attempt still broke, one sentence each.
std::vector<Obstacle> BrokenRules(const Problem& problem, const Timetable& timetable) {
  std::map<std::string, std::vector<std::string>> sentences;
  for (Violation& violation : CheckTimetable(problem, timetable)) {
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

// What the attempt with the fewest events could find no place for.
Obstacle NoPlace(const Problem& problem, const Draft& draft) {
  const Instance& instance = draft.model.instance;
  std::set<std::string> series;
  for (int e = 0; e < instance.event_count(); ++e) {
    const bool placed = e < static_cast<int>(draft.result.solution.placements.size()) &&
                        draft.result.solution.placements[e].period != kNone;
    if (!placed) series.insert(problem.series[instance.events[e].series].id);
  }
  return {"place",
          absl::StrCat("No day was found on which a venue, a lecturer and the teams are free "
                       "together for all events of: ",
                       absl::StrJoin(series, ", "),
                       ". Give more time, or make more of them available.")};
}

void Plan(const Problem& problem, const CompiledProblem& compiled, const PlannerOptions& options,
          PlannerResult& result) {
  Budget budget(options);
  Draft draft;
  // The other half is for saying what stood in the way.
  budget.UseUpTo(0.5);
  if (TakeRepair(problem, compiled, options, budget, draft) ||
      FindFeasible(problem, compiled, budget, draft)) {
    budget.UseUpTo(1);
    MakeCheaper(budget, draft);
    result.outcome = Outcome::kFeasible;
    result.timetable = ToTimetable(problem, compiled, draft.model, draft.result.solution);
    result.costs = CostTimetable(problem, result.timetable);
    for (const ConstraintCost& each : result.costs) result.cost += each.cost;
  } else if (budget.cancelled()) {
    result.outcome = Outcome::kCancelled;
  } else {
    result.outcome = Outcome::kNotFound;
    result.obstacles = BindingRules(problem, budget, 0.5);
    if (!draft.result.complete) {
      result.obstacles.push_back(NoPlace(problem, draft));
    } else {
      const Timetable closest = ToTimetable(problem, compiled, draft.model, draft.result.solution);
      for (Obstacle& broken : BrokenRules(problem, closest)) {
        result.obstacles.push_back(std::move(broken));
      }
    }
  }
  budget.Tell();
  result.iterations = budget.iterations();
  result.elapsed = budget.elapsed();
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
    Budget budget(options);
    result.give_up = BindingRules(problem, budget, 0);
    result.iterations = budget.iterations();
    result.elapsed = budget.elapsed();
    return result;
  }
  Plan(problem, compiled, options, result);
  return result;
}

}  // namespace klynge::courses::timetable
