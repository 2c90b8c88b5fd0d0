#include "services/goals/unit_uses.h"

#include <absl/strings/str_cat.h>

namespace klynge::goals {
namespace {

const char* Word(State state) {
  switch (state) {
    case State::kDraft:
      return "draft";
    case State::kAgreed:
      return "agreed";
    case State::kAchieved:
      return "achieved";
    case State::kAbandoned:
      return "abandoned";
  }
  return "";
}

type::v1::UnitUse Use(const char* sort, std::string id, const std::string& title,
                      const Goal& goal) {
  type::v1::UnitUse use;
  use.set_sort(sort);
  use.set_id(std::move(id));
  use.set_title(title);
  use.set_state(Word(StateOf(goal)));
  return use;
}

// An indicator refers to a unit for as long as its goal is followed up.
void AddIndicators(const rpc::UnitsAsked& asked, const Goal& goal, const DateRange& open,
                   rpc::UnitUses& uses) {
  for (const Criterion& criterion : goal.criteria) {
    if (!criterion.binding) continue;
    const std::string& bound = criterion.binding->unit_id;
    const std::string& unit_id = bound.empty() ? goal.unit_id : bound;
    if (!asked.Has(unit_id)) continue;
    AddUse(asked, unit_id, open,
           Use("indicator", absl::StrCat(goal.goal_id, "/", criterion.criterion_id),
               criterion.indicator, goal),
           uses);
  }
}

}  // namespace

rpc::UnitUses UsesOf(const rpc::UnitsAsked& asked, const GoalBook& book) {
  rpc::UnitUses uses;
  book.ForEach([&](const GoalPointer& goal) {
    const DateRange open = {goal->starts_on, goal->closure ? goal->closure->on : kOpenEnd};
    if (open.empty()) return;
    if (asked.Has(goal->unit_id)) {
      AddUse(asked, goal->unit_id, open, Use("goal", goal->goal_id, goal->title, *goal), uses);
    }
    AddIndicators(asked, *goal, open, uses);
  });
  return uses;
}

}  // namespace klynge::goals
