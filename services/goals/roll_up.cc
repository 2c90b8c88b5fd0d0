#include "services/goals/roll_up.h"

#include <algorithm>
#include <utility>

#include "services/goals/progress.h"
#include "services/organisation/client/lineage.h"

namespace klynge::goals {

absl::optional<double> Sum::Mean() const {
  if (counted == 0) return absl::nullopt;
  // Rounding may carry a mean of ones a hair above one.
  return std::clamp(weighted / weight, 0.0, 1.0);
}

void Sum::Add(const Sum& other) {
  weight += other.weight;
  weighted += other.weighted;
  counted += other.counted;
}

Contribution ContributionOf(const Goal& goal, Date day) {
  Contribution contribution;
  contribution.unit_id = goal.unit_id;
  contribution.state = StateOn(goal, day);
  contribution.core_areas = goal.core_areas;
  if (!Counts(goal, day)) return contribution;
  contribution.sum = {goal.weight, goal.weight * OwnProgress(goal, day).value_or(0), 1};
  contribution.measured = IsMeasured(goal, day);
  contribution.days_overdue = DaysOverdue(goal, day);
  return contribution;
}

void UnitSums::Add(const Contribution& goal) {
  if (!goal.state) return;
  switch (*goal.state) {
    case State::kDraft:
      ++draft;
      break;
    case State::kAgreed:
      ++agreed;
      break;
    case State::kAchieved:
      ++achieved;
      break;
    case State::kAbandoned:
      ++abandoned;
      return;  // counts in nothing else
  }
  sum.Add(goal.sum);
  if (goal.sum.counted > 0 && !goal.measured) ++unmeasured;
  if (goal.days_overdue > 0) ++overdue;
  for (const std::string& code : goal.core_areas) {
    AreaSums& area = areas[code];
    area.sum.Add(goal.sum);
    if (*goal.state == State::kDraft) ++area.drafts;
  }
}

void UnitSums::Add(const UnitSums& other) {
  sum.Add(other.sum);
  unmeasured += other.unmeasured;
  draft += other.draft;
  agreed += other.agreed;
  achieved += other.achieved;
  abandoned += other.abandoned;
  overdue += other.overdue;
  for (const auto& [code, area] : other.areas) {
    AreaSums& mine = areas[code];
    mine.sum.Add(area.sum);
    mine.drafts += area.drafts;
  }
}

RollUp::RollUp(std::shared_ptr<const organisation::Tree> tree, Date day, Date tree_day)
    : tree_(std::move(tree)), day_(day), tree_day_(tree_day) {
  for (const organisation::UnitVersion* unit : tree_->UnitsOn(tree_day_)) {
    if (tree_->FindUnit(unit->parent_id, tree_day_) == nullptr) AddSubtree(unit->unit_id);
  }
}

void RollUp::AddSubtree(absl::string_view root_id) {
  for (const organisation::UnitVersion* version : tree_->SubtreeVersions(root_id, tree_day_)) {
    const size_t at = nodes_.size();
    if (!index_.emplace(version->unit_id, at).second) continue;
    Node& node = nodes_.emplace_back();
    node.unit.version = version;
    auto parent = index_.find(version->parent_id);
    if (parent == index_.end()) continue;
    node.parent = parent->second;
    nodes_[node.parent].children.push_back(at);
    nodes_[node.parent].unit.children.push_back(version->unit_id);
  }
}

size_t RollUp::PlaceOf(absl::string_view unit_id) const {
  auto at = index_.find(unit_id);
  if (at != index_.end()) return at->second;
  const auto* standing = tree_->Indexed<organisation::Lineage>().StandsFor(unit_id, tree_day_);
  if (standing == nullptr) return kNone;
  at = index_.find(standing->unit_id);
  return at == index_.end() ? kNone : at->second;
}

void RollUp::Set(const Goal& goal) {
  const size_t place = PlaceOf(goal.unit_id);
  if (place == kNone) return;
  nodes_[place].goals[goal.goal_id] = ContributionOf(goal, day_);
  unsettled_.insert(place);
}

// Parents stand before their children, so from the back every total is made from settled ones, each
// once.
void RollUp::Settle() {
  while (!unsettled_.empty()) {
    auto last = std::prev(unsettled_.end());
    Node& node = nodes_[*last];
    unsettled_.erase(last);
    node.unit.own = UnitSums();
    for (const auto& [goal_id, goal] : node.goals) node.unit.own.Add(goal);
    node.unit.total = node.unit.own;
    for (size_t child : node.children) node.unit.total.Add(nodes_[child].unit.total);
    if (node.parent != kNone) unsettled_.insert(node.parent);
  }
}

const RollUp::Unit* RollUp::Find(absl::string_view unit_id) {
  Settle();
  auto at = index_.find(unit_id);
  return at == index_.end() ? nullptr : &nodes_[at->second].unit;
}

std::vector<Overdue> RollUp::OverdueIn(absl::string_view unit_id, size_t limit) {
  std::vector<Overdue> found;
  auto root = index_.find(unit_id);
  if (root == index_.end()) return found;
  Settle();
  std::vector<size_t> next = {root->second};
  while (!next.empty()) {
    const Node& node = nodes_[next.back()];
    next.pop_back();
    for (size_t child : node.children) {
      if (nodes_[child].unit.total.overdue > 0) next.push_back(child);
    }
    if (node.unit.own.overdue == 0) continue;
    for (const auto& [goal_id, goal] : node.goals) {
      if (goal.days_overdue > 0) {
        found.push_back({goal_id, goal.unit_id, goal.days_overdue});
      }
    }
  }
  std::sort(found.begin(), found.end(), [](const Overdue& a, const Overdue& b) {
    return std::tie(b.days, a.goal_id) < std::tie(a.days, b.goal_id);
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace klynge::goals
