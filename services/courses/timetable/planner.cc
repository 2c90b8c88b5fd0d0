#include "services/courses/timetable/planner.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/checker.h"
#include "services/courses/timetable/compiled_problem.h"
#include "services/courses/timetable/moves.h"
#include "services/courses/timetable/obstacles.h"
#include "services/courses/timetable/search_state.h"

namespace klynge::courses::timetable {
namespace {

// How often the clock and the caller are asked; a step takes about a microsecond.
constexpr int kIterationsPerCheck = 128;
// Steps of one search for a feasible timetable with a given number of events, and how many searches
// there are before one more event of each series is tried.
constexpr int64_t kFeasibilitySteps = 20000;
constexpr int kTriesPerEventCount = 2;
// Steps of one annealing from hot to cold; the next starts again, less hot, from the best one
// found.
constexpr int64_t kAnnealingSteps = 100000;
constexpr double kColdest =
    0.2;  // half the smallest cost difference: by then only improvements pass

// The limits of one run, and what it tells the caller.
class Run {
 public:
  explicit Run(const PlannerOptions& options) : options_(options), start_(options.now()) {}

  // Counts one step; false when the run has to end.
  bool Step() {
    if (ended_ || iterations_ >= options_.max_iterations) return false;
    if (iterations_ % kIterationsPerCheck == 0) {
      cancelled_ = options_.cancelled && options_.cancelled();
      ended_ = cancelled_ || elapsed() >= options_.time_limit;
      if (ended_) return false;
    }
    ++iterations_;
    return true;
  }
  void Improved(int64_t cost) {
    best_cost_ = cost;
    const absl::Duration now = elapsed();
    if (options_.on_progress && now - told_ >= options_.progress_interval) Tell(now);
  }
  void Finish() {
    if (options_.on_progress) Tell(elapsed());
  }

  bool cancelled() const { return cancelled_; }
  int64_t iterations() const { return iterations_; }
  int64_t remaining() const { return options_.max_iterations - iterations_; }
  absl::Duration elapsed() const { return options_.now() - start_; }

 private:
  void Tell(absl::Duration now) {
    told_ = now;
    options_.on_progress({best_cost_, iterations_, now});
  }

  const PlannerOptions& options_;
  const absl::Time start_;
  absl::Duration told_ = -absl::InfiniteDuration();
  int64_t iterations_ = 0;
  int64_t best_cost_ = -1;
  bool cancelled_ = false;
  bool ended_ = false;
};

// Geometric cooling: the temperature after `done` of `steps`.
double Temperature(double hottest, double coldest, int64_t done, int64_t steps) {
  return hottest *
         std::pow(coldest / hottest, static_cast<double>(done) / static_cast<double>(steps));
}

bool Accept(int64_t worse, double temperature, Random& random) {
  return worse <= 0 || random.Fraction() < std::exp(-static_cast<double>(worse) / temperature);
}

// What the search has found so far.
struct Best {
  std::unique_ptr<SearchState> feasible;
  std::unique_ptr<SearchState> least_broken;

  void ConsiderBroken(const SearchState& state) {
    if (least_broken && least_broken->broken() <= state.broken()) return;
    least_broken = std::make_unique<SearchState>(state);
  }
};

// Looks only at the hard rules until none is broken. True when the state is feasible.
bool MakeFeasible(const CompiledProblem& problem, SearchState& state, Random& random, Run& run,
                  Best& best) {
  Moves moves(problem, state);
  for (int64_t step = 0; step < kFeasibilitySteps && state.broken() > 0; ++step) {
    if (!run.Step()) break;
    const int64_t before = state.broken();
    if (!moves.MakeRandom(random)) continue;
    const double temperature = Temperature(2.0, 0.1, step, kFeasibilitySteps);
    if (!Accept(state.broken() - before, temperature, random)) moves.Undo();
  }
  if (state.broken() == 0) return true;
  best.ConsiderBroken(state);
  return false;
}

// The number of events of each series at the `attempt`th extension beyond the fewest possible.
std::vector<int> EventCounts(const CompiledProblem& problem, int extra) {
  std::vector<int> counts;
  for (int s = 0; s < problem.series_count(); ++s) {
    const int asked = problem.events_asked[s];
    const int wanted = std::min(FewestEvents(problem, s) + extra, problem.team_count());
    const int pinned = static_cast<int>(problem.pins_of_series[s].size());
    counts.push_back(asked > 0 ? asked : std::max(wanted, pinned));
  }
  return counts;
}

// Tries ever more events of each series, from the fewest possible, round and round until one fits.
bool FindFeasible(const CompiledProblem& problem, Random& random, Run& run, Best& best) {
  const int widest = EventCounts(problem, 0) == EventCounts(problem, problem.team_count())
                         ? 1
                         : problem.team_count();
  for (int attempt = 0; run.remaining() > 0; ++attempt) {
    const int extra = (attempt / kTriesPerEventCount) % widest;
    SearchState state(problem, EventCounts(problem, extra));
    if (MakeFeasible(problem, state, random, run, best)) {
      best.feasible = std::make_unique<SearchState>(std::move(state));
      return true;
    }
    if (!run.Step()) return false;
  }
  return false;
}

// The price of breaking one unit of a hard rule while annealing: above what any single soft unit
// costs.
int64_t BasePenalty(const Weights& weights) {
  return 20 + 10 * int64_t{std::max({weights.spread, weights.preferred_weekdays, weights.travel,
                                     weights.venue_stability, weights.school_holidays})};
}

// One annealing from the best feasible timetable; keeps every better feasible one on the way. True
// when it ended feasible.
bool Anneal(const CompiledProblem& problem, int64_t penalty, double hottest, Random& random,
            Run& run, Best& best) {
  SearchState state = *best.feasible;
  Moves moves(problem, state);
  const int64_t steps = std::max<int64_t>(1, std::min(kAnnealingSteps, run.remaining()));
  const auto price = [&] { return state.cost() + penalty * state.broken(); };
  for (int64_t step = 0; step < steps && run.Step(); ++step) {
    const int64_t before = price();
    if (!moves.MakeRandom(random)) continue;
    if (!Accept(price() - before, Temperature(hottest, kColdest, step, steps), random)) {
      moves.Undo();
    } else if (state.broken() == 0 && state.cost() < best.feasible->cost()) {
      best.feasible = std::make_unique<SearchState>(state);
      run.Improved(state.cost());
    }
  }
  return state.broken() == 0;
}

void Improve(const CompiledProblem& problem, Random& random, Run& run, Best& best) {
  const int64_t base = BasePenalty(problem.weights);
  int64_t penalty = base;
  double hottest = std::max(1.0, static_cast<double>(base) / 10);
  while (run.remaining() > 0 && best.feasible->cost() > 0 && run.Step()) {
    const bool feasible = Anneal(problem, penalty, hottest, random, run, best);
    // A search that ends outside the rules was bought there by the soft constraints: raise the
    // price.
    penalty = feasible ? std::max(base, penalty / 2) : penalty * 4;
    hottest = std::max(1.0, hottest * 0.7);
  }
}

// The rules that the best attempt still broke, one sentence each.
std::vector<Obstacle> WhatStoodInTheWay(const Problem& problem, const SearchState& state) {
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
  if (FindFeasible(compiled, random, run, best)) {
    run.Improved(best.feasible->cost());
    Improve(compiled, random, run, best);
    result.outcome = Outcome::kFeasible;
    result.timetable = best.feasible->ToTimetable(problem);
    result.costs = CostTimetable(problem, result.timetable);
    for (const ConstraintCost& each : result.costs) result.cost += each.cost;
  } else {
    result.outcome = run.cancelled() ? Outcome::kCancelled : Outcome::kNotFound;
    if (best.least_broken) result.obstacles = WhatStoodInTheWay(problem, *best.least_broken);
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
