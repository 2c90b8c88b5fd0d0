// Which unit goes on in which, as plain values.
#pragma once

#include <string>

#include "services/platform/date.h"

namespace klynge::organisation {

// What `from_unit_id` was goes on in `to_unit_id` from a day on.
struct Succession {
  std::string succession_id;
  std::string from_unit_id;
  std::string to_unit_id;
  Date on;
  bool carries_figures = false;  // of a split: the one that does

  bool operator==(const Succession&) const = default;
};

}  // namespace klynge::organisation
