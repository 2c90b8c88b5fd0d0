// Looks for a timetable of a programme: how many events each series gets, and then where and when
// they are and who comes, by the engine.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_PROGRAMME_SEARCH_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_PROGRAMME_SEARCH_H_

#include <cstdint>
#include <limits>

#include "services/courses/timetable/compiled_problem.h"
#include "services/courses/timetable/engine/search.h"
#include "services/courses/timetable/planner.h"

namespace klynge::courses::timetable {

// What one planning run may still use, shared by all its searches.
class Budget {
 public:
  // `options` must outlive the budget.
  explicit Budget(const PlannerOptions& options) : options_(options), start_(options.now()) {}

  // Lets what follows use up to this share of the iterations and the time; 1 is all of them.
  void UseUpTo(double share) { share_ = share; }
  // Limits for one search of so many iterations at most.
  SearchOptions Next(int64_t iterations = std::numeric_limits<int64_t>::max());
  // Takes off what a search has used.
  void Spend(const SearchResult& result);
  bool spent() const;

  // Tells the caller how it stands.
  void Tell() const;

  bool cancelled() const { return cancelled_; }
  int64_t iterations() const { return iterations_; }
  absl::Duration elapsed() const { return options_.now() - start_; }

 private:
  int64_t Allowed() const;

  const PlannerOptions& options_;
  const absl::Time start_;
  double share_ = 1;
  int64_t iterations_ = 0;
  int64_t best_cost_ = -1;
  uint64_t searches_ = 0;
  bool cancelled_ = false;
};

// A timetable that a search has come to, with the model it belongs to.
struct Draft {
  Model model;
  SearchResult result;
};

// Tries ever more events of each series, from the fewest possible (or those published), round and
// round until one timetable is feasible or the budget is spent. True: `draft` is feasible; else it
// is the least broken one that was complete, if any was. `problem` must have no proved obstacle.
bool FindFeasible(const Problem& problem, const CompiledProblem& compiled, Budget& budget,
                  Draft& draft);

// Makes a feasible draft cheaper until the budget is spent or it costs nothing.
void MakeCheaper(Budget& budget, Draft& draft);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_PROGRAMME_SEARCH_H_
