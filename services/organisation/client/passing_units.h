// The units that are not there on every day, and what stands for them: the other direction of
// Lineage::StandsFor.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/strings/string_view.h>

#include <string>
#include <vector>

#include "services/platform/date.h"

namespace klynge::organisation {

class Tree;

// Never changes after it is made, by tree.Indexed<PassingUnits>(); points into the tree.
class PassingUnits {
 public:
  explicit PassingUnits(const Tree& tree);

  // The units that are not there on the day, and for which one of `units` stands then; by id. Takes
  // time for each unit that ever began or ended, and not for those that are always there.
  std::vector<std::string> CountedIn(const absl::flat_hash_set<std::string>& units, Date on) const;

 private:
  const Tree& tree_;
  std::vector<std::string> unit_ids_;  // sorted
};

}  // namespace klynge::organisation
