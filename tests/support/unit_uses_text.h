// Uses of units as one line each, to compare in tests.
#pragma once

#include <absl/strings/str_cat.h>

#include <string>
#include <vector>

namespace klynge::testing {

// "unit sort id state from–to" of each, in their order.
template <class Uses>
std::vector<std::string> Lines(const Uses& uses) {
  std::vector<std::string> lines;
  for (const auto& use : uses) {
    lines.push_back(absl::StrCat(use.unit_id(), " ", use.sort(), " ", use.id(), " ", use.state(),
                                 " ", use.valid_from(), "–", use.valid_to()));
  }
  return lines;
}

}  // namespace klynge::testing
