#include <absl/strings/str_cat.h>

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/goals_service.h"
#include "services/goals/placement.h"
#include "services/platform/rpc/validation.h"

namespace klynge::goals {

// One refresh: finds the bound criteria, asks for their figures and checks them in, a chunk at a
// time, telling of each.
class GoalsService::Refresh {
 public:
  using Stream = std::shared_ptr<rpc::ResponseStream<v1::RefreshIndicatorsResponse>>;

  Refresh(GoalsService& service, const Call& call, const v1::RefreshIndicatorsRequest& request,
          Stream stream)
      : service_(service), call_(call), request_(request), stream_(std::move(stream)) {}

  absl::Status Run() {
    Violations violations;
    on_ = DateOr(violations, "checked_on", request_.checked_on(), service_.Now());
    if (on_ > service_.Now()) violations.Add("checked_on", "is in the future");
    if (!request_.unit_id().empty()) RequireId(violations, "unit_id", request_.unit_id());
    KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
    KLYNGE_ASSIGN_OR_RETURN(const BookAt book, service_.Book(call_, 0));
    revision_ = book.revision;
    KLYNGE_ASSIGN_OR_RETURN(const auto goals, FindGoals(*book.book));
    std::vector<Task> tasks = FindTasks(goals);
    total_ = static_cast<int>(tasks.size());
    for (size_t from = 0; from < tasks.size(); from += kChunk) {
      if (stream_->cancelled()) return absl::CancelledError("the client broke off");
      const size_t to = std::min(tasks.size(), from + kChunk);
      std::vector<Task> chunk(tasks.begin() + static_cast<ptrdiff_t>(from),
                              tasks.begin() + static_cast<ptrdiff_t>(to));
      KLYNGE_RETURN_IF_ERROR(RefreshChunk(chunk));
    }
    return absl::OkStatus();
  }

 private:
  // One bound criterion.
  struct Task {
    std::string goal_id;
    std::string criterion_id;
    Binding binding;
    Figure figure;
    v1::RefreshIndicatorsResponse answer;
  };
  // Figures asked for and stored together: enough to make both calls worth it, few enough to show
  // progress.
  static constexpr size_t kChunk = 200;

  absl::StatusOr<std::vector<GoalPointer>> FindGoals(const GoalBook& book) {
    std::vector<GoalPointer> goals;
    for (const std::string& goal_id : request_.goal_ids()) {
      const GoalPointer goal = book.Find(goal_id);
      if (!goal) return GoalNotFound(goal_id);
      goals.push_back(goal);
    }
    if (request_.goal_ids().empty()) {
      book.ForEach([&](const GoalPointer& goal) { goals.push_back(goal); });
    }
    std::sort(goals.begin(), goals.end(),
              [](const GoalPointer& a, const GoalPointer& b) { return a->goal_id < b->goal_id; });
    goals.erase(std::unique(goals.begin(), goals.end()), goals.end());
    if (request_.unit_id().empty()) return goals;
    KLYNGE_ASSIGN_OR_RETURN(const TreePointer tree,
                            service_.TreeFor(call_, request_.unit_id(), on_));
    goals.erase(std::remove_if(goals.begin(), goals.end(),
                               [&](const GoalPointer& goal) {
                                 return !tree->IsWithin(goal->unit_id, request_.unit_id(), on_);
                               }),
                goals.end());
    return goals;
  }

  static std::vector<Task> FindTasks(const std::vector<GoalPointer>& goals) {
    std::vector<Task> tasks;
    for (const GoalPointer& goal : goals) {
      if (StateOf(*goal) != State::kAgreed) continue;
      for (const Criterion& criterion : goal->criteria) {
        if (!criterion.binding) continue;
        Task task{goal->goal_id, criterion.criterion_id, *criterion.binding, {}, {}};
        if (task.binding.unit_id.empty()) task.binding.unit_id = goal->unit_id;
        tasks.push_back(std::move(task));
      }
    }
    return tasks;
  }

  absl::Status RefreshChunk(std::vector<Task>& tasks) {
    std::vector<Binding> bindings;
    for (const Task& task : tasks) bindings.push_back(task.binding);
    std::vector<Figure> figures = service_.figures_.Ask(call_, bindings);
    for (size_t i = 0; i < tasks.size(); ++i) tasks[i].figure = std::move(figures[i]);
    const sql::WriteContext context{call_.method, call_.actor, call_.deadline,
                                    request_.validate_only()};
    KLYNGE_ASSIGN_OR_RETURN(revision_,
                            service_.database_.Write(context, [&](Transaction& transaction) {
                              return CheckInAll(tasks, transaction);
                            }));
    for (Task& task : tasks) {
      task.answer.set_done_count(++done_);
      task.answer.set_total_count(total_);
      task.answer.set_revision(revision_);
      if (!stream_->WaitForRoom(1000) || !stream_->Send(std::move(task.answer))) {
        return absl::CancelledError("the client broke off");
      }
    }
    return absl::OkStatus();
  }

  // Goals are judged again inside the write: one may have been closed while the figures were asked
  // for.
  absl::Status CheckInAll(std::vector<Task>& tasks, Transaction& transaction) {
    KLYNGE_ASSIGN_OR_RETURN(auto book, service_.books_.InWrite(transaction));
    std::vector<GoalChange> changes;
    for (Task& task : tasks) {
      task.answer.Clear();
      task.answer.set_goal_id(task.goal_id);
      task.answer.set_criterion_id(task.criterion_id);
      const GoalPointer before = book->Find(task.goal_id);
      // The tasks of one goal follow each other.
      const bool same_goal = !changes.empty() && changes.back().after.goal_id == task.goal_id;
      Goal goal = same_goal ? changes.back().after : *before;
      if (!CheckInOne(task, transaction.now(), goal)) continue;
      if (!same_goal) changes.push_back({before, {}});
      changes.back().after = std::move(goal);
    }
    if (!changes.empty()) return service_.Save(transaction, changes, "refresh");
    transaction.Discard();
    return absl::OkStatus();
  }

  // Puts the outcome into the task's answer; true when the goal got a check-in.
  bool CheckInOne(Task& task, absl::Time now, Goal& goal) {
    const Figure& figure = task.figure;
    task.answer.set_message(figure.message);
    switch (figure.outcome) {
      case Figure::Outcome::kSuppressed:
        task.answer.set_outcome(v1::REFRESH_OUTCOME_SUPPRESSED);
        return false;
      case Figure::Outcome::kNoData:
        task.answer.set_outcome(v1::REFRESH_OUTCOME_NO_DATA);
        return false;
      case Figure::Outcome::kUnavailable:
        task.answer.set_outcome(v1::REFRESH_OUTCOME_UNAVAILABLE);
        return false;
      case Figure::Outcome::kShown:
        break;
    }
    const Criterion* criterion = FindCriterion(goal, task.criterion_id);
    const goals::CheckIn* latest = criterion ? LatestValue(goal, *criterion, on_) : nullptr;
    const bool unchanged = latest && latest->source == Source::kObservation && latest->on == on_ &&
                           *latest->value == figure.value &&
                           latest->sample_size == figure.sample_size;
    goals::CheckIn check_in;
    check_in.criterion_id = task.criterion_id;
    check_in.value = figure.value;
    check_in.on = on_;
    check_in.source = Source::kObservation;
    check_in.sample_size = figure.sample_size;
    check_in.recorded_at = now;
    if (!unchanged) {
      if (absl::Status status = FollowUp(goal, std::move(check_in)); !status.ok()) {
        task.answer.set_outcome(v1::REFRESH_OUTCOME_NOT_AGREED);
        task.answer.set_message(std::string(status.message()));
        return false;
      }
    }
    task.answer.set_outcome(unchanged ? v1::REFRESH_OUTCOME_UNCHANGED
                                      : v1::REFRESH_OUTCOME_UPDATED);
    task.answer.set_value(figure.value);
    task.answer.set_sample_size(figure.sample_size);
    return !unchanged;
  }

  GoalsService& service_;
  const Call& call_;
  const v1::RefreshIndicatorsRequest& request_;
  const Stream stream_;
  Date on_;
  int done_ = 0;
  int total_ = 0;
  int64_t revision_ = 0;
};

grpc::ServerWriteReactor<v1::RefreshIndicatorsResponse>* GoalsService::RefreshIndicators(
    Context* context, const v1::RefreshIndicatorsRequest* request) {
  return dispatcher_.ServerStream<v1::RefreshIndicatorsRequest, v1::RefreshIndicatorsResponse>(
      __func__, context, request,
      [this](const Call& call, const v1::RefreshIndicatorsRequest& asked, Refresh::Stream stream) {
        stream->Finish(Refresh(*this, call, asked, stream).Run());
      });
}

}  // namespace klynge::goals
