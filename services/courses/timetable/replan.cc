#include "services/courses/timetable/replan.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "services/courses/timetable/checker.h"
#include "services/courses/timetable/municipal.h"
#include "services/courses/timetable/obstacles.h"
#include "services/courses/timetable/programme_search.h"

namespace klynge::courses::timetable {
namespace {

// How many repairs a curve has at most, the first included, and the share of the limits that the
// first may take.
constexpr size_t kCurvePoints = 8;
constexpr double kShareOfFirst = 0.5;
// Of that, what one of its searches may take, and how long it is at most.
constexpr int kSearchesOfFirst = 24;
constexpr int64_t kIterationsPerSearch = 50000;
// What a change costs while the fewest are looked for: more than anything else that could be saved.
constexpr int kPriceOfChange = 1000;

class Replanning {
 public:
  Replanning(ReplanResult& result, const PlannerOptions& options)
      : result_(result),
        options_(options),
        budget_(options),
        compiled_(result.problem),
        start_(options.now()) {}

  void Run(int max_changes);

 private:
  using Counts = std::vector<int>;

  struct Found {
    bool feasible = false;
    Counts counts;
    Solution solution;
    ProgrammeRepair repair;
  };

  static bool Better(const Found& a, const Found& b) {
    if (a.feasible != b.feasible) return a.feasible;
    return std::tie(a.repair.changes, a.repair.cost) < std::tie(b.repair.changes, b.repair.cost);
  }

  Counts PublishedCounts() const;
  // Whether the series may have so many events.
  bool Possible(int series, int count) const;
  // Where changes cost more than anything else that may be. The first that is found, or the best.
  Found FewestChanges(const Counts& counts, bool first_will_do);
  // The same where each change is a rule broken, if much less than the others: that search is too
  // cold to give up what was published, and better where much is to be kept.
  Found FewestChangesInTheCold(const Counts& counts, const Solution& start = {});
  // The cold search from the best there is, for as long as that helps.
  void Polish(Found& best);
  Found Fewest(const Counts& counts) {
    Found cold = FewestChangesInTheCold(counts);
    Found found = FewestChanges(counts, false);
    return Better(cold, found) ? cold : found;
  }
  SearchOptions Share();
  // Numbers of events, one more or less of one series, for as long as that helps.
  void TryOtherCounts(Found& best);
  void FollowTheCurve(const Found& first, int max_changes);
  Found Take(const Model& model, const Counts& counts, SearchResult searched);

  ReplanResult& result_;
  const PlannerOptions& options_;
  Budget budget_;
  const CompiledProblem compiled_;
  const absl::Time start_;
};

Replanning::Counts Replanning::PublishedCounts() const {
  Counts counts = CountEvents(result_.problem, result_.problem.published);
  for (int s = 0; s < compiled_.series_count(); ++s) {
    const int pinned = static_cast<int>(compiled_.pins_of_series[s].size());
    counts[s] = std::max({counts[s], pinned, FewestEvents(compiled_, s)});
    if (compiled_.events_asked[s] > 0) counts[s] = compiled_.events_asked[s];
  }
  return counts;
}

bool Replanning::Possible(int series, int count) const {
  return compiled_.events_asked[series] == 0 && count >= FewestEvents(compiled_, series) &&
         count >= static_cast<int>(compiled_.pins_of_series[series].size()) &&
         count <= compiled_.team_count();
}

Replanning::Found Replanning::Take(const Model& model, const Counts& counts,
                                   SearchResult searched) {
  budget_.Spend(searched);
  Found found;
  found.counts = counts;
  found.feasible = searched.feasible;
  if (!found.feasible) return found;
  if (result_.first_repair_after == absl::InfiniteDuration()) {
    result_.first_repair_after = options_.now() - start_;
  }
  ProgrammeRepair& repair = found.repair;
  repair.timetable = ToTimetable(result_.problem, compiled_, model, searched.solution);
  repair.changes = CountChanges(result_.problem, repair.timetable);
  for (const ConstraintCost& each : CostTimetable(result_.problem, repair.timetable)) {
    repair.cost += each.cost;
  }
  found.solution = std::move(searched.solution);
  return found;
}

SearchOptions Replanning::Share() {
  const auto most = static_cast<int64_t>(static_cast<double>(options_.max_iterations) *
                                         kShareOfFirst / kSearchesOfFirst);
  SearchOptions share = budget_.Next(std::max<int64_t>(1, std::min(most, kIterationsPerSearch)));
  share.time_limit =
      std::min(share.time_limit, options_.time_limit * kShareOfFirst / kSearchesOfFirst);
  share.lukewarm = true;
  return share;
}

Replanning::Found Replanning::FewestChangesInTheCold(const Counts& counts, const Solution& start) {
  Problem kept = result_.problem;
  kept.max_changes = 0;
  Model model = MunicipalModel(kept, compiled_, counts);
  for (Rule& rule : model.rules) {
    if (rule.hard && rule.name != "changes") rule.weight *= kPriceOfChange;
  }
  SearchResult searched = Search(
      model, Share(), start.placements.empty() ? PublishedSolution(kept, compiled_, model) : start);
  // Nothing but changes is broken.
  searched.feasible = searched.complete && searched.broken < kPriceOfChange;
  return Take(model, counts, std::move(searched));
}

Replanning::Found Replanning::FewestChanges(const Counts& counts, bool first_will_do) {
  Problem dear = result_.problem;
  dear.weights.stay_published += kPriceOfChange;
  const Model model = MunicipalModel(dear, compiled_, counts);
  SearchOptions next = Share();
  if (first_will_do) next.target = std::numeric_limits<int64_t>::max();
  const Solution start = PublishedSolution(dear, compiled_, model);
  return Take(model, counts, Search(model, next, start));
}

void Replanning::TryOtherCounts(Found& best) {
  for (bool better = true; better;) {
    better = false;
    for (int s = 0; s < compiled_.series_count(); ++s) {
      // To hold an event less loses all of it: only where it has to be.
      for (int more : {1, -1}) {
        if (budget_.spent() || (best.feasible && (best.repair.changes == 0 || more < 0))) continue;
        Counts tried = best.counts;
        tried[s] += more;
        if (!Possible(s, tried[s])) continue;
        Found found = Fewest(tried);
        if (!found.feasible || !Better(found, best)) continue;
        best = std::move(found);
        better = true;
      }
    }
  }
}

void Replanning::Polish(Found& best) {
  while (best.feasible && !budget_.spent()) {
    Found found = FewestChangesInTheCold(best.counts, best.solution);
    if (!found.feasible || !Better(found, best)) return;
    best = std::move(found);
  }
}

void Replanning::FollowTheCurve(const Found& first, int max_changes) {
  result_.curve.push_back(first.repair);
  const auto fewest = static_cast<int>(first.repair.changes);
  std::vector<int> caps;
  for (int more = 0; fewest + more < max_changes && caps.size() + 1 < kCurvePoints;
       more = std::max(1, more * 2)) {
    caps.push_back(fewest + more);
  }
  caps.push_back(max_changes);
  Solution best = first.solution;
  for (size_t i = 0; i < caps.size() && !budget_.cancelled(); ++i) {
    Problem capped = result_.problem;
    capped.max_changes = caps[i];
    const Model model = MunicipalModel(capped, compiled_, first.counts);
    // An even share of what is left.
    budget_.UseUpTo(kShareOfFirst + (1 - kShareOfFirst) * static_cast<double>(i + 1) /
                                        static_cast<double>(caps.size()));
    SearchOptions next = budget_.Next();
    next.lukewarm = true;
    Found found = Take(model, first.counts, Search(model, next, best));
    if (!found.feasible || found.repair.cost >= result_.curve.back().cost) continue;
    best = std::move(found.solution);
    if (found.repair.changes <= result_.curve.back().changes) result_.curve.pop_back();
    result_.curve.push_back(std::move(found.repair));
  }
}

void Replanning::Run(int max_changes) {
  result_.first_repair_after = absl::InfiniteDuration();
  budget_.UseUpTo(kShareOfFirst);
  Found best = FewestChanges(PublishedCounts(), true);
  if (Found found = Fewest(PublishedCounts()); Better(found, best)) {
    best = std::move(found);
  }
  TryOtherCounts(best);
  Polish(best);
  if (!best.feasible) {
    // More events all round, wherever they are.
    Draft draft;
    if (FindFeasible(result_.problem, compiled_, budget_, draft)) {
      Counts counts;
      for (const Instance::Series& series : draft.model.instance.series) {
        counts.push_back(static_cast<int>(series.events.size()));
      }
      best = Take(draft.model, counts, draft.result);
    }
  }
  budget_.UseUpTo(1);
  if (best.feasible && best.repair.changes <= max_changes) {
    FollowTheCurve(best, max_changes);
    result_.outcome = Outcome::kFeasible;
  } else {
    result_.outcome = budget_.cancelled() ? Outcome::kCancelled : Outcome::kNotFound;
  }
  result_.iterations = budget_.iterations();
  result_.elapsed = budget_.elapsed();
}

}  // namespace

ReplanResult ReplanProgramme(const Problem& problem, const Timetable& published,
                             const ProgrammeDisruption& disruption, Date today, int max_changes,
                             const PlannerOptions& options) {
  ReplanResult result;
  result.problem = Disrupt(problem, published, disruption, today, result.errors);
  result.problem.max_changes = -1;
  for (ProblemError& error : CheckProblem(result.problem)) {
    result.errors.push_back(std::move(error));
  }
  if (!result.errors.empty()) return result;
  result.obstacles = ProveInfeasible(result.problem, CompiledProblem(result.problem));
  if (!result.obstacles.empty()) {
    result.outcome = Outcome::kInfeasible;
    return result;
  }
  Replanning(result, options).Run(max_changes);
  return result;
}

}  // namespace klynge::courses::timetable
