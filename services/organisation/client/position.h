// Positions, who stands in at them, and employments, as plain values.
#pragma once

#include <string>
#include <vector>

#include "services/platform/date.h"

namespace klynge::organisation {

// A role at a unit that somebody can fill, the same whoever does. Assignments that name it fill it;
// on the other days it is vacant.
struct Position {
  std::string position_id;
  std::string role;
  std::string unit_id;
  std::vector<std::string> responsibilities;
  DateRange valid;

  bool operator==(const Position&) const = default;
};

// A person stands in at a position, whether somebody holds it or not.
struct Substitution {
  std::string substitution_id;
  std::string position_id;
  std::string person_id;
  DateRange valid;

  bool operator==(const Substitution&) const = default;
};

// A person is employed: roles last no longer.
struct Employment {
  std::string employment_id;
  std::string person_id;
  DateRange valid;

  bool operator==(const Employment&) const = default;
};

}  // namespace klynge::organisation
