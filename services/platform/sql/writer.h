// The one writer of a service's database in this process: a thread that takes all writes that wait
// and commits them together, and another that tells those who asked, while the next are written.
#pragma once

#include <absl/functional/any_invocable.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "services/platform/clock.h"
#include "services/platform/mutex.h"
#include "services/platform/sql/pool.h"
#include "services/platform/sql/write_group.h"
#include "services/platform/sql/write_transaction.h"
#include "services/platform/telemetry/metrics.h"

namespace klynge::sql {

struct WriterStats {
  int64_t commits = 0;    // transactions
  int64_t writes = 0;     // that they held
  int64_t ran_alone = 0;  // writes run anew by themselves after their group had failed
  size_t waiting = 0;
};

// Called once with what came of a write: its revision, or why there is none.
using WriteDone = absl::AnyInvocable<void(const absl::StatusOr<int64_t>&)>;

// Thread-safe.
class Writer {
 public:
  // `pool` and `clock` must outlive this.
  Writer(SessionPool& pool, const Clock& clock, absl::Duration idempotency_retention);
  // Writes what waits, then ends.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // See Database::Write and Database::StartWrite. `body` runs on the writer's thread.
  absl::StatusOr<int64_t> Write(const WriteContext& context, const WriteBody& body);
  absl::Status Start(WriteContext context, WriteBody body, WriteDone done);

  // Called after each commit with the newest revision, on the writer's thread. Set before the first
  // write.
  void OnCommit(std::function<void(int64_t)> listener) {
    MutexLock lock(&mutex_);  // which the writer holds before each write
    on_commit_ = std::move(listener);
  }

  WriterStats stats() const;
  // What was committed since the start, by kind and action.
  ChangeCounts changes() const;
  // Writes in each transaction committed.
  const telemetry::Histogram& group_sizes() const { return group_sizes_; }

 private:
  struct Waiting;
  using Group = std::vector<std::shared_ptr<Waiting>>;

  absl::Status Enqueue(std::shared_ptr<Waiting> waiting);
  // Takes it back; false when it is being written or was.
  bool Withdraw(const std::shared_ptr<Waiting>& waiting);
  void Work();
  Group NextGroup();
  void Tell();
  void RunGroup(const Group& group);
  absl::Status TryGroup(const Group& group);
  absl::Status RunOnce(const Group& group);

  SessionPool& pool_;
  const Clock& clock_;
  const absl::Duration retention_;
  std::function<void(int64_t)> on_commit_;
  absl::Time forgotten_at_ = absl::InfinitePast();  // the writer's thread only

  mutable Mutex mutex_;
  std::deque<std::shared_ptr<Waiting>> queue_ ABSL_GUARDED_BY(mutex_);
  WriterStats stats_ ABSL_GUARDED_BY(mutex_);
  ChangeCounts changes_ ABSL_GUARDED_BY(mutex_);
  telemetry::Histogram group_sizes_{telemetry::CountBounds()};
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Of which those who asked are to be told.
  Group ended_ ABSL_GUARDED_BY(mutex_);
  bool written_all_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread writing_;
  std::thread telling_;
};

}  // namespace klynge::sql
