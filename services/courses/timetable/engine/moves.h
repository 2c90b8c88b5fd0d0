// The steps of the search: random changes that keep to what fits.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_MOVES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_MOVES_H_

#include <array>
#include <vector>

#include "services/courses/timetable/engine/random.h"
#include "services/courses/timetable/engine/state.h"

namespace klynge::courses::timetable {

enum class MoveKind {
  kSlot,      // an event to another period and venue, changing places with what is there
  kKempe,     // an event to another period, with all that this drives to and fro between the two
  kVenue,     // all events of a series from one venue to another, changing with what is there
  kLecturer,  // an event to another lecturer
  kTransfer,  // a group to another event of a series
  kTrade,     // two groups of one series change events
  kSeries,    // a series, or it and all that follow, some periods earlier or later
};
constexpr int kMoveKinds = 7;

// Proposes moves; allocates nothing once it is made. `board` must outlive this; it is as it was
// after each proposal.
class Moves {
 public:
  explicit Moves(Board& board);

  // Fills `move` with a random change of the board that fits. False, often: what was drawn doesn't.
  bool Propose(Random& random, Move& move);
  // The same of one kind; for tests.
  bool Propose(MoveKind kind, Random& random, Move& move);
  // Kinds that can change anything here.
  bool Possible(MoveKind kind) const { return shares_[static_cast<int>(kind)] > 0; }

 private:
  bool Slot(Random& random, Move& move);
  bool Kempe(Random& random, Move& move);
  bool Venue(Random& random, Move& move);
  bool Lecturer(Random& random, Move& move);
  bool TransferGroup(Random& random, Move& move);
  bool Trade(Random& random, Move& move);
  bool Series(Random& random, Move& move);

  // Whether the event fits at `to` without `other`, with its lecturer or else another one, who is
  // put there.
  bool Fit(int event, Placement& to, int other, Random& random) const;
  int DrawStart(int event, Random& random) const {
    return starts_[event][random.Below(static_cast<int>(starts_[event].size()))];
  }
  int DrawVenue(int event, Random& random) const;
  void Shift(Move& move, int event, const Placement& to) const {
    move.shifts.push_back({event, board_.at(event), to});
  }

  // Grows the chain of events that have to change between two periods.
  bool GrowChain(int first, int from, int to);
  bool HouseChain(const std::vector<int>& chain, int to, Random& random, Move& move);
  // Whether the chain leaves the venue free in the period, and nothing of it has gone there yet.
  bool Vacant(int period, int venue, size_t first_shift, const Move& move) const;

  Board& board_;
  const Instance& instance_;
  bool one_period_each_ = true;  // every event takes one period
  std::array<int, kMoveKinds> shares_{};
  int share_sum_ = 0;
  std::vector<int> several_lecturers_;    // events
  std::vector<std::vector<int>> starts_;  // [event], periods in which it may begin
  std::vector<std::vector<int>>
      roomy_;  // [event], venues with seats for all who come by themselves
  std::vector<int> open_choices_;
  BitTable fixed_;  // [group][series]: the choice is made
  // A Kempe chain under construction.
  std::vector<int> there_, back_;
  std::vector<char> in_chain_;  // [event]
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_MOVES_H_
