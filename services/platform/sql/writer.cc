#include "services/platform/sql/writer.h"

#include <absl/random/random.h>
#include <absl/time/clock.h>

#include <algorithm>

#include "services/platform/rpc/status.h"
#include "services/platform/sql/write_group.h"

namespace klynge::sql {
namespace {

constexpr size_t kMostInAGroup = 256;
// More than that wait only when the database hardly answers.
constexpr size_t kMostWaiting = 4096;
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

absl::Status Queued() {
  return MakeStatus(absl::StatusCode::kDeadlineExceeded, "WRITES_QUEUED",
                    "other writes were not done before the deadline; nothing was written");
}

// Where a caller waits for its write.
struct Outcome {
  Mutex mutex;
  absl::optional<absl::StatusOr<int64_t>> outcome ABSL_GUARDED_BY(mutex);
};

}  // namespace

struct Writer::Waiting {
  Waiting(WriteContext write_context, WriteBody write_body, WriteDone write_done)
      : context(std::move(write_context)),
        body(std::move(write_body)),
        done(std::move(write_done)),
        write{&context, &body} {}

  const WriteContext context;
  const WriteBody body;
  WriteDone done;
  GroupedWrite write;
};

Writer::Writer(SessionPool& pool, const Clock& clock, absl::Duration idempotency_retention)
    : pool_(pool),
      clock_(clock),
      retention_(idempotency_retention),
      writing_([this] { Work(); }),
      telling_([this] { Tell(); }) {}

Writer::~Writer() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  writing_.join();
  {
    MutexLock lock(&mutex_);
    written_all_ = true;
  }
  telling_.join();
}

WriterStats Writer::stats() const {
  MutexLock lock(&mutex_);
  WriterStats stats = stats_;
  stats.waiting = queue_.size();
  return stats;
}

absl::Status Writer::Enqueue(std::shared_ptr<Waiting> waiting) {
  MutexLock lock(&mutex_);
  if (stopping_) return DatabaseUnreachable("the service is stopping");
  if (queue_.size() >= kMostWaiting) {
    return MakeRetryableStatus(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                               "more writes wait than can be done soon; try again later",
                               absl::Seconds(1));
  }
  queue_.push_back(std::move(waiting));
  return absl::OkStatus();
}

bool Writer::Withdraw(const std::shared_ptr<Waiting>& waiting) {
  MutexLock lock(&mutex_);
  const auto place = std::find(queue_.begin(), queue_.end(), waiting);
  if (place == queue_.end()) return false;
  queue_.erase(place);
  return true;
}

absl::Status Writer::Start(WriteContext context, WriteBody body, WriteDone done) {
  return Enqueue(std::make_shared<Waiting>(std::move(context), std::move(body), std::move(done)));
}

absl::StatusOr<int64_t> Writer::Write(const WriteContext& context, const WriteBody& body) {
  const auto ended = std::make_shared<Outcome>();
  const auto waiting = std::make_shared<Waiting>(
      context, [&body](WriteTransaction& transaction) { return body(transaction); },
      [ended](const absl::StatusOr<int64_t>& outcome) {
        MutexLock lock(&ended->mutex);
        ended->outcome = outcome;
      });
  KLYNGE_RETURN_IF_ERROR(Enqueue(waiting));
  const auto known = [&ended]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(ended->mutex) {
    return ended->outcome.has_value();
  };
  const absl::Condition done(&known);
  {
    MutexLock lock(&ended->mutex);
    if (ended->mutex.AwaitWithDeadline(done, context.deadline)) return *ended->outcome;
  }
  if (Withdraw(waiting)) return Queued();
  // It is being written: the caller's frame must stay until that has ended.
  MutexLock lock(&ended->mutex);
  ended->mutex.Await(done);
  return *ended->outcome;
}

ChangeCounts Writer::changes() const {
  MutexLock lock(&mutex_);
  return changes_;
}

// What waits and is not too late, in order; empty when nothing will come any more. What is too late
// has ended.
Writer::Group Writer::NextGroup() {
  const auto awake = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  Group group;
  MutexLock lock(&mutex_);
  while (group.empty()) {
    mutex_.Await(absl::Condition(&awake));
    if (queue_.empty()) break;
    const absl::Time now = absl::Now();
    while (!queue_.empty() && group.size() < kMostInAGroup) {
      std::shared_ptr<Waiting> next = std::move(queue_.front());
      queue_.pop_front();
      const bool late = next->context.deadline <= now;
      if (late) next->write.outcome = Queued();
      (late ? ended_ : group).push_back(std::move(next));
    }
  }
  return group;
}

void Writer::Work() {
  for (Group group = NextGroup(); !group.empty(); group = NextGroup()) {
    RunGroup(group);
    MutexLock lock(&mutex_);
    ended_.insert(ended_.end(), std::make_move_iterator(group.begin()),
                  std::make_move_iterator(group.end()));
  }
}

void Writer::Tell() {
  const auto awake = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return written_all_ || !ended_.empty();
  };
  while (true) {
    Group ended;
    {
      MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&awake));
      if (ended_.empty()) return;
      ended.swap(ended_);
    }
    for (const auto& waiting : ended) waiting->done(waiting->write.outcome);
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
    if (!committed.ok() && !lease->healthy()) return Unsure();
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
