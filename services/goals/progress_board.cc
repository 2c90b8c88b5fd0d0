#include "services/goals/progress_board.h"

#include <algorithm>

namespace klynge::goals {

bool ProgressBoard::Has(const organisation::Tree& tree, Days days) const {
  MutexLock lock(&mutex_);
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return entry.Is(tree, days); });
}

void ProgressBoard::Ask(const Tree& tree, Days days, const BookAt& latest,
                        const std::function<void(RollUp&, const BookAt&)>& ask) {
  MutexLock lock(&mutex_);
  Entry& entry = At(tree, days);
  if (!entry.shown.book || entry.shown.revision < latest.revision) {
    const auto set = [&](const GoalPointer& goal) { entry.roll_up.Set(*goal); };
    if (entry.shown.book) {
      latest.book->ForEachChangedSince(*entry.shown.book, set);
    } else {
      latest.book->ForEach(set);
    }
    entry.shown = latest;
  }
  ask(entry.roll_up, entry.shown);
}

ProgressBoard::Entry& ProgressBoard::At(const Tree& tree, Days days) {
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (!entry->Is(*tree, days)) continue;
    entries_.splice(entries_.begin(), entries_, entry);
    return entries_.front();
  }
  entries_.push_front(Entry{RollUp(tree, days.day, days.tree_day), {}});
  if (entries_.size() > kKept) entries_.pop_back();
  return entries_.front();
}

}  // namespace klynge::goals
