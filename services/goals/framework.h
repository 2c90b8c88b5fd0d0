// A published framework: the words that goals are placed under, and the checks on them. Pure.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/strings/string_view.h>

#include <string>

#include "klynge/goals/v1/framework.pb.h"
#include "services/goals/goal.h"
#include "services/platform/rpc/status.h"

namespace klynge::goals {

// One version, with its codes at hand.
struct Framework {
  explicit Framework(v1::Framework published);

  v1::Framework content;
  absl::flat_hash_set<std::string> core_areas;
  absl::flat_hash_set<std::string> guideposts;
  absl::flat_hash_set<std::string> themes;
};

// Adds every fault of a framework that is to be published: ids, labels in both languages, codes
// that are unique and refer to what is there. Field paths begin with "framework.".
void CheckFramework(const v1::Framework& framework, Violations& violations);

// Whether both say the same, whatever their version and time of publishing.
bool SameContent(const v1::Framework& a, const v1::Framework& b);

// Adds a violation for every code of the goal that the framework does not have. Paths begin with
// `prefix`.
void CheckCodes(const Goal& goal, const Framework& framework, absl::string_view prefix,
                Violations& violations);

}  // namespace klynge::goals
