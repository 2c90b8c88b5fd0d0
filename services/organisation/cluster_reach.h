// For which units a position may have responsibilities: those in its cluster or network, and for a
// position above the clusters, its unit and those below it.
#pragma once

#include <absl/strings/string_view.h>

#include <algorithm>
#include <vector>

#include "services/organisation/client/model.h"

namespace klynge::organisation {

// A unit as it is on a day, told by whoever holds the units.
struct UnitOnDay {
  const UnitVersion* unit = nullptr;  // null when it does not exist that day
  Date until = kOpenEnd;              // the first day on which that may be different
  bool has_team = false;
  int row = -1;  // the row of an import that brings it; -1: none
};

struct Reach {
  bool within = false;
  Date until = kOpenEnd;             // until then nothing of it changes
  std::vector<UnitOnDay> looked_at;  // what that follows from
};

// Whether `unit_id` is within reach of a position at `seat_unit_id` on the day for which
// `find(id)` tells units.
template <class Find>
Reach ReachOn(absl::string_view seat_unit_id, absl::string_view unit_id, Find find) {
  // What an import would leave may stand in a circle.
  constexpr size_t kMostSteps = 100;
  Reach reach;
  const auto look_at = [&](absl::string_view id) {
    const UnitOnDay found = find(id);
    reach.until = std::min(reach.until, found.until);
    if (found.unit != nullptr) reach.looked_at.push_back(found);
    return found;
  };
  absl::string_view top = seat_unit_id;
  for (UnitOnDay at = look_at(seat_unit_id);
       at.unit != nullptr && reach.looked_at.size() < kMostSteps;
       at = look_at(at.unit->parent_id)) {
    if (at.has_team) {
      top = at.unit->unit_id;
      break;
    }
    if (at.unit->parent_id.empty()) break;
  }
  for (UnitOnDay at = look_at(unit_id);
       at.unit != nullptr && reach.looked_at.size() < 2 * kMostSteps;
       at = look_at(at.unit->parent_id)) {
    if (at.unit->unit_id == top) {
      reach.within = true;
      return reach;
    }
    if (at.unit->parent_id.empty()) return reach;
  }
  return reach;
}

}  // namespace klynge::organisation
