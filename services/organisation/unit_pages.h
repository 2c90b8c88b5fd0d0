// The units of a tree in pages by id, as they stand in one hierarchy.
#pragma once

#include <absl/strings/string_view.h>

#include <memory>
#include <vector>

#include "services/organisation/client/model.h"
#include "services/organisation/unit_order.h"
#include "services/platform/mutex.h"

namespace klynge::organisation {

class HierarchyTree;
class Tree;

// Which units of a day, and which page of them.
struct UnitQuery {
  Date on;
  const HierarchyTree* hierarchy = nullptr;   // null: the line
  const UnitVersion* top = nullptr;           // it and what is below it; null: all units
  std::vector<absl::string_view> kinds = {};  // none: any; none may be there twice
  absl::string_view after = "";               // only what comes after this id; "": from the first
  size_t limit = 0;
};

struct UnitPage {
  std::vector<const UnitVersion*> units;  // by id
  int64_t total = 0;                      // on all pages
  bool last = true;                       // no more comes after these
};

// Thread-safe. Units given to it must be the tree's.
class UnitPages {
 public:
  // Both must outlive it. A null hierarchy is the line.
  UnitPages(const Tree& tree, const HierarchyTree* hierarchy);
  UnitPages(const UnitPages&) = delete;
  UnitPages& operator=(const UnitPages&) = delete;

  // Takes time by what it finds, but for the first pages asked for in a period in which no unit
  // changes: those are found by walking through the units, until that has cost as much as arranging
  // them. The arrangements of a few periods are kept.
  UnitPage List(const UnitQuery& query) const;

 private:
  static constexpr size_t kKept = 8;

  // The days from one change of a unit to the next.
  struct Period {
    size_t number = 0;
    size_t walked = 0;      // units
    bool arranged = false;  // or being arranged
    std::shared_ptr<const UnitOrder> order = nullptr;
  };

  size_t PeriodOf(Date on) const;
  // Makes the period the first of `periods_`.
  Period& Use(size_t number) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<const UnitOrder> OrderOf(size_t period) const;
  // Tells that so many units were walked through to answer for a day of the period.
  void Walked(size_t period, size_t units, Date on) const;
  std::vector<const UnitVersion*> Walk(const UnitQuery& query) const;
  // The first unit after this id.
  const UnitVersion* After(absl::string_view unit_id) const;

  const Tree& tree_;
  const HierarchyTree* const hierarchy_;
  const std::vector<UnitVersion>& units_;
  std::vector<Date> changes_;  // days on which a version or placement begins or ends, ascending
  mutable Mutex mutex_;
  mutable std::vector<Period> periods_ ABSL_GUARDED_BY(mutex_);  // the last used first
};

}  // namespace klynge::organisation
