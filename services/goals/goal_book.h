// Every goal and framework as of one revision, held in memory: what reads are answered from and
// what writes are judged by. Immutable once made, so any number of threads may read it; a copy
// shares all but what was changed.
#pragma once

#include <absl/strings/string_view.h>

#include <memory>
#include <string>
#include <vector>

#include "services/goals/cow_map.h"
#include "services/goals/framework.h"
#include "services/goals/goal.h"

namespace klynge::goals {

using GoalPointer = std::shared_ptr<const Goal>;
using FrameworkPointer = std::shared_ptr<const Framework>;

class GoalBook {
 public:
  GoalBook() = default;
  GoalBook(const GoalBook&) = default;
  GoalBook& operator=(const GoalBook&) = delete;

  // Null when there is none.
  GoalPointer Find(absl::string_view goal_id) const { return goals_.Find(goal_id); }
  // By goal id; empty when the unit has none.
  std::vector<std::string> OfUnit(absl::string_view unit_id) const;
  // The goals that carry this one forward directly, by id.
  std::vector<std::string> Carrying(absl::string_view goal_id) const;
  // The goal and all that cascade from it, directly or through others; each once.
  std::vector<GoalPointer> Cascade(absl::string_view goal_id) const;
  // Whether `goal_id` stands above `below` in the cascade, or is it.
  bool CascadesTo(absl::string_view goal_id, absl::string_view below) const;

  // visit(const GoalPointer&), in no particular order.
  template <class Visit>
  void ForEach(Visit visit) const {
    goals_.ForEach(visit);
  }
  // The goals that are new or changed in this book.
  template <class Visit>
  void ForEachChangedSince(const GoalBook& before, Visit visit) const {
    goals_.ForEachChangedSince(before.goals_, visit);
  }

  // That version, or with 0 the newest of that id; null when there is none.
  FrameworkPointer FindFramework(absl::string_view framework_id, int64_t version) const;
  // In the order they were published.
  const std::vector<FrameworkPointer>& frameworks() const { return frameworks_; }

  // For building the next book: adds or replaces. A goal never moves to another unit, but it may to
  // another parent.
  void Set(GoalPointer goal);
  // A version that is there already is left as it is.
  void Add(FrameworkPointer framework);

 private:
  // Goal ids gathered under one unit or parent.
  struct Ids {
    std::string owner;
    std::vector<std::string> ids;  // sorted
    absl::string_view key() const { return owner; }
  };
  static void Link(CowMap<Ids>& index, const std::string& owner, const std::string& goal_id);
  static void Unlink(CowMap<Ids>& index, const std::string& owner, const std::string& goal_id);

  CowMap<Goal> goals_;
  CowMap<Ids> by_unit_;
  CowMap<Ids> by_parent_;
  std::vector<FrameworkPointer> frameworks_;
};

}  // namespace klynge::goals
