#include "services/platform/sql/writer.h"

#include <absl/random/random.h>
#include <absl/time/clock.h>

#include <algorithm>

#include "services/platform/rpc/status.h"
#include "services/platform/sql/write_group.h"

namespace klynge::sql {
namespace {

constexpr size_t kMostInAGroup = 256;
constexpr int kAttempts = 5;
constexpr absl::Duration kForgetEvery = absl::Minutes(1);

// True when every write would meet the same: there is no use in trying each by itself.
bool ConcernsAll(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kDeadlineExceeded ||
         status.code() == absl::StatusCode::kResourceExhausted;
}

// A connection that is lost while it commits leaves open whether it did.
absl::Status Unsure() {
  return MakeRetryableStatus(
      absl::StatusCode::kUnavailable, "WRITE_OUTCOME_UNKNOWN",
      "the database was lost while it committed: the write may have happened or not. Send it again "
      "with the same request_id, or, if it had none, look before you send it again",
      absl::Seconds(1));
}

}  // namespace

struct Writer::Waiting {
  Waiting(const WriteContext* context, const WriteBody* body) : write{context, body} {}

  GroupedWrite write;
  Mutex mutex;
  bool done ABSL_GUARDED_BY(mutex) = false;
};

Writer::Writer(SessionPool& pool, const Clock& clock, absl::Duration idempotency_retention)
    : pool_(pool), clock_(clock), retention_(idempotency_retention), thread_([this] { Work(); }) {}

Writer::~Writer() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

WriterStats Writer::stats() const {
  MutexLock lock(&mutex_);
  WriterStats stats = stats_;
  stats.waiting = queue_.size();
  return stats;
}

absl::StatusOr<int64_t> Writer::Write(const WriteContext& context, const WriteBody& body) {
  const auto waiting = std::make_shared<Waiting>(&context, &body);
  {
    MutexLock lock(&mutex_);
    if (stopping_) return DatabaseUnreachable("the service is stopping");
    queue_.push_back(waiting);
  }
  const absl::Condition done(&waiting->done);
  {
    MutexLock lock(&waiting->mutex);
    if (waiting->mutex.AwaitWithDeadline(done, context.deadline)) return waiting->write.outcome;
  }
  {
    MutexLock lock(&mutex_);
    const auto place = std::find(queue_.begin(), queue_.end(), waiting);
    if (place != queue_.end()) {
      queue_.erase(place);
      return MakeStatus(absl::StatusCode::kDeadlineExceeded, "WRITES_QUEUED",
                        "other writes were not done before the deadline; nothing was written");
    }
  }
  // It is being written: the caller's frame must stay until that has ended.
  MutexLock lock(&waiting->mutex);
  waiting->mutex.Await(done);
  return waiting->write.outcome;
}

void Writer::Complete(Waiting& waiting) {
  MutexLock lock(&waiting.mutex);
  waiting.done = true;
}

ChangeCounts Writer::changes() const {
  MutexLock lock(&mutex_);
  return changes_;
}

void Writer::Work() {
  const auto awake = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  while (true) {
    Group group;
    {
      MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&awake));
      if (queue_.empty()) return;
      const auto end =
          queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), kMostInAGroup));
      group.assign(queue_.begin(), end);
      queue_.erase(queue_.begin(), end);
    }
    RunGroup(group);
    for (const auto& waiting : group) Complete(*waiting);
  }
}

void Writer::RunGroup(const Group& group) {
  const absl::Status failed = TryGroup(group);
  if (failed.ok()) return;
  if (group.size() == 1 || ConcernsAll(failed)) {
    for (const auto& waiting : group) waiting->write.outcome = failed;
    return;
  }
  // One of them broke it, perhaps at the very end: by itself it fails by itself.
  for (const auto& waiting : group) {
    if (absl::Status alone = TryGroup({waiting}); !alone.ok()) waiting->write.outcome = alone;
  }
  MutexLock lock(&mutex_);
  stats_.ran_alone += static_cast<int64_t>(group.size());
}

absl::Status Writer::TryGroup(const Group& group) {
  absl::BitGen random;
  for (int attempt = 1;; ++attempt) {
    const absl::Status status = RunOnce(group);
    const bool again =
        status.code() == absl::StatusCode::kAborted && ReasonOf(status) == "SERIALIZATION_FAILURE";
    if (!again || attempt == kAttempts) return status;
    absl::SleepFor(absl::Milliseconds(absl::Uniform(random, 1, 10 << attempt)));
  }
}

absl::Status Writer::RunOnce(const Group& group) {
  absl::Time deadline = absl::InfinitePast();
  std::vector<GroupedWrite*> writes;
  for (const auto& waiting : group) {
    deadline = std::max(deadline, waiting->write.context->deadline);
    writes.push_back(&waiting->write);
  }
  const absl::Time now = clock_.Now();
  int64_t revision = 0;
  ChangeCounts changes;
  {
    KLYNGE_ASSIGN_OR_RETURN(SessionPool::Lease lease, pool_.BeginWrite(deadline));
    WriteGroup transaction(*lease, clock_, now - retention_);
    KLYNGE_RETURN_IF_ERROR(transaction.Run(writes));
    if (!transaction.dirty()) return absl::OkStatus();
    if (now - forgotten_at_ > kForgetEvery) {
      forgotten_at_ = now;
      KLYNGE_RETURN_IF_ERROR(transaction.ForgetAnswers());
    }
    const absl::Status committed = lease.Commit();
    if (committed.code() == absl::StatusCode::kUnavailable ||
        committed.code() == absl::StatusCode::kDeadlineExceeded) {
      return Unsure();
    }
    KLYNGE_RETURN_IF_ERROR(committed);
    revision = transaction.Committed();
    changes = transaction.changes();
  }
  group_sizes_.Observe(static_cast<double>(group.size()));
  if (revision > 0 && on_commit_) on_commit_(revision);
  MutexLock lock(&mutex_);
  ++stats_.commits;
  stats_.writes += static_cast<int64_t>(group.size());
  for (const auto& [kind, count] : changes) changes_[kind] += count;
  return absl::OkStatus();
}

}  // namespace klynge::sql
