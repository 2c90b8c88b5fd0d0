#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/goals_service.h"
#include "services/goals/placement.h"
#include "services/goals/refresh_part.pb.h"
#include "services/platform/rpc/validation.h"
#include "services/platform/sql/idempotent_stream.h"

namespace klynge::goals {

// One refresh: finds the bound criteria, asks for their figures and checks them in, a part at a
// time, telling of each. With a request_id each part is remembered, so that a repeat tells of what
// was done as the first time and goes on with the rest.
class GoalsService::Refresh {
 public:
  using Stream = std::shared_ptr<rpc::ResponseStream<v1::RefreshIndicatorsResponse>>;

  Refresh(GoalsService& service, const Call& call, const v1::RefreshIndicatorsRequest& request,
          Stream stream)
      : service_(service),
        call_(call),
        request_(request),
        stream_(std::move(stream)),
        repeats_(request.request_id()) {}

  absl::Status Run() {
    Violations violations;
    on_ = DateOr(violations, "checked_on", request_.checked_on(), service_.Now());
    if (on_ > service_.Now()) violations.Add("checked_on", "is in the future");
    if (!request_.unit_id().empty()) RequireId(violations, "unit_id", request_.unit_id());
    CheckRequestId(violations, request_.request_id());
    KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
    // The newest there is: what was bound through another replica a moment ago is refreshed too.
    KLYNGE_ASSIGN_OR_RETURN(const int64_t newest, service_.database_.Revision(call_.deadline));
    KLYNGE_ASSIGN_OR_RETURN(const BookAt book, service_.Book(call_, newest));
    KLYNGE_ASSIGN_OR_RETURN(const auto goals, FindGoals(*book.book));
    std::vector<Task> left = FindTasks(goals);
    repeats_.Received(request_);
    // A repeat may find nothing left and still have to tell of what was done.
    bool last = left.empty() && request_.request_id().empty();
    while (!last) {
      if (stream_->cancelled()) return absl::CancelledError("the client broke off");
      KLYNGE_ASSIGN_OR_RETURN(last, RefreshPart(left));
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
  };
  // Figures asked for and stored together: enough to make both calls worth it, few enough to show
  // progress.
  static constexpr size_t kPart = 200;

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
                            service_.TreeFor(call_, request_.unit_id(), on_, 0));
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
        Task task{goal->goal_id, criterion.criterion_id, *criterion.binding, {}};
        if (task.binding.unit_id.empty()) task.binding.unit_id = goal->unit_id;
        tasks.push_back(std::move(task));
      }
    }
    return tasks;
  }

  // Refreshes the next part of what is left, or tells of the one that a first try has refreshed,
  // and takes from `left` what is done. True when nothing comes after it.
  absl::StatusOr<bool> RefreshPart(std::vector<Task>& left) {
    const auto end = left.begin() + static_cast<ptrdiff_t>(std::min(left.size(), kPart));
    std::vector<Task> tasks(left.begin(), end);
    std::vector<Binding> bindings;
    for (const Task& task : tasks) bindings.push_back(task.binding);
    std::vector<Figure> figures = service_.figures_.Ask(call_, bindings);
    for (size_t i = 0; i < tasks.size(); ++i) tasks[i].figure = std::move(figures[i]);
    const int total = done_ + static_cast<int>(left.size());
    stored::RefreshPart part;
    // What a part holds depends on what is bound, not on what was received: it says itself whether
    // it is the last.
    KLYNGE_RETURN_IF_ERROR(repeats_.WritePart(
        service_.database_, {call_.method, call_.actor, call_.deadline, request_.validate_only()},
        /*last=*/false, &part, [&](Transaction& transaction) {
          part.set_last(tasks.size() == left.size());
          return CheckInAll(tasks, total, transaction, part);
        }));
    TakeDone(part, left);
    for (v1::RefreshIndicatorsResponse& answer : *part.mutable_answers()) {
      if (!stream_->WaitForRoom(1000) || !stream_->Send(std::move(answer))) {
        return absl::CancelledError("the client broke off");
      }
    }
    return part.last();
  }

  void TakeDone(const stored::RefreshPart& part, std::vector<Task>& left) {
    absl::flat_hash_set<std::pair<absl::string_view, absl::string_view>> done;
    for (const auto& answer : part.answers()) {
      done.emplace(answer.goal_id(), answer.criterion_id());
      done_ = answer.done_count();
    }
    left.erase(std::remove_if(left.begin(), left.end(),
                              [&](const Task& task) {
                                return done.contains({task.goal_id, task.criterion_id});
                              }),
               left.end());
  }

  // Goals are judged again inside the write: one may have been closed while the figures were asked
  // for.
  absl::Status CheckInAll(const std::vector<Task>& tasks, int total, Transaction& transaction,
                          stored::RefreshPart& part) {
    KLYNGE_ASSIGN_OR_RETURN(auto book, service_.books_.InWrite(transaction));
    std::vector<GoalChange> changes;
    for (const Task& task : tasks) {
      v1::RefreshIndicatorsResponse& answer = *part.add_answers();
      answer.set_goal_id(task.goal_id);
      answer.set_criterion_id(task.criterion_id);
      answer.set_done_count(done_ + part.answers_size());
      answer.set_total_count(total);
      const GoalPointer before = book->Find(task.goal_id);
      // The tasks of one goal follow each other.
      const bool same_goal = !changes.empty() && changes.back().after.goal_id == task.goal_id;
      Goal goal = same_goal ? changes.back().after : *before;
      if (!CheckInOne(task, transaction.now(), goal, answer)) continue;
      if (!same_goal) changes.push_back({before, {}});
      changes.back().after = std::move(goal);
    }
    const bool written = !changes.empty() && !request_.validate_only();
    for (auto& answer : *part.mutable_answers()) {
      answer.set_revision(transaction.revision() - (written ? 0 : 1));
    }
    if (!changes.empty()) return service_.Save(transaction, *book, changes, "refresh");
    transaction.Discard();
    return absl::OkStatus();
  }

  // Puts the outcome into the answer; true when the goal got a check-in.
  bool CheckInOne(const Task& task, absl::Time now, Goal& goal,
                  v1::RefreshIndicatorsResponse& answer) {
    const Figure& figure = task.figure;
    answer.set_message(figure.message);
    switch (figure.outcome) {
      case Figure::Outcome::kSuppressed:
        answer.set_outcome(v1::REFRESH_OUTCOME_SUPPRESSED);
        return false;
      case Figure::Outcome::kNoData:
        answer.set_outcome(v1::REFRESH_OUTCOME_NO_DATA);
        return false;
      case Figure::Outcome::kUnavailable:
        answer.set_outcome(v1::REFRESH_OUTCOME_UNAVAILABLE);
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
        answer.set_outcome(v1::REFRESH_OUTCOME_NOT_AGREED);
        answer.set_message(std::string(status.message()));
        return false;
      }
    }
    answer.set_outcome(unchanged ? v1::REFRESH_OUTCOME_UNCHANGED : v1::REFRESH_OUTCOME_UPDATED);
    answer.set_value(figure.value);
    answer.set_sample_size(figure.sample_size);
    return !unchanged;
  }

  GoalsService& service_;
  const Call& call_;
  const v1::RefreshIndicatorsRequest& request_;
  const Stream stream_;
  sql::IdempotentStream repeats_;
  Date on_;
  int done_ = 0;
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
