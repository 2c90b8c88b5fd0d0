#include "services/organisation/unit_order.h"

#include <algorithm>

#include "services/organisation/client/tree.h"
#include "services/organisation/hierarchy_index.h"

namespace klynge::organisation {
namespace {

constexpr uint32_t kNowhere = UINT32_MAX;

// The places of the units that are there that day; nothing when one of them exists twice.
std::vector<uint32_t> PlacesOn(const std::vector<UnitVersion>& units, Date on,
                               const HierarchyTree* hierarchy) {
  std::vector<uint32_t> places;
  for (uint32_t place = 0; place < units.size(); ++place) {
    if (!units[place].valid.Contains(on)) continue;
    if (hierarchy != nullptr && hierarchy->FindUnit(units[place].unit_id, on) == nullptr) continue;
    if (!places.empty() && units[places.back()].unit_id == units[place].unit_id) return {};
    places.push_back(place);
  }
  return places;
}

}  // namespace

std::shared_ptr<const UnitOrder> UnitOrder::Make(const Tree& tree, Date on,
                                                 const HierarchyTree* hierarchy) {
  std::shared_ptr<UnitOrder> order(new UnitOrder(tree));
  const std::vector<uint32_t> places = PlacesOn(tree.organisation().units, on, hierarchy);
  return order->Arrange(places, on, hierarchy) ? order : nullptr;
}

bool UnitOrder::Arrange(const std::vector<uint32_t>& places, Date on,
                        const HierarchyTree* hierarchy) {
  const std::vector<UnitVersion>& units = tree_.organisation().units;
  std::vector<uint32_t> parents(units.size(), kNowhere);
  // The units below each, as a list: the first, and the next of each.
  std::vector<uint32_t> first(units.size(), kNowhere), next(units.size(), kNowhere);
  std::vector<uint32_t> waiting;
  for (const uint32_t place : places) {
    const UnitVersion* parent = hierarchy != nullptr ? hierarchy->ParentOf(units[place], on)
                                : units[place].parent_id.empty()
                                    ? nullptr
                                    : tree_.FindUnit(units[place].parent_id, on);
    if (parent == nullptr) {
      waiting.push_back(place);
      continue;
    }
    parents[place] = static_cast<uint32_t>(parent - units.data());
    next[place] = std::exchange(first[parents[place]], place);
  }

  std::vector<uint32_t> preorder;
  preorder.reserve(places.size());
  below_.resize(units.size());
  while (!waiting.empty()) {
    const uint32_t place = waiting.back();
    waiting.pop_back();
    const auto position = static_cast<uint32_t>(preorder.size());
    below_[place] = {position, position + 1};
    preorder.push_back(place);
    OfKind& kind = kinds_[units[place].kind];
    kind.positions.push_back(position);
    kind.places.push_back(place);
    for (uint32_t child = first[place]; child != kNowhere; child = next[child]) {
      waiting.push_back(child);
    }
  }
  // From the last to the first, so that each end is known before the parent's is made of it.
  for (auto place = preorder.rbegin(); place != preorder.rend(); ++place) {
    if (parents[*place] == kNowhere) continue;
    uint32_t& end = below_[parents[*place]].end;
    end = std::max(end, below_[*place].end);
  }
  if (preorder.size() != places.size() || places.empty()) return false;
  size_ = static_cast<uint32_t>(preorder.size());
  by_id_ = SortedRanges(std::move(preorder));
  for (auto& [name, kind] : kinds_) kind.by_id = SortedRanges(std::move(kind.places));
  return true;
}

UnitOrder::Range UnitOrder::RangeOf(const UnitVersion* top) const {
  if (top == nullptr) return {0, size_};
  return below_[static_cast<size_t>(top - tree_.organisation().units.data())];
}

int64_t UnitOrder::List(const UnitVersion* top, const std::vector<absl::string_view>& kinds,
                        uint32_t from, size_t limit, std::vector<uint32_t>& places) const {
  const Range range = RangeOf(top);
  if (kinds.empty()) {
    by_id_.SmallestFrom(range.begin, range.end, from, limit, places);
    return range.end - range.begin;
  }
  int64_t total = 0;
  for (const absl::string_view kind : kinds) {
    const auto found = kinds_.find(kind);
    if (found == kinds_.end()) continue;
    const std::vector<uint32_t>& positions = found->second.positions;
    const auto begin = std::lower_bound(positions.begin(), positions.end(), range.begin);
    const auto end = std::lower_bound(begin, positions.end(), range.end);
    total += end - begin;
    found->second.by_id.SmallestFrom(static_cast<uint32_t>(begin - positions.begin()),
                                     static_cast<uint32_t>(end - positions.begin()), from, limit,
                                     places);
  }
  // Each kind gave its first; the first of all are among them.
  std::sort(places.begin(), places.end());
  if (places.size() > limit) places.resize(limit);
  return total;
}

}  // namespace klynge::organisation
