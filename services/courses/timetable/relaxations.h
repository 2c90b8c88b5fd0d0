// What to give up so that a programme can be timetabled that otherwise could not be.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_RELAXATIONS_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_RELAXATIONS_H_

#include <functional>
#include <string>
#include <vector>

#include "services/courses/timetable/planner.h"
#include "services/courses/timetable/programme_search.h"

namespace klynge::courses::timetable {

// A rule of a problem, or the part of it that concerns one venue, team, lecturer, series or pin,
// that can be given up. Every timetable that keeps the rule is still one without it.
struct Relaxation {
  std::string rule;  // as in Violation::rule
  std::string what;  // completes "there is a timetable …"
  std::function<void(Problem&)> give_up;
  std::vector<Relaxation> parts;  // together the same; empty: it goes as a whole
};

// Every rule that the problem has and that can be given up. What no programme can do without is not
// among them: the theme order, each team once in each series, one event a day for a venue and a
// lecturer. Given up in this order, where one builds on another.
std::vector<Relaxation> RelaxationsOf(const Problem& problem);

// `problem` with each of `relaxations` given up.
Problem Without(Problem problem, const std::vector<Relaxation>& relaxations);

// Sets of parts of rules whose giving up lets `has_timetable` hold: the fewest rules, and of each
// rule no part too many, so that no proper subset does. All alternatives with as few rules, up to a
// handful. None when giving up everything does not help, the empty set when nothing must be given
// up. `has_timetable` may fail to find one where there is one; the sets that are told were seen to
// help all the same.
std::vector<std::vector<Relaxation>> LeastToGiveUp(
    const Problem& problem, const std::function<bool(const Problem&)>& has_timetable);

// One obstacle for each of LeastToGiveUp. Where several rules have to go together, its rule is all
// of them, joined with commas.
std::vector<Obstacle> BindingRules(const Problem& problem,
                                   const std::function<bool(const Problem&)>& has_timetable);

// The same by searching, within the budget from this share of it to its end.
std::vector<Obstacle> BindingRules(const Problem& problem, Budget& budget, double from);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_RELAXATIONS_H_
