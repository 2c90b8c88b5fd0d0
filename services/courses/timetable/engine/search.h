// The search: a first timetable by construction, then simulated annealing over what fits, within
// limits. Anytime: the best so far is told as it is found, and kept whenever the search is stopped.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_SEARCH_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_SEARCH_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/courses/timetable/engine/state.h"

namespace klynge::courses::timetable {

struct SearchProgress {
  bool feasible = false;
  int64_t cost = 0;  // of the best feasible timetable so far
  int64_t iterations = 0;
  absl::Duration elapsed;
};

// The search ends at whichever limit comes first. With one limit on iterations and none on time,
// the same model, seed and number of threads give the same timetable.
struct SearchOptions {
  uint64_t seed = 1;
  absl::Duration time_limit = absl::InfiniteDuration();
  int64_t max_iterations = std::numeric_limits<int64_t>::max();  // of each thread
  int64_t target = 0;                                            // stop at this cost
  int threads = 1;                  // a portfolio: each searches from its own seed
  std::function<bool()> cancelled;  // asked often, from any of the threads
  std::function<void(const SearchProgress&)> on_progress;  // never from two threads at once
  absl::Duration progress_interval = absl::Milliseconds(200);
  bool progress_without_news = false;  // also when nothing got better in the interval
  std::function<absl::Time()> now = absl::Now;
  // Begin the annealing at a temperature at which little of what is given gets lost.
  bool lukewarm = false;
};

struct SearchResult {
  bool complete = false;  // `solution` has a place for everything
  bool feasible = false;  // and breaks no hard rule
  Solution solution;      // the best feasible one, else the least broken
  int64_t cost = 0;
  int64_t broken = 0;
  int64_t iterations = 0;  // of all threads
  absl::Duration elapsed;
  bool cancelled = false;
};

// Searches from `start`, which may lack anything (kNone, or nothing at all) and break rules: it is
// completed first. Never worse than what was given, if that was complete.
SearchResult Search(const Model& model, const SearchOptions& options, const Solution& start = {});

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_SEARCH_H_
