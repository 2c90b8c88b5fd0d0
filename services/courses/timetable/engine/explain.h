// Why a timetable is as it is: what each event costs and where, what stands against another place,
// and which places are the best.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_EXPLAIN_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_EXPLAIN_H_

#include <cstdint>
#include <vector>

#include "services/courses/timetable/engine/state.h"

namespace klynge::courses::timetable {

// Somewhere that a rule (an index into Model::rules) counts something.
struct Reason {
  int rule = 0;
  Match match;
};

// Everything that is counted, in the order of the rules.
std::vector<Reason> AllReasons(const State& state);
// What is counted at the event.
std::vector<Reason> Why(const State& state, int event);
// The weighted sum of what soft rules count, by event.
std::vector<int64_t> CostByEvent(const State& state);

// Why an event can't be somewhere, whatever it would cost.
struct Obstruction {
  enum class Kind {
    kNoStart,       // it may not begin in that period
    kUnfit,         // the venue lacks something it needs, or it is pinned elsewhere
    kVenueClosed,   // … in a period that it takes
    kVenueTaken,    // … by `other`
    kLecturerAway,  //
    kLecturerBusy,  // with `other`
    kUnable,        // the lecturer can't hold it, or there is none
    kGroupAway,     // `group`
    kGroupBusy,     // `group`, with `other`
  };
  Kind kind;
  int period = kNone;
  int group = kNone;
  int other = kNone;
};

// What a rule counts more (less: negative) after a change.
struct RuleChange {
  int rule = 0;
  int64_t count = 0;
};

struct Consequence {
  std::vector<Obstruction> obstructions;  // empty: it fits
  // When it fits: the rules whose count changes, and the sums over soft and hard ones.
  std::vector<RuleChange> changes;
  int64_t cost = 0;
  int64_t broken = 0;
};

// What stands against the event at `to`, or what it would change.
Consequence WhyNot(State& state, int event, const Placement& to);

// Another place for an event, or it and the event there changing places.
struct Suggestion {
  Move move;
  std::vector<RuleChange> changes;
  int64_t cost = 0;    // change of the cost
  int64_t broken = 0;  // and of what is broken
};

// The `count` best other places of the event, least broken first, then cheapest, then earliest.
std::vector<Suggestion> Suggest(State& state, int event, int count);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_EXPLAIN_H_
