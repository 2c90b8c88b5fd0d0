// The steps of the search: a random change of a timetable under construction that can be taken
// back.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_MOVES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_MOVES_H_

#include <cstdint>
#include <random>
#include <vector>

#include "services/courses/timetable/compiled_problem.h"
#include "services/courses/timetable/search_state.h"

namespace klynge::courses::timetable {

// Random numbers that are the same on every machine for one seed (the standard's distributions are
// not).
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  int Below(int bound) { return static_cast<int>(engine_() % static_cast<uint64_t>(bound)); }
  double Fraction() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }  // in [0, 1)

 private:
  std::mt19937_64 engine_;
};

// Makes one change at a time: an event on another date, in another venue or with another lecturer,
// a team at another event, two teams swapped, a whole series or the rest of the programme shifted.
class Moves {
 public:
  // Both must outlive this.
  Moves(const CompiledProblem& problem, SearchState& state) : problem_(problem), state_(state) {}

  // Changes the state somewhere. False: the part it chose can't change, and nothing did.
  bool MakeRandom(Random& random);
  // Takes the last MakeRandom back.
  void Undo();

 private:
  enum class Part { kDay, kVenue, kLecturer, kTeam };
  struct Change {
    Part part;
    int which;   // the event, or for kTeam the team
    int before;  // the day, venue, lecturer, or for kTeam the event
  };

  bool Redate(Random& random);
  bool Rehouse(Random& random);
  bool Restaff(Random& random);
  bool TransferTeam(Random& random);
  bool SwapTeams(Random& random);
  bool ShiftSeries(Random& random);

  void SetDay(int e, int day);
  void SetVenue(int e, int venue);
  void SetLecturer(int e, int lecturer);
  void MoveTeam(int team, int e);
  // Gives the event another venue or lecturer when its own is not free on the event's day.
  void Resettle(int e, Random& random);

  const CompiledProblem& problem_;
  SearchState& state_;
  std::vector<Change> changes_;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_MOVES_H_
