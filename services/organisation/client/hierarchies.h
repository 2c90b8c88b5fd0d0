// The trees in which units stand beside the line, as plain values. Only the organisation service
// holds them: they are not in the snapshot that others fetch.
#pragma once

#include <string>

#include "services/platform/date.h"

namespace klynge::organisation {

// The hierarchy of UnitVersion::parent_id, in which there are no placements.
inline constexpr char kLine[] = "line";

struct Hierarchy {
  std::string hierarchy;
  std::string label_da;
  std::string label_en;
  bool follows_line = false;  // where no placement says otherwise

  bool operator==(const Hierarchy&) const = default;
};

// A unit stands under another one in a hierarchy during one period.
struct Placement {
  std::string placement_id;
  std::string hierarchy;
  std::string unit_id;
  std::string parent_id;  // "" at the top
  DateRange valid;

  bool operator==(const Placement&) const = default;
};

}  // namespace klynge::organisation
