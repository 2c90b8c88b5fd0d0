#include "services/courses/timetable/programme_search.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "services/courses/timetable/engine/random.h"
#include "services/courses/timetable/municipal.h"
#include "services/courses/timetable/obstacles.h"

namespace klynge::courses::timetable {
namespace {

// Iterations of one search for a feasible timetable with given numbers of events.
constexpr int64_t kFeasibilityIterations = 60000;

// The number of events of each series that is `extra` above the fewest possible; where the problem
// asks for a number, that one.
std::vector<int> EventCounts(const Problem& problem, const CompiledProblem& compiled,
                             const std::vector<int>& extra) {
  std::map<std::string, int> published;
  for (const Event& event : problem.published.events) ++published[event.series_id];
  std::vector<int> counts;
  for (int s = 0; s < compiled.series_count(); ++s) {
    const int asked = compiled.events_asked[s];
    const int fewest = std::max(FewestEvents(compiled, s), published[problem.series[s].id]);
    const int wanted = std::min(fewest + extra[s], compiled.team_count());
    const int pinned = static_cast<int>(compiled.pins_of_series[s].size());
    counts.push_back(asked > 0 ? asked : std::max(wanted, pinned));
  }
  return counts;
}

bool Better(const SearchResult& a, const SearchResult& b) {
  if (a.complete != b.complete) return a.complete;
  return a.broken < b.broken;
}

}  // namespace

int64_t Budget::Allowed() const {
  return static_cast<int64_t>(static_cast<double>(options_.max_iterations) * share_);
}

SearchOptions Budget::Next(int64_t iterations) {
  SearchOptions next;
  // Each search of a run goes its own way.
  next.seed = options_.seed + (searches_++ << 32);
  next.max_iterations = std::max<int64_t>(0, std::min(iterations, Allowed() - iterations_));
  next.time_limit = std::max(absl::ZeroDuration(), options_.time_limit * share_ - elapsed());
  next.cancelled = options_.cancelled;
  next.now = options_.now;
  next.progress_interval = options_.progress_interval;
  if (options_.on_progress) {
    next.on_progress = [this](const SearchProgress& progress) {
      if (!progress.feasible) return;
      options_.on_progress({progress.cost, iterations_ + progress.iterations, elapsed()});
    };
  }
  return next;
}

void Budget::Spend(const SearchResult& result) {
  iterations_ += result.iterations;
  cancelled_ = cancelled_ || result.cancelled;
  if (result.feasible) best_cost_ = result.cost;
}

bool Budget::spent() const {
  return cancelled_ || iterations_ >= Allowed() || elapsed() >= options_.time_limit * share_;
}

void Budget::Tell() const {
  if (options_.on_progress) options_.on_progress({best_cost_, iterations_, elapsed()});
}

bool FindFeasible(const Problem& problem, const CompiledProblem& compiled, Budget& budget,
                  Draft& draft) {
  Random random(budget.Next().seed);
  const int series = compiled.series_count();
  draft.result = {};
  for (int attempt = 0; !budget.spent(); ++attempt) {
    // Twice each: once alike for all series, once each on its own.
    const int most = attempt / 2 % compiled.team_count();
    std::vector<int> extra(series, most);
    for (int s = 0; s < series && attempt % 2 == 1; ++s) extra[s] = random.Below(most + 1);
    Draft tried;
    tried.model = MunicipalModel(problem, compiled, EventCounts(problem, compiled, extra));
    SearchOptions options = budget.Next(kFeasibilityIterations);
    options.target = std::numeric_limits<int64_t>::max();  // the first feasible one will do
    // From what was published, if anything was; else by turns from an even beginning, and from
    // nothing.
    const bool published = !problem.published.events.empty();
    Solution start;
    if (published) start = PublishedSolution(problem, compiled, tried.model);
    if (!published && attempt % 4 < 2) start = EvenSolution(compiled, tried.model);
    options.lukewarm = !start.placements.empty();
    tried.result = Search(tried.model, options, start);
    budget.Spend(tried.result);
    if (attempt == 0 || tried.result.feasible || Better(tried.result, draft.result)) {
      draft = std::move(tried);
    }
    if (draft.result.feasible) return true;
  }
  return false;
}

void MakeCheaper(Budget& budget, Draft& draft) {
  while (!budget.spent() && draft.result.cost > 0) {
    SearchResult better = Search(draft.model, budget.Next(), draft.result.solution);
    budget.Spend(better);
    draft.result = std::move(better);
  }
}

}  // namespace klynge::courses::timetable
