#include "services/organisation/lineage_queries.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>

#include "services/organisation/client/convert.h"
#include "services/organisation/client/lineage.h"
#include "services/organisation/query_support.h"

namespace klynge::organisation {
namespace {

// All successions that are reached from the unit, each once. `next(unit_id)` are those of one unit,
// `end(succession)` the unit at the other end of one.
template <class Next, class End>
std::vector<const Succession*> Reached(const std::string& unit_id, Next next, End end) {
  std::vector<const Succession*> reached;
  absl::flat_hash_set<std::string> seen = {unit_id};
  std::vector<std::string> waiting = {unit_id};
  while (!waiting.empty()) {
    const std::string id = std::move(waiting.back());
    waiting.pop_back();
    for (const Succession* succession : next(id)) {
      reached.push_back(succession);
      if (seen.insert(end(*succession)).second) waiting.push_back(end(*succession));
    }
  }
  std::stable_sort(reached.begin(), reached.end(),
                   [](const auto* a, const auto* b) { return a->on < b->on; });
  return reached;
}

}  // namespace

absl::Status Answer(const Tree& tree, Date today, const v1::GetLineageRequest& request,
                    v1::GetLineageResponse* response) {
  Violations violations;
  RequireId(violations, "unit_id", request.unit_id());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  const std::string& unit_id = request.unit_id();
  if (!tree.Exists(unit_id)) return UnitNotFound(tree, unit_id, on);

  const Lineage& lineage = tree.Indexed<Lineage>();
  auto came_from = Reached(
      unit_id, [&](const std::string& id) { return lineage.SuccessionsTo(id); },
      [](const Succession& succession) -> const std::string& { return succession.from_unit_id; });
  std::reverse(came_from.begin(), came_from.end());
  for (const Succession* each : came_from) ToProto(*each, response->add_came_from());
  for (const Succession* each : Reached(
           unit_id, [&](const std::string& id) { return lineage.SuccessionsFrom(id); },
           [](const Succession& one) -> const std::string& { return one.to_unit_id; })) {
    ToProto(*each, response->add_went_on_in());
  }
  if (const UnitVersion* unit = lineage.StandsFor(unit_id, on)) {
    ToProto(*unit, response->mutable_stands_for());
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

}  // namespace klynge::organisation
