// Progress, states, core areas and overdue follow-up of one day, rolled up over the tree of the
// same day or of another, and kept up to date goal by goal. Pure; not thread-safe.
//
// Every unit holds the sums of its own goals and the totals of its subtree: its own sums plus its
// children's totals, in the tree's order. A changed goal makes the sums of its unit and the totals
// of the units above it anew, and of nothing else. They are always added up anew and never
// corrected by a difference, so what is kept step by step is, to the last bit, what reckoning from
// scratch gives.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "services/goals/goal.h"
#include "services/organisation/client/tree.h"

namespace klynge::goals {

// Weighted progress of some goals. The mean is weighted / weight.
struct Sum {
  double weight = 0;
  double weighted = 0;
  int64_t counted = 0;  // goals that are agreed or achieved

  absl::optional<double> Mean() const;
  void Add(const Sum& other);
};

// What a goal adds to its unit on a day.
struct Contribution {
  std::string unit_id;
  absl::optional<State> state;  // nothing before the goal's first day
  Sum sum;
  bool measured = false;
  int64_t days_overdue = 0;
  std::vector<std::string> core_areas;
};
Contribution ContributionOf(const Goal& goal, Date day);

// The sums of one core area.
struct AreaSums {
  Sum sum;
  int64_t drafts = 0;
  bool covered() const { return sum.counted > 0 || drafts > 0; }
};

// The sums of one unit or subtree.
struct UnitSums {
  Sum sum;
  int64_t unmeasured = 0;  // of the counted goals
  int64_t draft = 0;
  int64_t agreed = 0;
  int64_t achieved = 0;
  int64_t abandoned = 0;
  int64_t overdue = 0;
  std::map<std::string, AreaSums> areas;  // by core area code

  void Add(const Contribution& goal);
  void Add(const UnitSums& other);
};

struct Overdue {
  std::string goal_id;
  std::string unit_id;  // the goal's own
  int64_t days = 0;
};

class RollUp {
 public:
  // Of goals as they are on `day`, over the tree as it is on `tree_day`; with no goals yet.
  RollUp(std::shared_ptr<const organisation::Tree> tree, Date day, Date tree_day);
  RollUp(std::shared_ptr<const organisation::Tree> tree, Date day)
      : RollUp(std::move(tree), day, day) {}

  // Adds the goal, or replaces what it was. A goal of a unit that is not there on the tree's day
  // counts in the one that stands for it (organisation::Lineage); of a unit that nobody knows,
  // nowhere.
  void Set(const Goal& goal);

  struct Unit {
    const organisation::UnitVersion* version = nullptr;
    UnitSums own;
    UnitSums total;  // own and everything below
    std::vector<std::string> children;
  };
  // Null when the unit does not exist on the tree's day. Valid until the next Set.
  const Unit* Find(absl::string_view unit_id);

  // The overdue goals of the subtree, the longest overdue first, then by id; at most `limit`.
  std::vector<Overdue> OverdueIn(absl::string_view unit_id, size_t limit);

  const organisation::Tree& tree() const { return *tree_; }
  Date day() const { return day_; }
  Date tree_day() const { return tree_day_; }

 private:
  struct Node {
    Unit unit;
    size_t parent = kNone;
    std::vector<size_t> children;
    std::map<std::string, Contribution> goals;  // by id: the order of adding up
  };
  static constexpr size_t kNone = static_cast<size_t>(-1);

  void AddSubtree(absl::string_view root_id);
  // Where goals of the unit count; kNone when nowhere.
  size_t PlaceOf(absl::string_view unit_id) const;
  void Settle();

  const std::shared_ptr<const organisation::Tree> tree_;
  const Date day_;
  const Date tree_day_;
  std::vector<Node> nodes_;  // parents before children
  absl::flat_hash_map<std::string, size_t> index_;
  std::set<size_t> unsettled_;
};

}  // namespace klynge::goals
