#include "services/courses/timetable/search.h"

#include <algorithm>
#include <cmath>

#include "services/courses/timetable/obstacles.h"

namespace klynge::courses::timetable {
namespace {

// How often the clock and the caller are asked; a step takes about a microsecond.
constexpr int kIterationsPerCheck = 128;
// Steps of one search for a feasible timetable with given numbers of events.
constexpr int64_t kFeasibilitySteps = 20000;
// Steps of one annealing from hot to cold; the next starts again, less hot, from the best one
// found.
constexpr int64_t kAnnealingSteps = 100000;
// A fifth of the smallest cost difference: by then only improvements pass.
constexpr double kColdest = 0.2;

// Geometric cooling: the temperature after `done` of `steps`.
double Temperature(double hottest, double coldest, int64_t done, int64_t steps) {
  const double share = static_cast<double>(done) / static_cast<double>(steps);
  return hottest * std::pow(coldest / hottest, share);
}

bool Accept(int64_t worse, double temperature, Random& random) {
  return worse <= 0 || random.Fraction() < std::exp(-static_cast<double>(worse) / temperature);
}

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
  if (!best.least_broken || state.broken() < best.least_broken->broken()) {
    best.least_broken = std::make_unique<SearchState>(state);
  }
  return false;
}

// The number of events of each series that is `extra` above the fewest possible; where the problem
// asks for a number, that one.
std::vector<int> EventCounts(const CompiledProblem& problem, const std::vector<int>& extra) {
  std::vector<int> counts;
  for (int s = 0; s < problem.series_count(); ++s) {
    const int asked = problem.events_asked[s];
    const int wanted = std::min(FewestEvents(problem, s) + extra[s], problem.team_count());
    const int pinned = static_cast<int>(problem.pins_of_series[s].size());
    counts.push_back(asked > 0 ? asked : std::max(wanted, pinned));
  }
  return counts;
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

}  // namespace

void Run::UseUpTo(double share) {
  last_iteration_ = static_cast<int64_t>(static_cast<double>(options_.max_iterations) * share);
  last_moment_ = options_.time_limit * share;
  out_of_time_ = false;
}

bool Run::Step() {
  if (cancelled_ || out_of_time_ || iterations_ >= last_iteration_) return false;
  if (iterations_ % kIterationsPerCheck == 0) {
    cancelled_ = options_.cancelled && options_.cancelled();
    out_of_time_ = elapsed() >= last_moment_;
    if (cancelled_ || out_of_time_) return false;
  }
  ++iterations_;
  return true;
}

void Run::Improved(int64_t cost) {
  best_cost_ = cost;
  if (!options_.on_progress) return;
  const absl::Duration now = elapsed();
  if (now - told_ >= options_.progress_interval) Tell(now);
}

void Run::Finish() {
  if (options_.on_progress) Tell(elapsed());
}

void Run::Tell(absl::Duration now) {
  told_ = now;
  options_.on_progress({best_cost_, iterations_, now});
}

bool FindFeasible(const CompiledProblem& problem, Random& random, Run& run, Best& best) {
  const int series = problem.series_count();
  for (int attempt = 0; run.Step(); ++attempt) {
    // Twice each: once alike for all series, once each on its own.
    const int most = attempt / 2 % problem.team_count();
    std::vector<int> extra(series, most);
    for (int s = 0; s < series && attempt % 2 == 1; ++s) extra[s] = random.Below(most + 1);
    SearchState state(problem, EventCounts(problem, extra));
    if (MakeFeasible(problem, state, random, run, best)) {
      best.feasible = std::make_unique<SearchState>(std::move(state));
      run.Improved(best.feasible->cost());
      return true;
    }
  }
  return false;
}

void Improve(const CompiledProblem& problem, Random& random, Run& run, Best& best) {
  const int64_t base = BasePenalty(problem.weights);
  int64_t penalty = base;
  double hottest = std::max(1.0, static_cast<double>(base) / 10);
  while (best.feasible->cost() > 0 && run.Step()) {
    const bool feasible = Anneal(problem, penalty, hottest, random, run, best);
    // A search that ends outside the rules was bought there by the soft constraints: raise the
    // price.
    penalty = feasible ? std::max(base, penalty / 2) : penalty * 4;
    hottest = std::max(1.0, hottest * 0.7);
  }
}

}  // namespace klynge::courses::timetable
