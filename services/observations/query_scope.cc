#include "services/observations/query_scope.h"

#include <absl/strings/str_cat.h>

#include <set>

#include "klynge/observations/v1/errors.pb.h"
#include "services/platform/rpc/status.h"

namespace klynge::observations {
namespace {

using analytics::ReportingTree;

bool AtLevel(const ReportingTree& tree, int index, v1::AggregateLevel level) {
  const ReportingTree::Node& node = tree.node(index);
  if (level == v1::AGGREGATE_LEVEL_UNIT) return node.leaf;
  if (node.leaf || node.parent < 0) return false;
  if (level == v1::AGGREGATE_LEVEL_AREA) return node.depth == 1;
  for (int child = index + 1; child < node.end; child = tree.node(child).end) {
    if (tree.node(child).leaf) return true;
  }
  return false;
}

}  // namespace

std::vector<int> NodesAt(const ReportingTree& tree, const Ids& unit_ids, v1::AggregateLevel level) {
  std::set<int> scopes;
  for (const std::string& unit_id : unit_ids) {
    if (const int node = tree.Find(unit_id); node >= 0) scopes.insert(node);
  }
  if (unit_ids.empty() || level == v1::AGGREGATE_LEVEL_WHOLE) {
    scopes.clear();
    for (int node = 0; node < tree.size(); node = tree.node(node).end) scopes.insert(node);
  }
  if (level == v1::AGGREGATE_LEVEL_UNSPECIFIED || level == v1::AGGREGATE_LEVEL_SCOPE ||
      level == v1::AGGREGATE_LEVEL_WHOLE) {
    return {scopes.begin(), scopes.end()};
  }
  std::set<int> nodes;
  for (const int scope : scopes) {
    for (int node = scope; node < tree.node(scope).end; ++node) {
      if (AtLevel(tree, node, level)) nodes.insert(node);
    }
  }
  return {nodes.begin(), nodes.end()};
}

absl::Status RequireUnits(const Ids& unit_ids, const Rounds& rounds) {
  Violations missing;
  for (int i = 0; i < unit_ids.size(); ++i) {
    bool found = false;
    for (const auto& round : rounds) found |= round->tree->Find(unit_ids[i]) >= 0;
    if (!found) {
      missing.Add(absl::StrCat("unit_ids[", i, "]"),
                  absl::StrCat("\"", unit_ids[i], "\" is in none of the rounds"));
    }
  }
  return missing.ToStatus(absl::StatusCode::kNotFound,
                          ReasonName(v1::ERROR_REASON_UNIT_NOT_IN_ROUND), "");
}

absl::Status RequireUnitsOn(const organisation::Tree& organisation, const Ids& unit_ids,
                            const std::string& day) {
  Violations missing;
  for (int i = 0; i < unit_ids.size(); ++i) {
    if (organisation.FindUnit(unit_ids[i], *ParseDate(day)) != nullptr) continue;
    missing.Add(absl::StrCat("unit_ids[", i, "]"),
                absl::StrCat("the organisation has no unit \"", unit_ids[i], "\" on ", day));
  }
  return missing.ToStatus(absl::StatusCode::kNotFound, ReasonName(v1::ERROR_REASON_UNIT_NOT_FOUND),
                          "");
}

RoundView ViewOf(std::shared_ptr<const Round> round, const organisation::Tree* organisation,
                 const std::string& tree_as_of) {
  if (tree_as_of.empty()) return RoundView(std::move(round));
  return RoundView(std::move(round), *organisation, *ParseDate(tree_as_of));
}

absl::Status RequireItems(const Ids& item_ids, const Rounds& rounds) {
  Violations missing;
  for (int i = 0; i < item_ids.size() && !rounds.empty(); ++i) {
    bool found = false;
    for (const auto& round : rounds) found |= round->instrument->FindItem(item_ids[i]) >= 0;
    if (!found) {
      missing.Add(absl::StrCat("item_ids[", i, "]"),
                  absl::StrCat("\"", item_ids[i], "\" is no item of the rounds' instruments"));
    }
  }
  return missing.ToStatus(v1::ERROR_REASON_UNKNOWN_ITEM);
}

}  // namespace klynge::observations
