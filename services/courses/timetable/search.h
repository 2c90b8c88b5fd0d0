// The search for a timetable: feasible first, then better by simulated annealing, within one run's
// limits.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_SEARCH_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_SEARCH_H_

#include <cstdint>
#include <memory>

#include "services/courses/timetable/compiled_problem.h"
#include "services/courses/timetable/moves.h"
#include "services/courses/timetable/planner.h"
#include "services/courses/timetable/search_state.h"

namespace klynge::courses::timetable {

// The limits of one planning run, and what it tells the caller. Shared by all searches of the run.
class Run {
 public:
  // `options` must outlive the run.
  explicit Run(const PlannerOptions& options) : options_(options), start_(options.now()) {}

  // Lets Step() end at this share of the iterations and the time; 1 is all of them.
  void UseUpTo(double share);
  // Counts one step; false when the run, or the share of it in use, has ended.
  bool Step();
  // Steps left of the share in use.
  int64_t remaining() const { return last_iteration_ - iterations_; }

  // Tells the caller about a better feasible timetable, but not too often.
  void Improved(int64_t cost);
  // Tells the caller how it stands at the end.
  void Finish();

  bool cancelled() const { return cancelled_; }
  int64_t iterations() const { return iterations_; }
  absl::Duration elapsed() const { return options_.now() - start_; }

 private:
  void Tell(absl::Duration now);

  const PlannerOptions& options_;
  const absl::Time start_;
  absl::Duration told_ = -absl::InfiniteDuration();
  absl::Duration last_moment_ = options_.time_limit;
  int64_t last_iteration_ = options_.max_iterations;
  int64_t iterations_ = 0;
  int64_t best_cost_ = -1;
  bool cancelled_ = false;
  bool out_of_time_ = false;
};

// What a run has found so far.
struct Best {
  std::unique_ptr<SearchState> feasible;
  std::unique_ptr<SearchState> least_broken;  // of the attempts that failed
};

// Tries ever more events of each series, from the fewest possible, round and round until one is
// feasible or the run ends. `problem` must have no proved obstacle and must outlive `best`.
bool FindFeasible(const CompiledProblem& problem, Random& random, Run& run, Best& best);

// Makes `best.feasible` cheaper until the run ends or it costs nothing.
void Improve(const CompiledProblem& problem, Random& random, Run& run, Best& best);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_SEARCH_H_
