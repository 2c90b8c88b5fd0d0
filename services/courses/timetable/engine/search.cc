#include "services/courses/timetable/engine/search.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cmath>
#include <mutex>
#include <thread>

#include "services/courses/timetable/engine/construct.h"
#include "services/courses/timetable/engine/moves.h"
#include "services/courses/timetable/engine/venue_matching.h"

namespace klynge::courses::timetable {
namespace {

// How often the clock and the caller are asked; an iteration takes some tens of nanoseconds.
constexpr int kIterationsPerCheck = 1024;
// The temperatures between which a cooling goes, by the dearest and the cheapest soft rule. Found
// on the ten public instances together, the same for all.
constexpr double kHottest = 4.0;
constexpr double kColdest = 0.1;
// Below 1 the first, hot part passes more quickly: hardly anything holds there for long, but what
// is decided there is decided for good. The most is gained below the price of the cheapest rule.
constexpr double kHaste = 0.6;
// Where a given timetable is improved, of the hottest.
constexpr double kLukewarm = 0.05;
// The first cooling is quick, to have something good early; the second takes the rest.
constexpr double kFirstCooling = 0.025;
// Without limits coolings become ever longer.
constexpr int64_t kShortestCooling = int64_t{1} << 22;
constexpr int kLongerCooling = 4;
// What a unit of a broken hard rule costs, above every soft rule, and how that grows and shrinks.
constexpr int kPenaltyBase = 20;
constexpr int kPenaltyPerWeight = 10;
constexpr int kPenaltyMore = 4;
constexpr int kPenaltyMost = 1 << 20;
// The first timetable is given up after so many placings for each event; published instances need
// three.
constexpr int kPlacingsPerEvent = 100;
// How often a debug build counts everything anew.
[[maybe_unused]] constexpr int64_t kIterationsPerRecount = int64_t{1} << 16;

// What the threads of one search share.
class Portfolio {
 public:
  explicit Portfolio(const SearchOptions& options) : options_(options), start_(options.now()) {}

  const SearchOptions& options() const { return options_; }
  absl::Duration elapsed() const { return options_.now() - start_; }

  bool Stopped() {
    if (!stopped_ && options_.cancelled && options_.cancelled()) cancelled_ = stopped_ = true;
    return stopped_;
  }
  bool cancelled() const { return cancelled_; }

  void AddIterations(int64_t iterations) { iterations_ += iterations; }
  int64_t iterations() const { return iterations_; }

  // A feasible timetable of this cost was found.
  void Found(int64_t cost) {
    if (cost <= options_.target) stopped_ = true;
    const std::lock_guard lock(mutex_);
    if (feasible_ && cost >= best_) return;
    feasible_ = true;
    best_ = cost;
    if (options_.on_progress && elapsed() - told_ >= options_.progress_interval) Tell();
  }
  // Time has passed.
  void Tick() {
    if (!options_.on_progress || !options_.progress_without_news) return;
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock && elapsed() - told_ >= options_.progress_interval) Tell();
  }
  // At the end, once more.
  void Finish() {
    const std::lock_guard lock(mutex_);
    if (options_.on_progress) Tell();
  }

 private:
  // With the lock.
  void Tell() {
    told_ = elapsed();
    options_.on_progress({feasible_, best_, iterations_, told_});
  }

  const SearchOptions& options_;
  const absl::Time start_;
  std::atomic<bool> stopped_{false};
  std::atomic<bool> cancelled_{false};
  std::atomic<int64_t> iterations_{0};
  std::mutex mutex_;  // guards what follows; the thread sanitizer knows it
  bool feasible_ = false;
  int64_t best_ = 0;
  absl::Duration told_ = -absl::InfiniteDuration();
};

// One thread's search.
class Searcher {
 public:
  Searcher(const Model& model, uint64_t seed, Portfolio& portfolio)
      : model_(model), random_(seed), portfolio_(portfolio), options_(portfolio.options()) {}

  SearchResult Run(const Solution& start);

 private:
  // Counts an iteration; false when the search has ended.
  bool Step();
  // The share of the limits that is used up, 0 to 1.
  double Used();
  void Cool(State& state, double hottest, double share);
  void Keep(const State& state);

  const Model& model_;
  Random random_;
  Portfolio& portfolio_;
  const SearchOptions& options_;
  int64_t iterations_ = 0;
  double used_ = 0;
  bool ended_ = false;
  SearchResult best_;
};

double Searcher::Used() {
  const double iterations =
      static_cast<double>(iterations_) / static_cast<double>(options_.max_iterations);
  if (options_.time_limit == absl::InfiniteDuration()) return iterations;
  return std::max(iterations, absl::FDivDuration(portfolio_.elapsed(), options_.time_limit));
}

bool Searcher::Step() {
  if (ended_) return false;
  if (iterations_ % kIterationsPerCheck == 0) {
    if (iterations_ > 0) portfolio_.AddIterations(kIterationsPerCheck);
    portfolio_.Tick();
    used_ = Used();
    ended_ = used_ >= 1 || portfolio_.Stopped();
  }
  if (iterations_ >= options_.max_iterations) ended_ = true;
  if (ended_) return false;
  ++iterations_;
  return true;
}

void Searcher::Keep(const State& state) {
  const bool better = !best_.complete || state.broken() < best_.broken ||
                      (state.broken() == best_.broken && state.cost() < best_.cost);
  if (!better) return;
  best_.complete = true;
  best_.feasible = state.broken() == 0;
  best_.broken = state.broken();
  best_.cost = state.cost();
  state.Save(best_.solution);
  if (best_.feasible) portfolio_.Found(best_.cost);
}

// Cooling from `hottest` until `share` of the limits is used, or without limits for
// `share` iterations (above 1).
void Searcher::Cool(State& state, double hottest, double share) {
  int cheapest = std::numeric_limits<int>::max();
  for (const Rule& rule : model_.rules) {
    if (!rule.hard && rule.weight > 0) cheapest = std::min(cheapest, rule.weight);
  }
  if (cheapest == std::numeric_limits<int>::max()) cheapest = 1;
  const double coldest = kColdest * cheapest;
  const double before = share > 1 ? static_cast<double>(iterations_) : used_;
  const double end = share > 1 ? before + share : share;
  Moves moves(state.scratch_board());
  Move move;
  move.shifts.reserve(model_.instance.event_count());
  move.transfers.reserve(2);
  double temperature = hottest;
  while (Step()) {
    if ((iterations_ - 1) % kIterationsPerCheck == 0) {
      const double now = share > 1 ? static_cast<double>(iterations_) : used_;
      if (now >= end) break;
      const double gone = std::pow((now - before) / (end - before), kHaste);
      temperature = hottest * std::pow(coldest / hottest, gone);
#ifndef NDEBUG
      if (iterations_ % kIterationsPerRecount == 1) {
        for (size_t r = 0; r < model_.rules.size(); ++r) {
          assert(state.Recount(static_cast<int>(r)) == state.counts()[r]);
        }
      }
#endif
    }
    if (!moves.Propose(random_, move)) continue;
    const int64_t worse = state.Apply(move);
    if (worse > 0) {
      const double bar = -temperature * std::log(random_.Fraction() + 0x1.0p-54);
      if (static_cast<double>(worse) > bar) {
        state.Revert(move);
        continue;
      }
    } else if (worse == 0) {
      continue;
    }
    if (state.broken() < best_.broken ||
        (state.broken() == best_.broken && state.cost() < best_.cost)) {
      Keep(state);
    }
  }
}

SearchResult Searcher::Run(const Solution& start) {
  Solution first = start;
  int64_t placings = int64_t{kPlacingsPerEvent} * model_.instance.event_count();
  best_.complete = Complete(
      model_.instance, random_, [&] { return placings-- > 0 && Step(); }, first);
  if (!best_.complete) {
    best_.solution = first;
    best_.iterations = iterations_;
    return best_;
  }
  best_.complete = false;
  State state(model_, first);
  int dearest = 1;
  for (const Rule& rule : model_.rules) {
    if (!rule.hard) dearest = std::max(dearest, rule.weight);
  }
  const int base = kPenaltyBase + kPenaltyPerWeight * dearest;
  state.set_penalty(base);
  MatchVenues(state);
  Keep(state);
  const bool limited = options_.time_limit != absl::InfiniteDuration() ||
                       options_.max_iterations != std::numeric_limits<int64_t>::max();
  const double hottest = kHottest * dearest * (options_.lukewarm ? kLukewarm : 1);
  int64_t length = kShortestCooling;
  double share = options_.lukewarm ? 1 : kFirstCooling;
  while (!ended_) {
    Cool(state, hottest, limited ? share : static_cast<double>(length));
    MatchVenues(state);
    Keep(state);
    // What ended outside the rules was bought there by the soft ones: raise the price.
    const int penalty = state.broken() > 0 ? state.penalty() * kPenaltyMore : state.penalty() / 2;
    state.set_penalty(std::clamp(penalty, base, kPenaltyMost));
    share = state.broken() > 0 && share < 0.5 ? share * 2 : 1;
    length *= kLongerCooling;
  }
  best_.iterations = iterations_;
  return best_;
}

}  // namespace

SearchResult Search(const Model& model, const SearchOptions& options, const Solution& start) {
  Portfolio portfolio(options);
  const int count = std::max(1, options.threads);
  std::vector<SearchResult> results(count);
  const auto run = [&](int index) {
    // Seeds of neighbours share nothing once they are mixed.
    Random seeds(options.seed + static_cast<uint64_t>(index) * 0x9e3779b97f4a7c15);
    Searcher searcher(model, seeds.Next(), portfolio);
    results[index] = searcher.Run(start);
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < count; ++i) threads.emplace_back(run, i);
  run(0);
  for (std::thread& thread : threads) thread.join();
  portfolio.Finish();
  int64_t iterations = 0;
  for (const SearchResult& each : results) iterations += each.iterations;
  SearchResult& best = *std::min_element(
      results.begin(), results.end(), [](const SearchResult& a, const SearchResult& b) {
        if (a.complete != b.complete) return a.complete;
        return a.broken != b.broken ? a.broken < b.broken : a.cost < b.cost;
      });
  best.iterations = iterations;
  best.elapsed = portfolio.elapsed();
  best.cancelled = portfolio.cancelled();
  return std::move(best);
}

}  // namespace klynge::courses::timetable
