// A timetable under construction: a board, the constraints that watch it, and what they count at
// any moment. Moves are made whole, priced, and taken back.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_STATE_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_STATE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/courses/timetable/engine/board.h"
#include "services/courses/timetable/engine/constraint.h"
#include "services/courses/timetable/engine/instance.h"

namespace klynge::courses::timetable {

// A timetable as plain values.
struct Solution {
  std::vector<Placement> placements;  // [event]
  std::vector<int> choices;           // [choice], the event that its group attends
};

// What changes at once. Filled by a move, applied and reverted by the state.
struct Move {
  struct Shift {
    int event;
    Placement from, to;
  };
  struct Transfer {
    int group;
    int from, to;  // events of one series
  };
  std::vector<Shift> shifts;
  std::vector<Transfer> transfers;

  void Clear() {
    shifts.clear();
    transfers.clear();
  }
};

class State {
 public:
  // Everything as in `solution`, which must be complete and fit. `model` must outlive the state.
  State(const Model& model, const Solution& solution);

  const Board& board() const { return board_; }
  // For what tries something on the board and puts everything back.
  Board& scratch_board() { return board_; }
  const Instance& instance() const { return model_.instance; }
  const Model& model() const { return model_; }

  // What each rule counts, in the order of the model; hard ones together; and the soft ones by
  // weight.
  const std::vector<int64_t>& counts() const { return counts_; }
  int64_t broken() const { return broken_; }
  int64_t cost() const { return cost_; }

  // Makes a move that fits, and tells what it adds to the price: the cost, and `penalty` for each
  // unit by which a hard rule is broken.
  int64_t Apply(const Move& move);
  void Revert(const Move& move);
  void set_penalty(int penalty);
  int penalty() const { return penalty_; }

  // What each of the events, all of one period and one period long, adds to the price at each venue
  // while the others of them are nowhere: [event][venue], at least 0; -1 where it can't be. Leaves
  // everything as it is.
  std::vector<int64_t> PriceVenues(const std::vector<int>& events);

  void Save(Solution& solution) const;

  const Constraint& constraint(int rule) const { return *constraints_[rule]; }
  // What `rule` counts, worked out anew.
  int64_t Recount(int rule) const;

 private:
  // Tells what lifting or placing an event does to the price, by the parts that change.
  void Lift(int event, unsigned parts);
  void Place(int event, const Placement& to, unsigned parts);
  void Transfer(int group, int from, int to);
  void Count(int rule, int change) {
    counts_[rule] += change;
    price_ += change * prices_[rule];
  }
  void Sum();

  const Model& model_;
  Board board_;
  std::vector<std::unique_ptr<Constraint>> constraints_;
  // The rules that depend on any of the parts, by the sum of the parts.
  std::array<std::vector<int>, 16> watching_;
  std::vector<int64_t> counts_;
  std::vector<int64_t> prices_;  // of one unit
  int penalty_ = 1;
  int64_t price_ = 0;  // the sum of counts by prices
  int64_t broken_ = 0;
  int64_t cost_ = 0;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_STATE_H_
