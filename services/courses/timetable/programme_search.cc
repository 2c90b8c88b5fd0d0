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

// Iterations of one search for a feasible timetable with given numbers of events, and at first of
// one to make it cheaper, for each event and each choice of a team. Many short searches find what
// one long search misses; larger programmes take longer ones.
constexpr int64_t kFeasibilityIterations = 500;
constexpr int64_t kMostFeasibilityIterations = 60000;
constexpr int64_t kCheaperIterations = 1000;

int64_t Size(const Instance& instance) {
  return instance.event_count() + static_cast<int64_t>(instance.choices.size());
}

// The number of events of each series that is `extra` above the fewest possible, or above those
// published; where the problem asks for a number, that one.
std::vector<int> EventCounts(const Problem& problem, const CompiledProblem& compiled,
                             const std::vector<int>& extra, bool as_published) {
  std::map<std::string, int> published;
  for (const Event& event : problem.published.events) {
    if (as_published) ++published[event.series_id];
  }
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
    // From what was published, if anything was; else, and now and then all the same, by turns from
    // an even beginning and from nothing.
    const bool published = !problem.published.events.empty() && attempt % 3 != 2;
    Draft tried;
    tried.model =
        MunicipalModel(problem, compiled, EventCounts(problem, compiled, extra, published));
    SearchOptions options = budget.Next(
        std::min(kFeasibilityIterations * Size(tried.model.instance), kMostFeasibilityIterations));
    options.target = std::numeric_limits<int64_t>::max();  // the first feasible one will do
    Solution start;
    if (published) start = PublishedSolution(problem, compiled, tried.model);
    if (!published && attempt % 4 < 2) start = EvenSolution(compiled, tried.model);
    options.lukewarm = !start.placements.empty() && attempt % 3 != 1;
    tried.result = Search(tried.model, options, start);
    budget.Spend(tried.result);
    // What the model has no event for is beyond the search.
    const int lost = LostParts(problem, tried.model);
    if (problem.max_changes >= 0 && lost > problem.max_changes) {
      tried.result.feasible = false;
      tried.result.broken += lost - problem.max_changes;
    }
    if (attempt == 0 || tried.result.feasible || Better(tried.result, draft.result)) {
      draft = std::move(tried);
    }
    if (draft.result.feasible) return true;
  }
  return false;
}

void MakeCheaper(Budget& budget, Draft& draft) {
  int64_t iterations = kCheaperIterations * Size(draft.model.instance);
  // By turns close to what is best so far and far from it, and every time longer.
  for (bool close = true; !budget.spent() && draft.result.cost > 0; close = !close) {
    SearchOptions options = budget.Next(iterations);
    options.lukewarm = close;
    SearchResult better = Search(draft.model, options, draft.result.solution);
    budget.Spend(better);
    draft.result = std::move(better);
    if (!close) iterations += iterations / 2;
  }
}

}  // namespace klynge::courses::timetable
