// The units of one day, arranged so that a page of those below any of them needs no walk, no sort
// and no count.
//
// The units stand in preorder, so that what is below one of them is a range, and each range can be
// listed by id (SortedRanges), once for all units and once for each kind.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "services/organisation/client/model.h"
#include "services/organisation/sorted_ranges.h"

namespace klynge::organisation {

class HierarchyTree;
class Tree;

// Immutable. The tree must outlive it. Versions are named by their place in
// tree.organisation().units, which is in the order of ids.
class UnitOrder {
 public:
  // As they stand in the hierarchy; null: in the line. Null when the units break the organisation's
  // rules that day: there is one twice, or one below itself.
  static std::shared_ptr<const UnitOrder> Make(const Tree& tree, Date on,
                                               const HierarchyTree* hierarchy = nullptr);

  // Appends to `places` the first `limit` of the units that are `top` or below it (null: of all),
  // of one of `kinds` (none: of any; none twice), from the place `from` on. Returns how many there
  // are in all, from the first place on.
  int64_t List(const UnitVersion* top, const std::vector<absl::string_view>& kinds, uint32_t from,
               size_t limit, std::vector<uint32_t>& places) const;

 private:
  struct Range {
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  struct OfKind {
    std::vector<uint32_t> positions;  // in the preorder, ascending
    std::vector<uint32_t> places;     // of the units there; only until `by_id` is made of them
    SortedRanges by_id;
  };

  explicit UnitOrder(const Tree& tree) : tree_(tree) {}
  // False when not every unit was reached.
  bool Arrange(const std::vector<uint32_t>& places, Date on, const HierarchyTree* hierarchy);
  Range RangeOf(const UnitVersion* top) const;

  const Tree& tree_;
  uint32_t size_ = 0;
  std::vector<Range> below_;  // by place: what stands below it, itself first
  SortedRanges by_id_;
  absl::flat_hash_map<absl::string_view, OfKind> kinds_;
};

}  // namespace klynge::organisation
