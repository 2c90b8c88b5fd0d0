// Frameworks and goals in SQL, the same text on both engines. Loads whole or only what is new since
// a revision; writes inside the caller's transaction.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <vector>

#include "klynge/goals/v1/framework.pb.h"
#include "services/goals/goal_book.h"
#include "services/platform/sql/database.h"

namespace klynge::goals {

// The book as the session sees it: everything when `previous` is null, else `previous` with what
// was written after the revision `since`. Errors are those of the database; kDataLoss when a
// framework's content cannot be read.
absl::StatusOr<std::shared_ptr<const GoalBook>> LoadBook(sql::Session& session,
                                                         std::shared_ptr<const GoalBook> previous,
                                                         int64_t since);

// Stores a version that is not there yet; it says its number and time itself.
absl::Status InsertFramework(sql::WriteTransaction& transaction, const v1::Framework& framework);

// A goal before (null when it is new) and after a write. Its dissents and check-ins may only have
// grown.
struct GoalChange {
  GoalPointer before;
  Goal after;
};

// Stores the changes, a handful of statements however many there are, and puts the transaction's
// revision and time into each `after`. One change a goal at most.
absl::Status SaveGoals(sql::WriteTransaction& transaction, std::vector<GoalChange>& changes);

}  // namespace klynge::goals
