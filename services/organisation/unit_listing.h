// The units of a tree as organisation sends them: as bytes, and in pages by id.
//
// An index of a tree: tree.Indexed<UnitListing>(). Making it takes some 20 ms for 50,000 units.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <memory>
#include <string>
#include <vector>

#include "services/organisation/unit_pages.h"

namespace klynge::organisation {

// Thread-safe. Units and hierarchies given to it must be the tree's.
class UnitListing {
 public:
  explicit UnitListing(const Tree& tree);
  UnitListing(const UnitListing&) = delete;
  UnitListing& operator=(const UnitListing&) = delete;

  // The unit as a v1::Unit in another message: its length, then its bytes.
  absl::string_view Bytes(const UnitVersion& unit) const {
    const auto place = static_cast<size_t>(&unit - units_.data());
    return {bytes_.data() + bytes_begin_[place], bytes_begin_[place + 1] - bytes_begin_[place]};
  }

  // See UnitPages.
  UnitPage List(const UnitQuery& query) const;

 private:
  // Made when first asked for.
  const UnitPages& PagesIn(const HierarchyTree& hierarchy) const;

  const Tree& tree_;
  const std::vector<UnitVersion>& units_;
  std::string bytes_;                // of all units, in their order
  std::vector<size_t> bytes_begin_;  // of each, and behind the last
  const UnitPages in_line_;
  mutable Mutex mutex_;
  mutable absl::flat_hash_map<const HierarchyTree*, std::unique_ptr<const UnitPages>> in_others_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace klynge::organisation
