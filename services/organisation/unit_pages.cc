#include "services/organisation/unit_pages.h"

#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <functional>

#include "services/organisation/client/tree.h"
#include "services/organisation/hierarchy_index.h"

namespace klynge::organisation {
namespace {

std::vector<Date> Changes(const std::vector<UnitVersion>& units, const HierarchyTree* hierarchy) {
  absl::flat_hash_set<Date> days;
  for (const UnitVersion& unit : units) days.insert({unit.valid.from, unit.valid.to});
  if (hierarchy != nullptr) {
    for (const Placement* placement : hierarchy->placements()) {
      days.insert({placement->valid.from, placement->valid.to});
    }
  }
  std::vector<Date> changes(days.begin(), days.end());
  absl::c_sort(changes);
  return changes;
}

// Puts the page of `units`, which are all there are, in the order of ids, into a UnitPage.
UnitPage PageOf(const std::vector<const UnitVersion*>& units, const UnitVersion* first,
                size_t limit) {
  UnitPage page;
  page.total = static_cast<int64_t>(units.size());
  const auto from = std::lower_bound(units.begin(), units.end(), first, std::less<>());
  page.last = static_cast<size_t>(units.end() - from) <= limit;
  page.units.assign(from, page.last ? units.end() : from + static_cast<ptrdiff_t>(limit));
  return page;
}

}  // namespace

UnitPages::UnitPages(const Tree& tree, const HierarchyTree* hierarchy)
    : tree_(tree),
      hierarchy_(hierarchy),
      units_(tree.organisation().units),
      changes_(Changes(units_, hierarchy)) {}

UnitPage UnitPages::List(const UnitQuery& query) const {
  const size_t period = PeriodOf(query.on);
  const UnitVersion* const first = After(query.after);
  const std::shared_ptr<const UnitOrder> order = OrderOf(period);
  if (order == nullptr) return PageOf(Walk(query), first, query.limit);

  std::vector<uint32_t> places;
  places.reserve(query.limit + 1);
  UnitPage page;
  // One more than the page holds tells whether it is the last.
  page.total = order->List(query.top, query.kinds, static_cast<uint32_t>(first - units_.data()),
                           query.limit + 1, places);
  page.last = places.size() <= query.limit;
  if (!page.last) places.pop_back();
  page.units.reserve(places.size());
  for (const uint32_t place : places) page.units.push_back(&units_[place]);
  return page;
}

std::vector<const UnitVersion*> UnitPages::Walk(const UnitQuery& query) const {
  std::vector<const UnitVersion*> units;
  if (query.top == nullptr) {
    units = hierarchy_ != nullptr ? hierarchy_->UnitsOn(query.on) : tree_.UnitsOn(query.on);
    Walked(PeriodOf(query.on), units_.size(), query.on);
  } else {
    units = hierarchy_ != nullptr ? hierarchy_->SubtreeVersions(query.top->unit_id, query.on)
                                  : tree_.SubtreeVersions(query.top->unit_id, query.on);
    Walked(PeriodOf(query.on), units.size(), query.on);
    absl::c_sort(units, std::less<>());
  }
  if (query.kinds.empty()) return units;
  std::erase_if(units, [&](const UnitVersion* unit) {
    return !absl::c_linear_search(query.kinds, unit->kind);
  });
  return units;
}

const UnitVersion* UnitPages::After(absl::string_view unit_id) const {
  if (unit_id.empty()) return units_.data();
  return units_.data() + (std::upper_bound(units_.begin(), units_.end(), unit_id,
                                           [](absl::string_view id, const UnitVersion& unit) {
                                             return id < unit.unit_id;
                                           }) -
                          units_.begin());
}

size_t UnitPages::PeriodOf(Date on) const {
  return static_cast<size_t>(absl::c_upper_bound(changes_, on) - changes_.begin());
}

UnitPages::Period& UnitPages::Use(size_t number) const {
  const auto found =
      absl::c_find_if(periods_, [&](const Period& period) { return period.number == number; });
  if (found != periods_.end()) {
    std::rotate(periods_.begin(), found, found + 1);
  } else {
    if (periods_.size() == kKept) periods_.pop_back();
    periods_.insert(periods_.begin(), Period{.number = number});
  }
  return periods_.front();
}

std::shared_ptr<const UnitOrder> UnitPages::OrderOf(size_t period) const {
  MutexLock lock(&mutex_);
  return Use(period).order;
}

void UnitPages::Walked(size_t number, size_t units, Date on) const {
  {
    MutexLock lock(&mutex_);
    Period& period = Use(number);
    period.walked += units;
    if (period.arranged || period.walked < units_.size()) return;
    period.arranged = true;
  }
  std::shared_ptr<const UnitOrder> order = UnitOrder::Make(tree_, on, hierarchy_);
  MutexLock lock(&mutex_);
  Use(number).order = std::move(order);
}

}  // namespace klynge::organisation
