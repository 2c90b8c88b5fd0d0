#include "services/goals/goals_service.h"

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/goal_convert.h"
#include "services/goals/placement.h"
#include "services/platform/sql/json.h"

namespace klynge::goals {
namespace {

// What the audit log keeps of a change: new check-ins, which leave the goal as it is otherwise, or
// else the goal as it is now.
absl::StatusOr<std::string> ChangeJson(const GoalPointer& before, const Goal& goal, Date today) {
  if (before && goal.check_ins.size() > before->check_ins.size()) {
    v1::ListCheckInsResponse added;
    for (size_t i = before->check_ins.size(); i < goal.check_ins.size(); ++i) {
      ToProto(goal, goal.check_ins[i], added.add_check_ins());
    }
    return sql::ToJson(added);
  }
  v1::Goal message;
  ToProto(goal, today, &message);
  return sql::ToJson(message);
}

}  // namespace

GoalsService::GoalsService(rpc::Runtime& runtime, sql::Database& database,
                           organisation::TreeSource& trees, ObservationFigures& figures,
                           shared_state::AnswerCache& progress_answers, const Clock& clock)
    : database_(database),
      trees_(trees),
      figures_(figures),
      progress_answers_(progress_answers),
      clock_(clock),
      dispatcher_(runtime, v1::GoalsService::service_full_name()),
      books_(database, LoadBook) {}

absl::StatusOr<BookAt> GoalsService::Book(const Call& call, int64_t min_revision) {
  KLYNGE_ASSIGN_OR_RETURN(auto held, books_.AtLeast(min_revision, call.deadline));
  return BookAt{held.model, held.revision};
}

BookAt GoalsService::FreshBook(int64_t min_revision) const {
  auto held = books_.IfFresh(min_revision);
  return {held.model, held.revision};
}

absl::StatusOr<GoalsService::TreePointer> GoalsService::TreeFor(const Call& call,
                                                                const std::string& unit_id,
                                                                Date day, int64_t min_revision) {
  KLYNGE_ASSIGN_OR_RETURN(TreePointer held, trees_.AtLeast(call, min_revision));
  if (held->FindUnit(unit_id, day) != nullptr) return held;
  KLYNGE_ASSIGN_OR_RETURN(organisation::CurrentTree newest, trees_.Current(call));
  if (newest.tree->FindUnit(unit_id, day) != nullptr) return std::move(newest.tree);
  return newest.Vouch(v1::ERROR_REASON_UNIT_NOT_FOUND, UnitNotFound(unit_id, day));
}

GoalsService::TreePointer GoalsService::TreeAtHand(const std::string& unit_id, Date day,
                                                   int64_t min_revision) const {
  TreePointer held = trees_.Held();
  return held && held->revision() >= min_revision && held->FindUnit(unit_id, day) ? held : nullptr;
}

Date GoalsService::DayAsked(const std::string& as_of) const {
  return ParseDate(as_of).value_or(Now());
}

absl::Status GoalsService::ApplyChange(Transaction& transaction, const std::string& goal_id,
                                       const std::string& etag, const char* action,
                                       const Change& change, v1::Goal* answer) {
  KLYNGE_ASSIGN_OR_RETURN(auto book, books_.InWrite(transaction));
  const GoalPointer before = book->Find(goal_id);
  if (!before) return GoalNotFound(goal_id);
  KLYNGE_RETURN_IF_ERROR(CheckEtag(*before, etag));
  std::vector<GoalChange> changes = {{before, *before}};
  KLYNGE_RETURN_IF_ERROR(change(*book, changes[0].after, transaction));
  KLYNGE_RETURN_IF_ERROR(Save(transaction, *book, changes, action));
  ToProto(changes[0].after, Now(), answer);
  return absl::OkStatus();
}

absl::Status GoalsService::Save(Transaction& transaction, const GoalBook& book,
                                std::vector<GoalChange>& changes, const char* action) {
  KLYNGE_RETURN_IF_ERROR(SaveGoals(transaction, changes));
  auto next = std::make_shared<GoalBook>(book);
  for (const GoalChange& change : changes) {
    const auto after = std::make_shared<const Goal>(change.after);
    next->Set(after);
    sql::AuditEntry line{"goal", after->goal_id, action};
    line.describe = [before = change.before, after, today = Now()] {
      return ChangeJson(before, *after, today);
    };
    transaction.Audit(std::move(line));
  }
  books_.Advance(transaction, std::move(next));
  return absl::OkStatus();
}

GoalsService::Unary* GoalsService::PublishFramework(Context* context,
                                                    const v1::PublishFrameworkRequest* request,
                                                    v1::PublishFrameworkResponse* response) {
  return Write(__func__, context, request, response, &GoalsService::HandlePublishFramework);
}

GoalsService::Unary* GoalsService::GetFramework(Context* context,
                                                const v1::GetFrameworkRequest* request,
                                                v1::GetFrameworkResponse* response) {
  return Read(__func__, context, request, response, &GoalsService::HandleGetFramework);
}

GoalsService::Unary* GoalsService::ListFrameworks(Context* context,
                                                  const v1::ListFrameworksRequest* request,
                                                  v1::ListFrameworksResponse* response) {
  return Read(__func__, context, request, response, &GoalsService::HandleListFrameworks);
}

GoalsService::Unary* GoalsService::CreateGoal(Context* context,
                                              const v1::CreateGoalRequest* request,
                                              v1::CreateGoalResponse* response) {
  return Write(__func__, context, request, response, &GoalsService::HandleCreateGoal);
}

GoalsService::Unary* GoalsService::UpdateGoal(Context* context,
                                              const v1::UpdateGoalRequest* request,
                                              v1::UpdateGoalResponse* response) {
  return Write(__func__, context, request, response, &GoalsService::HandleUpdateGoal);
}

GoalsService::Unary* GoalsService::GetGoal(Context* context, const v1::GetGoalRequest* request,
                                           v1::GetGoalResponse* response) {
  return Read(__func__, context, request, response, &GoalsService::HandleGetGoal);
}

GoalsService::Unary* GoalsService::ListGoals(Context* context, const v1::ListGoalsRequest* request,
                                             v1::ListGoalsResponse* response) {
  const bool at_hand =
      request->unit_id().empty() || TreeAtHand(request->unit_id(), DaysAsked(*request).tree_day,
                                               request->min_organisation_revision());
  return Read(__func__, context, request, response, &GoalsService::HandleListGoals, at_hand);
}

GoalsService::Unary* GoalsService::AgreeGoal(Context* context, const v1::AgreeGoalRequest* request,
                                             v1::AgreeGoalResponse* response) {
  return Write(__func__, context, request, response, &GoalsService::PrepareAgreeGoal);
}

GoalsService::Unary* GoalsService::RecordDissent(Context* context,
                                                 const v1::RecordDissentRequest* request,
                                                 v1::RecordDissentResponse* response) {
  return Write(__func__, context, request, response, &GoalsService::PrepareRecordDissent);
}

GoalsService::Unary* GoalsService::CloseGoal(Context* context, const v1::CloseGoalRequest* request,
                                             v1::CloseGoalResponse* response) {
  return Write(__func__, context, request, response, &GoalsService::PrepareCloseGoal);
}

GoalsService::Unary* GoalsService::CheckIn(Context* context, const v1::CheckInRequest* request,
                                           v1::CheckInResponse* response) {
  return Write(__func__, context, request, response, &GoalsService::PrepareCheckIn);
}

GoalsService::Unary* GoalsService::ListCheckIns(Context* context,
                                                const v1::ListCheckInsRequest* request,
                                                v1::ListCheckInsResponse* response) {
  return Read(__func__, context, request, response, &GoalsService::HandleListCheckIns);
}

GoalsService::Unary* GoalsService::GetProgress(Context* context,
                                               const v1::GetProgressRequest* request,
                                               v1::GetProgressResponse* response) {
  // The first question about a day adds up every goal: not on gRPC's thread.
  const ProgressBoard::Days days = DaysAsked(*request);
  const TreePointer tree =
      TreeAtHand(request->unit_id(), days.tree_day, request->min_organisation_revision());
  const bool at_hand = tree && board_.Has(*tree, days);
  return Read(__func__, context, request, response, &GoalsService::HandleGetProgress, at_hand);
}

GoalsService::Unary* GoalsService::ListUnitUses(Context* context,
                                                const v1::ListUnitUsesRequest* request,
                                                v1::ListUnitUsesResponse* response) {
  return Read(__func__, context, request, response, &GoalsService::HandleListUnitUses);
}

GoalsService::Unary* GoalsService::BindIndicator(Context* context,
                                                 const v1::BindIndicatorRequest* request,
                                                 v1::BindIndicatorResponse* response) {
  return Write(__func__, context, request, response, &GoalsService::HandleBindIndicator);
}

}  // namespace klynge::goals
