// Where a read goes: to a read-only copy of the database when there is one and it is new enough,
// else to the primary.
#pragma once

#include <absl/status/status.h>
#include <absl/time/time.h>

#include <functional>
#include <memory>
#include <string>

#include "services/platform/mutex.h"
#include "services/platform/sql/pool.h"

namespace klynge::sql {

struct ReplicaStats {
  int64_t served = 0;  // reads answered by the replica
  int64_t behind = 0;  // it had not reached the revision: read from the primary
  int64_t failed = 0;  // it was away or too slow: read from the primary
};

// Thread-safe.
class ReplicaReader {
 public:
  using Body = std::function<absl::Status(Session&)>;

  // `replica_url` "" = none: everything is read from `primary`, which must outlive this. The
  // replica gets a pool of `size` sessions of its own.
  ReplicaReader(SessionPool& primary, const std::string& replica_url, int size);

  // Runs `body` in one read transaction that sees at least `min_revision`, on the replica if it
  // can. Whether it can is asked in the same transaction. A replica that is away, or not done after
  // half of the time, is quietly done without: `body` may then run a second time, on the primary,
  // and must start afresh. Errors: those of `body` and of the primary.
  absl::Status Read(absl::Time deadline, int64_t min_revision, const Body& body);

  ReplicaStats stats() const;

 private:
  enum class Outcome { kServed, kBehind, kFailed };
  Outcome TryReplica(absl::Time deadline, int64_t min_revision, const Body& body,
                     absl::Status& status);
  bool MayTry();
  void Note(Outcome outcome);

  SessionPool& primary_;
  const std::unique_ptr<SessionPool> replica_;
  mutable Mutex mutex_;
  ReplicaStats stats_ ABSL_GUARDED_BY(mutex_);
  // After a failure the replica is left alone until then (of SteadyNow).
  absl::Time rests_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace klynge::sql
