#include "services/platform/shared_state/command_pipeline.h"

#include <absl/strings/match.h>

#include <iterator>

#include "services/platform/rpc/status.h"
#include "services/platform/telemetry/log.h"

namespace klynge::shared_state {
namespace {

constexpr absl::Duration kRetryAfter = absl::Milliseconds(250);

// A refusal after which nothing else will go well here: a former primary, or one that starts.
bool MeansElsewhere(const std::string& error) {
  return absl::StartsWith(error, "READONLY") || absl::StartsWith(error, "LOADING") ||
         absl::StartsWith(error, "MASTERDOWN");
}

}  // namespace

absl::Status Away() {
  return MakeRetryableStatus(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE", "Redis is away",
                             kRetryAfter);
}

void CommandPipeline::Use(std::unique_ptr<Connection> connection) {
  MutexLock lock(&mutex_);
  connection_ = std::move(connection);
}

void CommandPipeline::Drop() {
  MutexLock lock(&mutex_);
  connection_.reset();
}

bool CommandPipeline::connected() const {
  MutexLock lock(&mutex_);
  return connection_ != nullptr;
}

CommandPipeline::Counts CommandPipeline::counts() const {
  return {commands_, refused_, timeouts_, losses_};
}

absl::StatusOr<Replies> CommandPipeline::Run(std::vector<Command> commands) {
  if (breaker_.state() != BreakerState::kClosed) return Away();
  KLYNGE_ASSIGN_OR_RETURN(auto replies, RunWaiting(std::move(commands)));
  for (const auto& reply : replies) {
    const std::string error = ErrorOf(*reply);
    if (error.empty()) continue;
    if (refused_.fetch_add(1) == 0 || MeansElsewhere(error)) {
      telemetry::Log(telemetry::Level::kWarning, "Redis refused", {{"error", error}});
    }
    if (MeansElsewhere(error)) {
      Drop();
      on_loss_();
    }
    return Away();
  }
  return replies;
}

absl::Status CommandPipeline::Ping() {
  if (!breaker_.Admit()) return absl::OkStatus();
  return RunWaiting({{"PING"}}).status();
}

absl::StatusOr<Replies> CommandPipeline::RunWaiting(std::vector<Command> commands) {
  Batch mine{std::move(commands)};
  bool lost = false;
  {
    const auto my_turn = [this, &mine]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return mine.done || !under_way_;
    };
    MutexLock lock(&mutex_);
    waiting_.push_back(&mine);
    mutex_.Await(absl::Condition(&my_turn));
    if (!mine.done) lost = Lead();
  }
  if (lost) on_loss_();
  return std::move(mine.replies);
}

bool CommandPipeline::Lead() {
  std::vector<Batch*> batches;
  batches.swap(waiting_);
  const std::shared_ptr<Connection> connection = connection_;
  under_way_ = true;
  mutex_.Unlock();
  auto replies = Exchange(connection.get(), batches);
  mutex_.Lock();
  under_way_ = false;
  const bool ok = replies.ok();
  const bool lost = !ok && connection != nullptr && connection_ == connection;
  if (lost) connection_.reset();
  // Whoever joined a failure has waited as long for the same.
  if (!ok) std::move(waiting_.begin(), waiting_.end(), std::back_inserter(batches));
  if (!ok) waiting_.clear();
  auto next =
      ok ? std::make_move_iterator(replies->begin()) : std::move_iterator<Replies::iterator>();
  for (Batch* batch : batches) {
    batch->done = true;
    if (!ok) continue;
    const auto end = next + static_cast<std::ptrdiff_t>(batch->commands.size());
    batch->replies = Replies(next, end);
    next = end;
  }
  return lost;
}

absl::StatusOr<Replies> CommandPipeline::Exchange(Connection* connection,
                                                  const std::vector<Batch*>& batches) {
  if (connection == nullptr) {
    breaker_.RecordNothing();
    return Away();
  }
  std::vector<const Command*> commands;
  for (const Batch* batch : batches) {
    for (const Command& command : batch->commands) commands.push_back(&command);
  }
  commands_ += static_cast<int64_t>(commands.size());
  auto replies = connection->Exchange(commands);
  if (replies.ok()) {
    breaker_.RecordSuccess();
  } else {
    breaker_.RecordFailure();
    (absl::IsDeadlineExceeded(replies.status()) ? timeouts_ : losses_)++;
  }
  return replies;
}

}  // namespace klynge::shared_state
