// Trees to test the analytics with. Only for tests.
#pragma once

#include <absl/strings/str_cat.h>

#include <random>
#include <vector>

#include "services/observations/analytics/reporting_tree.h"

namespace klynge::observations::analytics::testing {

// {child, parent} lines, the top with "": kinds do not matter here.
inline ReportingTree TreeOf(
    const std::vector<std::pair<std::string, std::string>>& child_and_parent) {
  std::vector<ReportingTree::Unit> units;
  for (const auto& [child, parent] : child_and_parent) {
    units.push_back({child, "kind", child, parent});
  }
  return ReportingTree::Make(units).value();
}

// One cluster with units u0, u1, …
inline ReportingTree Cluster(int units) {
  std::vector<std::pair<std::string, std::string>> lines = {{"cluster", ""}};
  for (int i = 0; i < units; ++i) lines.emplace_back(absl::StrCat("u", i), "cluster");
  return TreeOf(lines);
}

// A tree of up to `most` units, each below a unit drawn among those before it.
inline ReportingTree RandomTree(std::mt19937& random, int most) {
  const int size = std::uniform_int_distribution<int>(1, most)(random);
  std::vector<std::pair<std::string, std::string>> lines = {{"n0", ""}};
  for (int i = 1; i < size; ++i) {
    const int parent = std::uniform_int_distribution<int>(std::max(0, i - 6), i - 1)(random);
    lines.emplace_back(absl::StrCat("n", i), absl::StrCat("n", parent));
  }
  return TreeOf(lines);
}

}  // namespace klynge::observations::analytics::testing
