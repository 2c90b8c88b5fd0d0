#include "services/goals/goal_book.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <utility>

namespace klynge::goals {

std::vector<std::string> GoalBook::OfUnit(absl::string_view unit_id) const {
  auto entry = by_unit_.Find(unit_id);
  return entry ? entry->ids : std::vector<std::string>();
}

std::vector<std::string> GoalBook::Carrying(absl::string_view goal_id) const {
  auto entry = by_parent_.Find(goal_id);
  return entry ? entry->ids : std::vector<std::string>();
}

std::vector<GoalPointer> GoalBook::Cascade(absl::string_view goal_id) const {
  std::vector<GoalPointer> found;
  absl::flat_hash_set<std::string> seen = {std::string(goal_id)};
  std::vector<std::string> next = {std::string(goal_id)};
  for (size_t i = 0; i < next.size(); ++i) {
    GoalPointer goal = Find(next[i]);
    if (!goal) continue;
    for (const std::string& child : Carrying(goal->goal_id)) {
      if (seen.insert(child).second) next.push_back(child);
    }
    found.push_back(std::move(goal));
  }
  return found;
}

bool GoalBook::CascadesTo(absl::string_view goal_id, absl::string_view below) const {
  std::string at(below);
  // Bounded, so that a circle that should not be there cannot hold a caller for ever.
  for (int steps = 0; !at.empty() && steps < 1000; ++steps) {
    if (at == goal_id) return true;
    GoalPointer goal = Find(at);
    if (!goal) return false;
    at = goal->parent_goal_id;
  }
  return false;
}

FrameworkPointer GoalBook::FindFramework(absl::string_view framework_id, int64_t version) const {
  FrameworkPointer found;
  for (const FrameworkPointer& framework : frameworks_) {
    const v1::Framework& content = framework->content;
    if (content.framework_id() != framework_id) continue;
    if (content.version() == version) return framework;
    if (version == 0 && (!found || found->content.version() < content.version())) {
      found = framework;
    }
  }
  return found;
}

void GoalBook::Set(GoalPointer goal) {
  GoalPointer before = Find(goal->goal_id);
  if (!before) Link(by_unit_, goal->unit_id, goal->goal_id);
  if (!before || before->parent_goal_id != goal->parent_goal_id) {
    if (before) Unlink(by_parent_, before->parent_goal_id, goal->goal_id);
    Link(by_parent_, goal->parent_goal_id, goal->goal_id);
  }
  goals_.Set(std::move(goal));
}

void GoalBook::Add(FrameworkPointer framework) {
  for (const FrameworkPointer& there : frameworks_) {
    if (there->content.framework_id() == framework->content.framework_id() &&
        there->content.version() == framework->content.version()) {
      return;
    }
  }
  frameworks_.push_back(std::move(framework));
}

void GoalBook::Link(CowMap<Ids>& index, const std::string& owner, const std::string& goal_id) {
  if (owner.empty()) return;
  auto before = index.Find(owner);
  auto after = before ? std::make_shared<Ids>(*before) : std::make_shared<Ids>(Ids{owner, {}});
  after->ids.insert(std::lower_bound(after->ids.begin(), after->ids.end(), goal_id), goal_id);
  index.Set(std::move(after));
}

void GoalBook::Unlink(CowMap<Ids>& index, const std::string& owner, const std::string& goal_id) {
  auto before = index.Find(owner);
  if (!before) return;
  auto after = std::make_shared<Ids>(*before);
  after->ids.erase(std::remove(after->ids.begin(), after->ids.end(), goal_id), after->ids.end());
  index.Set(std::move(after));
}

}  // namespace klynge::goals
