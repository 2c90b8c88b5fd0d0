// The goals service as gRPC shows it: proto ↔ domain, validation and the order of things. Rules are
// in goal.h, progress.h, roll_up.h and placement.h; SQL is in goal_store.h. The handlers stand in
// framework_handlers.cc, goal_change_handlers.cc, goal_read_handlers.cc, progress_handler.cc,
// import_handler.cc and refresh_handler.cc.
#pragma once

#include <absl/functional/bind_front.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "klynge/goals/v1/goals_service.grpc.pb.h"
#include "services/goals/goal_book.h"
#include "services/goals/goal_store.h"
#include "services/goals/observation_figures.h"
#include "services/goals/progress_board.h"
#include "services/organisation/client/tree_source.h"
#include "services/platform/clock.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/shared_state/answer_cache.h"
#include "services/platform/sql/idempotent_write.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::goals {

// Thread-safe. Everything it is given must outlive it.
class GoalsService final : public v1::GoalsService::CallbackService {
 public:
  GoalsService(rpc::Runtime& runtime, sql::Database& database, organisation::TreeSource& trees,
               ObservationFigures& figures, shared_state::AnswerCache& progress_answers,
               const Clock& clock);

  // Tells of a revision that this replica or another one committed.
  void NotifyRevision(int64_t revision) { books_.NotifyRevision(revision); }

  using Context = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;
  Unary* PublishFramework(Context*, const v1::PublishFrameworkRequest*,
                          v1::PublishFrameworkResponse*) override;
  Unary* GetFramework(Context*, const v1::GetFrameworkRequest*, v1::GetFrameworkResponse*) override;
  Unary* ListFrameworks(Context*, const v1::ListFrameworksRequest*,
                        v1::ListFrameworksResponse*) override;
  Unary* CreateGoal(Context*, const v1::CreateGoalRequest*, v1::CreateGoalResponse*) override;
  Unary* UpdateGoal(Context*, const v1::UpdateGoalRequest*, v1::UpdateGoalResponse*) override;
  Unary* GetGoal(Context*, const v1::GetGoalRequest*, v1::GetGoalResponse*) override;
  Unary* ListGoals(Context*, const v1::ListGoalsRequest*, v1::ListGoalsResponse*) override;
  Unary* AgreeGoal(Context*, const v1::AgreeGoalRequest*, v1::AgreeGoalResponse*) override;
  Unary* RecordDissent(Context*, const v1::RecordDissentRequest*,
                       v1::RecordDissentResponse*) override;
  Unary* CloseGoal(Context*, const v1::CloseGoalRequest*, v1::CloseGoalResponse*) override;
  grpc::ServerReadReactor<v1::ImportGoalsRequest>* ImportGoals(Context*,
                                                               v1::ImportGoalsResponse*) override;
  Unary* CheckIn(Context*, const v1::CheckInRequest*, v1::CheckInResponse*) override;
  Unary* ListCheckIns(Context*, const v1::ListCheckInsRequest*, v1::ListCheckInsResponse*) override;
  Unary* GetProgress(Context*, const v1::GetProgressRequest*, v1::GetProgressResponse*) override;
  Unary* ListUnitUses(Context*, const v1::ListUnitUsesRequest*, v1::ListUnitUsesResponse*) override;
  Unary* BindIndicator(Context*, const v1::BindIndicatorRequest*,
                       v1::BindIndicatorResponse*) override;
  grpc::ServerWriteReactor<v1::RefreshIndicatorsResponse>* RefreshIndicators(
      Context*, const v1::RefreshIndicatorsRequest*) override;

 private:
  class Import;
  class Refresh;
  using Call = rpc::Call;
  using Transaction = sql::WriteTransaction;
  using TreePointer = std::shared_ptr<const organisation::Tree>;
  // Changes a copy of a goal inside a write, or says why not.
  using Change = std::function<absl::Status(const GoalBook&, Goal&, Transaction&)>;
  using Body = sql::WriteBody;

  // Reads: `book` is at least as fresh as the request asks. Those that need the tree call TreeFor.
  absl::Status HandleGetFramework(const Call& call, const BookAt& book,
                                  const v1::GetFrameworkRequest& request,
                                  v1::GetFrameworkResponse* response);
  absl::Status HandleListFrameworks(const Call& call, const BookAt& book,
                                    const v1::ListFrameworksRequest& request,
                                    v1::ListFrameworksResponse* response);
  absl::Status HandleGetGoal(const Call& call, const BookAt& book,
                             const v1::GetGoalRequest& request, v1::GetGoalResponse* response);
  absl::Status HandleListCheckIns(const Call& call, const BookAt& book,
                                  const v1::ListCheckInsRequest& request,
                                  v1::ListCheckInsResponse* response);
  absl::Status HandleListGoals(const Call& call, const BookAt& book,
                               const v1::ListGoalsRequest& request,
                               v1::ListGoalsResponse* response);
  absl::Status HandleListUnitUses(const Call& call, const BookAt& book,
                                  const v1::ListUnitUsesRequest& request,
                                  v1::ListUnitUsesResponse* response);
  absl::Status HandleGetProgress(const Call& call, const BookAt& book,
                                 const v1::GetProgressRequest& request,
                                 v1::GetProgressResponse* response);
  // Adds up the goals, unless they are added up for that tree and those days.
  absl::Status RollUpProgress(const BookAt& book, const TreePointer& tree, ProgressBoard::Days days,
                              const v1::GetProgressRequest& request,
                              v1::GetProgressResponse* response);
  // The answer at exactly these revisions, from whichever replica added up first. False when it
  // cannot be had so.
  absl::StatusOr<bool> FetchProgress(const Call& call, const BookAt& book, const TreePointer& tree,
                                     ProgressBoard::Days days,
                                     const v1::GetProgressRequest& request,
                                     v1::GetProgressResponse* response);

  // Writes.
  absl::Status HandlePublishFramework(const Call& call, const v1::PublishFrameworkRequest& request,
                                      v1::PublishFrameworkResponse* response);
  absl::Status HandleCreateGoal(const Call& call, const v1::CreateGoalRequest& request,
                                v1::CreateGoalResponse* response);
  absl::Status HandleUpdateGoal(const Call& call, const v1::UpdateGoalRequest& request,
                                v1::UpdateGoalResponse* response);
  absl::Status HandleBindIndicator(const Call& call, const v1::BindIndicatorRequest& request,
                                   v1::BindIndicatorResponse* response);

  // Writes that need nothing but the book: what is to be written, once the request is checked.
  absl::StatusOr<Body> PrepareAgreeGoal(const v1::AgreeGoalRequest& request,
                                        v1::AgreeGoalResponse* response);
  absl::StatusOr<Body> PrepareRecordDissent(const v1::RecordDissentRequest& request,
                                            v1::RecordDissentResponse* response);
  absl::StatusOr<Body> PrepareCloseGoal(const v1::CloseGoalRequest& request,
                                        v1::CloseGoalResponse* response);
  absl::StatusOr<Body> PrepareCheckIn(const v1::CheckInRequest& request,
                                      v1::CheckInResponse* response);

  // The one way to change a goal: finds it, checks the etag, applies `change` to a copy, stores and
  // audits that as `action`, and puts the goal as it now is into the response's field `goal`.
  template <class Response>
  Body ChangeGoal(const std::string& goal_id, const std::string& etag, const char* action,
                  Response* response, Change change) {
    return [=, this, change = std::move(change)](Transaction& transaction) {
      return ApplyChange(transaction, goal_id, etag, action, change, response->mutable_goal());
    };
  }
  absl::Status ApplyChange(Transaction& transaction, const std::string& goal_id,
                           const std::string& etag, const char* action, const Change& change,
                           v1::Goal* answer);
  // Stores the changes of `book`, the newest there is, and puts each into the audit log. Readers
  // get the book with them when they are committed.
  absl::Status Save(Transaction& transaction, const GoalBook& book,
                    std::vector<GoalChange>& changes, const char* action);

  absl::StatusOr<BookAt> Book(const Call& call, int64_t min_revision);
  // A tree at least as new as `min_revision` that knows this unit on that day: the one held, else
  // the newest. Errors: UNIT_NOT_FOUND; ORGANISATION_UNAVAILABLE when the newest cannot be had and
  // might know the unit; those of TreeSource::AtLeast.
  absl::StatusOr<TreePointer> TreeFor(const Call& call, const std::string& unit_id, Date day,
                                      int64_t min_revision);
  // The tree held if TreeFor would answer with it, else null. Never blocks.
  TreePointer TreeAtHand(const std::string& unit_id, Date day, int64_t min_revision) const;
  // The day that a read is about; today also for what is no date, which its handler refuses.
  Date DayAsked(const std::string& as_of) const;
  // The same, and the day whose tree is meant: that day, unless another is asked for.
  template <class Request>
  ProgressBoard::Days DaysAsked(const Request& request) const {
    const Date day = DayAsked(request.as_of());
    return {day, ParseDate(request.tree_as_of()).value_or(day)};
  }
  Date Now() const { return Today(clock_); }

  // Answers inline when the book is at hand and `at_hand` says that nothing else has to be waited
  // for; else on the executor.
  template <class Request, class Response>
  Unary* Read(const char* rpc, Context* context, const Request* request, Response* response,
              absl::Status (GoalsService::*handler)(const Call&, const BookAt&, const Request&,
                                                    Response*),
              bool at_hand = true) {
    const BookAt fresh = FreshBook(request->min_revision());
    if (at_hand && fresh.book) {
      return dispatcher_.Inline(
          rpc, context, request, response,
          [this, handler, fresh](const Call& call, const Request& asked, Response* answer) {
            return (this->*handler)(call, fresh, asked, answer);
          });
    }
    return dispatcher_.Unary(
        rpc, context, request, response,
        [this, handler](const Call& call, const Request& asked, Response* answer) -> absl::Status {
          KLYNGE_ASSIGN_OR_RETURN(const BookAt book, Book(call, asked.min_revision()));
          return (this->*handler)(call, book, asked, answer);
        });
  }
  BookAt FreshBook(int64_t min_revision) const;

  template <class Request, class Response>
  Unary* Write(const char* rpc, Context* context, const Request* request, Response* response,
               absl::Status (GoalsService::*handler)(const Call&, const Request&, Response*)) {
    return dispatcher_.Unary(rpc, context, request, response, absl::bind_front(handler, this));
  }

  // Answers when the write is durable; no thread waits for it.
  template <class Request, class Response>
  Unary* Write(const char* rpc, Context* context, const Request* request, Response* response,
               absl::StatusOr<Body> (GoalsService::*prepare)(const Request&, Response*)) {
    return dispatcher_.Start(
        rpc, context, request, response,
        [this, prepare](const Call& call, const Request& asked, Response* answer,
                        rpc::UnaryReactor::Done done) -> absl::Status {
          KLYNGE_ASSIGN_OR_RETURN(Body body, (this->*prepare)(asked, answer));
          return sql::StartIdempotentWrite(database_, call, asked, answer, std::move(body),
                                           std::move(done));
        });
  }

  sql::Database& database_;
  organisation::TreeSource& trees_;
  ObservationFigures& figures_;
  shared_state::AnswerCache& progress_answers_;
  const Clock& clock_;
  rpc::Dispatcher dispatcher_;
  ProgressBoard board_;
  sql::Revisioned<GoalBook> books_;
};

}  // namespace klynge::goals
