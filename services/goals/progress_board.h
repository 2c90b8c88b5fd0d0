// The roll-ups of the days, and trees of days, that are asked about, kept at the newest book: a
// question about today takes microseconds after each check-in, however many goals there are.
#pragma once

#include <functional>
#include <list>
#include <memory>

#include "services/goals/goal_book.h"
#include "services/goals/roll_up.h"
#include "services/platform/mutex.h"

namespace klynge::goals {

// A book and the revision it shows.
struct BookAt {
  std::shared_ptr<const GoalBook> book;
  int64_t revision = 0;
};

// Thread-safe: one question at a time.
class ProgressBoard {
 public:
  using Tree = std::shared_ptr<const organisation::Tree>;

  // The day of the goals, and the day whose tree they are counted over.
  struct Days {
    Date day;
    Date tree_day;
  };

  // Whether a roll-up of that tree and those days is at hand, so that Ask will be quick.
  bool Has(const organisation::Tree& tree, Days days) const;

  // Calls `ask` with the roll-up of that tree and those days over `latest`, or over a newer book if
  // one was shown already.
  void Ask(const Tree& tree, Days days, const BookAt& latest,
           const std::function<void(RollUp&, const BookAt&)>& ask);

 private:
  // Days kept: today, and the few that a report goes through.
  static constexpr size_t kKept = 8;
  struct Entry {
    RollUp roll_up;
    BookAt shown;

    bool Is(const organisation::Tree& tree, Days days) const {
      return &roll_up.tree() == &tree && roll_up.day() == days.day &&
             roll_up.tree_day() == days.tree_day;
    }
  };
  Entry& At(const Tree& tree, Days days) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // latest asked first
};

}  // namespace klynge::goals
