#include "services/platform/rpc/client/peer.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/types/optional.h>

#include <stop_token>

#include "services/platform/mutex.h"
#include "services/platform/rpc/callback_threads.h"
#include "services/platform/rpc/runtime.h"
#include "services/platform/rpc/status.h"

namespace klynge::rpc {
namespace {

constexpr CircuitBreaker::Options kBreaker = {.failures = 5, .pause = absl::Seconds(1)};
// Services answer each other in a few milliseconds; what takes this long hangs.
constexpr absl::Duration kHedgeAfter = absl::Milliseconds(100);
// Who had less time than this and got no answer has learnt nothing about the peer.
constexpr absl::Duration kFairChance = absl::Milliseconds(250);

// The peer did not say this itself: it would have given a reason.
bool Unreached(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable && ReasonOf(status).empty();
}

// Another replica may do better.
bool Transient(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kResourceExhausted ||
         status.code() == absl::StatusCode::kDeadlineExceeded;
}

}  // namespace

// The sendings of one question. Shared with gRPC's callbacks, which let go of it last.
class Peer::Attempts {
 public:
  Attempts(const Call& call, const Patience& patience) {
    for (auto& context : contexts_) PrepareContext(call, &context, patience);
  }

  static void Start(const std::shared_ptr<Attempts>& attempts, size_t attempt, Sender send) {
    {
      MutexLock lock(&attempts->mutex_);
      ++attempts->pending_;
    }
    HandToGrpc();
    send(attempt, &attempts->contexts_[attempt], [attempts, attempt](const grpc::Status& status) {
      TakeFromGrpc();
      MutexLock lock(&attempts->mutex_);
      --attempts->pending_;
      attempts->Take({FromGrpc(status), attempt});
    });
  }

  // True when there is an answer that counts, or none can come, before `wait` has passed.
  bool Decided(absl::Duration wait) {
    const auto decided = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return pending_ == 0 || (answer_ && !Transient(answer_->status));
    };
    MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&decided), wait);
  }

  // Breaks off what is still under way. Any thread, at any time.
  void Cancel() {
    for (auto& context : contexts_) context.TryCancel();
  }

  // The answer that counts; gRPC has let go of the question and of the responses then.
  Answer Finish() {
    const auto finished = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return pending_ == 0; };
    if (Pending()) Cancel();
    MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&finished));
    return *answer_;
  }

 private:
  bool Pending() const {
    MutexLock lock(&mutex_);
    return pending_ > 0;
  }

  // The first answer counts, unless a later one is better than "not now".
  void Take(Answer answer) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const bool better = answer_ && Transient(answer_->status) && !Transient(answer.status) &&
                        answer.status.code() != absl::StatusCode::kCancelled;
    if (!answer_ || better) answer_ = std::move(answer);
  }

  std::array<grpc::ClientContext, kMostAttempts> contexts_;
  mutable Mutex mutex_;
  int pending_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::optional<Answer> answer_ ABSL_GUARDED_BY(mutex_);
};

Peer::Peer(std::string name, std::shared_ptr<grpc::ChannelInterface> channel)
    : name_(std::move(name)), channel_(std::move(channel)), breaker_(clock_, kBreaker) {
  KeepCallbackThreads();
}

Peer::Answer Peer::Send(const Call& call, const Patience& patience, Sender send) {
  if (!breaker_.Admit()) {
    return {Away("it could not be reached a moment ago", breaker_.UntilTrial())};
  }
  budget_.Earn();
  const absl::Time started = clock_.Now();
  const auto attempts = std::make_shared<Attempts>(call, patience);
  const std::stop_callback on_stop(call.stop, [&] { attempts->Cancel(); });
  Attempts::Start(attempts, 0, send);
  for (size_t next = 1; next < kMostAttempts; ++next) {
    if (attempts->Decided(kHedgeAfter) || call.cancelled() || !budget_.Spend()) break;
    hedged_.fetch_add(1, std::memory_order_relaxed);
    Attempts::Start(attempts, next, send);
  }
  attempts->Decided(absl::InfiniteDuration());
  Answer answer = attempts->Finish();
  if (answer.attempt > 0 && !Transient(answer.status)) budget_.Return(answer.attempt);
  Record(call, clock_.Now() - started, answer.status);
  if (Unreached(answer.status)) answer.status = Away(answer.status.message(), kBreaker.pause);
  return answer;
}

void Peer::Record(const Call& call, absl::Duration given, const absl::Status& status) {
  const bool late = status.code() == absl::StatusCode::kDeadlineExceeded;
  if (Unreached(status) || (late && given >= kFairChance)) {
    breaker_.RecordFailure();
  } else if (late || call.cancelled()) {
    breaker_.RecordNothing();
  } else {
    breaker_.RecordSuccess();
  }
}

absl::Status Peer::Away(absl::string_view why, absl::Duration retry_after) const {
  return MakeRetryableStatus(
      absl::StatusCode::kUnavailable, absl::StrCat(absl::AsciiStrToUpper(name_), "_UNAVAILABLE"),
      absl::StrCat("the ", name_, " service cannot be reached: ", why, "; try again later"),
      std::max(retry_after, absl::Milliseconds(100)));
}

}  // namespace klynge::rpc
