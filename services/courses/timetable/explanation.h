// Why a programme's timetable is as it is: what each event costs and for whom, what stands against
// another place or what that would change, and which places would be better. In the problem's ids,
// with sentences for operators.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_EXPLANATION_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_EXPLANATION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "services/courses/timetable/model.h"
#include "services/courses/timetable/planner.h"

namespace klynge::courses::timetable {

// Something that a rule counts at an event.
struct EventReason {
  std::string rule;  // as in ConstraintCost, or Violation::rule if it is hard
  bool hard = false;
  int64_t count = 0;
  int64_t cost = 0;     // 0 if it is hard
  std::string team_id;  // empty: of the event as a whole
  std::string sentence;
};

// What a rule counts more after a change, or less (negative).
struct RuleDifference {
  std::string rule;
  bool hard = false;
  int64_t count = 0;
  int64_t cost = 0;
};

// Where an event could be; what is left empty stays as it is.
struct Place {
  absl::optional<Date> date;
  std::string venue_id;
  std::string lecturer_id;
};

struct PlaceEffect {
  // What is in the way, by the rules of Violation. Empty: the event fits there, and the rest says
  // what that changes.
  std::vector<Obstacle> obstacles;
  std::vector<RuleDifference> differences;
  int64_t cost = 0;    // of all soft rules together
  int64_t broken = 0;  // units by which hard rules are broken more; negative: less
};

// Another place for an event, or the exchange of dates and venues with another event.
struct PlaceSuggestion {
  Event event;                        // as it would be
  absl::optional<size_t> other;       // with which it changes places, an index of the timetable
  absl::optional<Event> other_event;  // as that would be
  std::vector<RuleDifference> differences;
  int64_t cost = 0;
  int64_t broken = 0;
};

class Explanation {
 public:
  // Of a timetable that may break rules on seats, gaps, coverage, clusters, workload and changes:
  // that is explained. Null: it breaks others, which CheckTimetable names. Keeps its own copies.
  static std::unique_ptr<Explanation> Of(Problem problem, Timetable timetable);
  virtual ~Explanation() = default;

  // Events are given by their index in the timetable.

  // By soft constraint, as CostTimetable says.
  virtual std::vector<ConstraintCost> CostByConstraint() const = 0;
  // By event. The sum is that of the constraints, but for published events that aren't held any
  // more, and where pins decide which event is the continuation of which.
  virtual std::vector<int64_t> CostByEvent() const = 0;
  // Everything that is counted at the event, hard rules first.
  virtual std::vector<EventReason> WhyEvent(size_t event) const = 0;
  virtual PlaceEffect WhyNotThere(size_t event, const Place& place) = 0;
  // The best other places: fewest broken rules, then the cheapest, then the earliest.
  virtual std::vector<PlaceSuggestion> SuggestPlaces(size_t event, int count) = 0;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_EXPLANATION_H_
