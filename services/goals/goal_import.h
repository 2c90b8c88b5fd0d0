// Judges the rows of an import together: each by what the rows before it would leave behind. Pure.
#pragma once

#include <string>
#include <vector>

#include "klynge/goals/v1/import_rpcs.pb.h"
#include "services/goals/goal_book.h"
#include "services/goals/goal_store.h"
#include "services/organisation/client/tree.h"

namespace klynge::goals {

class GoalImport {
 public:
  // `now` is when check-ins are recorded, `today` its date in Copenhagen.
  GoalImport(const GoalBook& book, const organisation::Tree& tree, Date today, absl::Time now);

  // Judges all rows: a parent before the goals that carry it forward, wherever in the import it
  // stands. `digests` has one entry a row and is the same for rows that mean the same.
  void Judge(const std::vector<v1::GoalRow>& rows, const std::vector<std::string>& digests);

  // One a row, in the order of the rows; row numbers begin at 1.
  const std::vector<type::v1::RowOutcome>& outcomes() const { return outcomes_; }
  // The goals of the rows that are CREATED, parents first. They are the caller's to change and
  // store.
  std::vector<GoalChange>& changes() { return changes_; }

 private:
  // CREATED or UNCHANGED, or why the row is rejected.
  absl::StatusOr<type::v1::RowOutcome::Outcome> JudgeOne(const v1::GoalRow& row,
                                                         const std::string& digest);
  // The goal that the row describes, with what has happened to it.
  absl::StatusOr<Goal> Read(const v1::GoalRow& row) const;

  GoalBook book_;  // with the accepted rows in it
  const organisation::Tree& tree_;
  const Date today_;
  const absl::Time now_;
  std::vector<type::v1::RowOutcome> outcomes_;
  std::vector<GoalChange> changes_;
};

}  // namespace klynge::goals
