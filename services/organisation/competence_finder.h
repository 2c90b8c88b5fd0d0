// Who has a competence, the nearest in the tree first. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// How well a competence is wanted.
struct WantedLevel {
  int least = 0;
  bool confirmed_only = false;
};

// A person's levels in one competence on a day; 0: none.
struct Levels {
  int confirmed = 0;
  int declared = 0;

  bool any() const { return confirmed > 0 || declared > 0; }
  bool Meet(const WantedLevel& wanted) const;
};

// A person who has a competence. Points into the tree.
struct CompetenceHolder {
  std::string person_id;
  Levels levels;
  const Assignment* at = nullptr;  // the nearest
  int distance = 0;                // steps in the tree to it
};

// The levels of a person on a day.
Levels LevelsOf(const Tree& tree, const std::string& person_id, const std::string& competence,
                Date on);

// Measures how far units are from one unit on a day, in steps up and down the tree; two roots count
// as under one more unit above both. Remembers what it was asked.
class Distances {
 public:
  Distances(const Tree& tree, const std::string& from_unit_id, Date on);

  // -1 when the unit does not exist that day, or is not `within_unit_id` or below ("": anywhere).
  int To(const std::string& unit_id, const std::string& within_unit_id);

 private:
  int Measure(const std::string& unit_id, const std::string& within_unit_id) const;

  const Tree& tree_;
  const Date on_;
  absl::flat_hash_map<std::string, int> up_;  // the unit and what is above it: steps up
  absl::flat_hash_map<std::string, int> known_;
  int above_roots_ = 0;
};

// The person's nearest assignment of the day and its distance; null when there is none within.
// Of those equally near the first by unit.
std::pair<const Assignment*, int> NearestAssignment(const Tree& tree, const std::string& person_id,
                                                    Distances& distances,
                                                    const std::string& within_unit_id, Date on);

struct CompetenceSearch {
  std::string competence;
  std::string near_unit_id;
  std::string within_unit_id;  // "": anywhere
  WantedLevel wanted;
  Date on;
};

// Each person once: the nearest first, then the higher confirmed level, then the higher declared
// one, then by id. Both units must exist that day.
std::vector<CompetenceHolder> FindHolders(const Tree& tree, const CompetenceSearch& search);

}  // namespace klynge::organisation
