#include "services/organisation/client/lineage.h"

#include <absl/algorithm/container.h>

#include <algorithm>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {
namespace {

// Longer than any real history; each step goes towards the day asked about.
constexpr int kMostSteps = 64;

std::vector<const Succession*> Found(
    const absl::flat_hash_map<absl::string_view, std::vector<const Succession*>>& successions,
    absl::string_view unit_id) {
  auto found = successions.find(unit_id);
  return found == successions.end() ? std::vector<const Succession*>{} : found->second;
}

}  // namespace

Lineage::Lineage(const Tree& tree) : tree_(tree) {
  for (const Succession& succession : tree.organisation().successions) {
    from_[succession.from_unit_id].push_back(&succession);
    to_[succession.to_unit_id].push_back(&succession);
  }
  for (Successions* successions : {&from_, &to_}) {
    for (auto& [unit_id, list] : *successions) {
      std::stable_sort(list.begin(), list.end(),
                       [](const auto* a, const auto* b) { return a->on < b->on; });
    }
  }
}

std::vector<const Succession*> Lineage::SuccessionsFrom(absl::string_view unit_id) const {
  return Found(from_, unit_id);
}

std::vector<const Succession*> Lineage::SuccessionsTo(absl::string_view unit_id) const {
  return Found(to_, unit_id);
}

const UnitVersion* Lineage::StandsFor(absl::string_view unit_id, Date on) const {
  return StandsFor(unit_id, on, kMostSteps);
}

const UnitVersion* Lineage::StandsFor(absl::string_view unit_id, Date on, int steps) const {
  if (const UnitVersion* unit = tree_.FindUnit(unit_id, on)) return unit;
  const std::vector<const UnitVersion*> versions = tree_.Versions(unit_id);
  if (versions.empty() || steps == 0) return nullptr;
  if (versions.back()->valid.to <= on) return After(unit_id, *versions.back(), on, steps - 1);
  if (on < versions.front()->valid.from) return Before(unit_id, *versions.front(), on, steps - 1);
  // Between an end and a new beginning.
  const auto next = absl::c_find_if(
      versions, [on](const UnitVersion* version) { return version->valid.from > on; });
  return After(unit_id, **std::prev(next), on, steps - 1);
}

const UnitVersion* Lineage::After(absl::string_view unit_id, const UnitVersion& last, Date on,
                                  int steps) const {
  std::vector<const Succession*> successions = SuccessionsFrom(unit_id);
  // While it lived on, a part that went on elsewhere took none of its figures along.
  successions.erase(std::remove_if(successions.begin(), successions.end(),
                                   [&](const auto* each) { return each->on != last.valid.to; }),
                    successions.end());
  const auto carrier =
      absl::c_find_if(successions, [](const auto* each) { return each->carries_figures; });
  if (carrier != successions.end()) successions = {*carrier};
  if (successions.empty()) return StandsFor(last.parent_id, on, steps);
  std::vector<const UnitVersion*> units;
  for (const Succession* succession : successions) {
    units.push_back(StandsFor(succession->to_unit_id, on, steps));
  }
  return NearestAboveAll(units, on);
}

const UnitVersion* Lineage::Before(absl::string_view unit_id, const UnitVersion& first, Date on,
                                   int steps) const {
  std::vector<const UnitVersion*> units;
  for (const Succession* succession : SuccessionsTo(unit_id)) {
    if (succession->on != first.valid.from) continue;
    units.push_back(StandsFor(succession->from_unit_id, on, steps));
  }
  if (units.empty()) return StandsFor(first.parent_id, on, steps);
  return NearestAboveAll(units, on);
}

const UnitVersion* Lineage::NearestAboveAll(const std::vector<const UnitVersion*>& units,
                                            Date on) const {
  if (absl::c_linear_search(units, nullptr)) return nullptr;
  std::vector<const UnitVersion*> candidates = tree_.AncestorVersions(units[0]->unit_id, on);
  candidates.insert(candidates.begin(), units[0]);
  const auto nearest = absl::c_find_if(candidates, [&](const UnitVersion* candidate) {
    return absl::c_all_of(units, [&](const UnitVersion* unit) {
      return tree_.IsWithin(unit->unit_id, candidate->unit_id, on);
    });
  });
  return nearest == candidates.end() ? nullptr : *nearest;
}

}  // namespace klynge::organisation
