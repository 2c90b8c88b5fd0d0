#include "services/goals/goal_import.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>

#include <utility>

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/goal_convert.h"
#include "services/goals/placement.h"
#include "services/platform/rpc/request_check.h"
#include "services/platform/rpc/row_outcome.h"

namespace klynge::goals {
namespace {

using type::v1::RowOutcome;

// The rows in an order in which parents come before their children; rows in a circle keep their
// place.
std::vector<size_t> ParentsFirst(const std::vector<v1::GoalRow>& rows) {
  absl::flat_hash_map<std::string, size_t> row_of;
  for (size_t i = 0; i < rows.size(); ++i) row_of.emplace(rows[i].goal().goal_id(), i);
  std::vector<size_t> order;
  std::vector<bool> seen(rows.size(), false);
  for (size_t i = 0; i < rows.size(); ++i) {
    std::vector<size_t> way_up;
    for (size_t at = i; !seen[at];) {
      seen[at] = true;
      way_up.push_back(at);
      auto parent = row_of.find(rows[at].goal().parent_goal_id());
      if (parent == row_of.end()) break;
      at = parent->second;
    }
    order.insert(order.end(), way_up.rbegin(), way_up.rend());
  }
  return order;
}

}  // namespace

GoalImport::GoalImport(const GoalBook& book, const organisation::Tree& tree, Date today,
                       absl::Time now)
    : book_(book), tree_(tree), today_(today), now_(now) {}

void GoalImport::Judge(const std::vector<v1::GoalRow>& rows,
                       const std::vector<std::string>& digests) {
  outcomes_.resize(rows.size());
  for (size_t i : ParentsFirst(rows)) {
    const int64_t number = static_cast<int64_t>(i) + 1;
    const std::string& goal_id = rows[i].goal().goal_id();
    const auto outcome = JudgeOne(rows[i], digests[i]);
    if (!outcome.ok()) {
      outcomes_[i] = rpc::RejectedRow(number, goal_id, outcome.status());
      continue;
    }
    outcomes_[i].set_row(number);
    outcomes_[i].set_id(goal_id);
    outcomes_[i].set_outcome(*outcome);
  }
}

absl::StatusOr<RowOutcome::Outcome> GoalImport::JudgeOne(const v1::GoalRow& row,
                                                         const std::string& digest) {
  if (const GoalPointer there = book_.Find(row.goal().goal_id())) {
    if (there->entry_digest == digest) return RowOutcome::OUTCOME_UNCHANGED;
    return AlreadyExists(v1::ERROR_REASON_GOAL_EXISTS,
                         absl::StrCat("goal ", there->goal_id,
                                      " is there with other content; change it by UpdateGoal"));
  }
  KLYNGE_ASSIGN_OR_RETURN(Goal goal, Read(row));
  goal.entry_digest = digest;
  book_.Set(std::make_shared<const Goal>(goal));
  changes_.push_back({nullptr, std::move(goal)});
  return RowOutcome::OUTCOME_CREATED;
}

absl::StatusOr<Goal> GoalImport::Read(const v1::GoalRow& row) const {
  Violations violations;
  rpc::CheckText(violations, "", row);
  Goal goal = GoalFromProto(row.goal(), "goal.", today_, violations);
  Agreement agreement;
  if (row.has_agreement()) {
    agreement = AgreementFromProto(row.agreement(), "agreement.", today_, violations);
  } else if (row.check_ins_size() > 0) {
    violations.Add("agreement", "is required with check_ins: only an agreed goal is followed up");
  }
  std::vector<CheckIn> check_ins;
  for (int i = 0; i < row.check_ins_size(); ++i) {
    const std::string prefix = absl::StrCat("check_ins[", i, "].");
    check_ins.push_back(CheckInFromProto(row.check_ins(i), prefix, today_, violations));
    check_ins.back().recorded_at = now_;
  }
  KLYNGE_RETURN_IF_ERROR(PlaceGoal(book_, tree_, "goal.", goal, violations));
  if (row.has_agreement()) KLYNGE_RETURN_IF_ERROR(Agree(goal, std::move(agreement)));
  for (CheckIn& check_in : check_ins) {
    KLYNGE_RETURN_IF_ERROR(FollowUp(goal, std::move(check_in)));
  }
  return goal;
}

}  // namespace klynge::goals
