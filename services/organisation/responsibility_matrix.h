// Who is responsible for what in a cluster or network on a day, with whatever is wrong with it.
// Pure.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "services/organisation/client/tree.h"
#include "services/organisation/responsibility_index.h"

namespace klynge::organisation {

// A position and who is there on a day. Pointers as those of the tree.
struct Seat {
  const Position* position = nullptr;
  const Assignment* holder = nullptr;        // null: vacant
  const Substitution* substitute = nullptr;  // null: nobody stands in

  // Who does what the position has to do that day; "" when nobody does.
  const std::string& actor() const;
};
Seat SeatOn(const Tree& tree, const Position& position, Date on);

// The positions in which a person acts on a day: those the person holds while nobody stands in,
// and those in which the person stands in. By id.
std::vector<Seat> SeatsOf(const Tree& tree, const std::string& person_id, Date on);

// Percent of full time of all responsibilities of a position on a day.
int PercentOf(const Tree& tree, const std::string& position_id, Date on);
// The same of all positions in which a person acts.
int PercentOfPerson(const Tree& tree, const std::string& person_id, Date on);

// The higher of a person's confirmed and self-declared level on a day; 0: none.
int LevelOf(const Tree& tree, const std::string& person_id, const std::string& competence, Date on);

// What a task needs and somebody has not so well.
struct Lack {
  NeededCompetence needed;
  int level = 0;  // what is there
};
std::vector<Lack> LacksOf(const Tree& tree, const Task& task, const std::string& person_id,
                          Date on);

enum class CellState { kCovered, kNobody, kVacant, kDouble };

struct CellHolder {
  const Responsibility* held = nullptr;
  Seat seat;
};

// A task at a unit.
struct MatrixCell {
  const UnitVersion* unit = nullptr;
  const Task* task = nullptr;
  std::vector<CellHolder> holders;  // by id of the responsibility
  CellState state = CellState::kNobody;

  bool is_gap() const { return state == CellState::kNobody || state == CellState::kVacant; }
  // What those have for it who take care of it.
  int percent() const;
};

// A load over this is too much, one under that clearly little.
inline constexpr int kFullTime = 100;
inline constexpr int kClearlyUnder = 50;

struct SeatLoad {
  Seat seat;
  bool in_team = false;  // in a role that makes its holder a member of the team
  int percent = 0;
  int count = 0;  // of responsibilities
};

struct ActorLoad {
  std::string person_id;
  bool in_team = false;
  std::vector<Seat> seats;
  int percent = 0;
  int standing_in = 0;  // of that, for others
};

// With what belongs to the kinds that are a part of it.
struct KindTime {
  const LeadershipKind* kind = nullptr;
  int percent = 0;  // spent
  int vacant = 0;   // meant for it at positions where nobody is
  int expected = 0;
};

// A competence that tasks need.
struct TeamNeed {
  std::string competence;
  int least_level = 0;             // the highest that a task needs; 0: any
  std::vector<std::string> tasks;  // by code
  int level = 0;                   // the highest among the members

  bool is_lacking() const { return level < std::max(least_level, 1); }
};

struct ResponsibilityMatrix {
  const UnitVersion* unit = nullptr;
  Date on;
  std::vector<MatrixCell> cells;   // by unit in tree order, kind of leadership, task
  std::vector<SeatLoad> seats;     // by unit in tree order, then those from elsewhere
  std::vector<ActorLoad> members;  // the leader, then by id
  std::vector<KindTime> times;     // in the order of the index's kinds
  std::vector<TeamNeed> needs;     // by competence
  bool primary_is_largest = false;

  int Count(CellState state) const;
  int gaps() const { return Count(CellState::kNobody) + Count(CellState::kVacant); }
};

// `unit_id` must exist that day and have a leadership team.
ResponsibilityMatrix MakeMatrix(const Tree& tree, const std::string& unit_id, Date on);

}  // namespace klynge::organisation
