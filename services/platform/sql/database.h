// A service's database: migrations, and the two kinds of transaction. Truth lives here; everything
// in Redis and in memory can be rebuilt from it.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/platform/clock.h"
#include "services/platform/rpc/call.h"
#include "services/platform/sql/migration.h"
#include "services/platform/sql/pool.h"
#include "services/platform/sql/replica_reader.h"
#include "services/platform/sql/session.h"
#include "services/platform/sql/write_transaction.h"
#include "services/platform/sql/writer.h"

namespace klynge::sql {

struct DatabaseOptions {
  // "sqlite:PATH" or "postgresql://user@host/database".
  std::string url;
  // Sessions for reading; one more writes.
  int pool_size = 4;
  // A read-only copy for reads that need not see the newest; "" = none.
  std::string replica_url = "";
  // How long a repeated request id is answered with its first answer.
  absl::Duration idempotency_retention = absl::Hours(24 * 7);
};

// Thread-safe.
class Database {
 public:
  // Opens one session to see that the database is there and brings the schema up to date, under a
  // lock so that replicas starting at once do it in turn. Errors: kInvalidArgument (no such kind of
  // url), kUnavailable.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const DatabaseOptions& options,
                                                        const std::vector<Migration>& migrations,
                                                        const Clock* clock);

  // Runs `body` in one read transaction on one session. Errors: those of `body`;
  // kDeadlineExceeded when no session was free in time; kUnavailable.
  absl::Status Read(absl::Time deadline, const std::function<absl::Status(Session&)>& body);

  // The same, seeing at least `min_revision`, on the replica where there is one that has reached
  // it: see ReplicaReader. `body` may run a second time and must start afresh.
  absl::Status ReadAtLeast(absl::Time deadline, int64_t min_revision,
                           const std::function<absl::Status(Session&)>& body) {
    return replica_.Read(deadline, min_revision, body);
  }

  // Runs `body` in a write transaction and commits it if `body` is OK: its statements, its audit
  // lines and the next revision together, or nothing. Returns the revision; durable when it
  // returns. Serialised with all other writes of the service, on every replica; those that wait at
  // the same time are committed together. `body` runs on another thread while the caller waits; it
  // may run again, and must not write through the database itself. Errors: those of `body`;
  // kDeadlineExceeded (WRITES_QUEUED: nothing was written); kUnavailable (WRITE_OUTCOME_UNKNOWN:
  // the connection was lost while it committed).
  absl::StatusOr<int64_t> Write(const WriteContext& context, const WriteBody& body) {
    return writer_.Write(context, body);
  }

  // The same without waiting: `done` is called once, on a thread that it must not block, unless an
  // error is returned (kResourceExhausted, OVERLOADED; kUnavailable at the end). What is not begun
  // by the deadline ends with WRITES_QUEUED.
  absl::Status StartWrite(WriteContext context, WriteBody body, WriteDone done) {
    return writer_.Start(std::move(context), std::move(body), std::move(done));
  }

  // The newest committed revision.
  absl::StatusOr<int64_t> Revision(absl::Time deadline);

  const Clock& clock() const { return *clock_; }
  const Writer& writer() const { return writer_; }
  // Of the sessions for reading.
  PoolStats pool_stats() const { return readers_.stats(); }
  ReplicaStats replica_stats() const { return replica_.stats(); }

  // The newest revision of which this process holds the model (revisioned.h); 0 before the first.
  int64_t held_revision() const { return held_revision_.load(std::memory_order_relaxed); }
  void SetHeldRevision(int64_t revision) {
    held_revision_.store(revision, std::memory_order_relaxed);
  }

  // Called after each commit with the newest revision, on the writing thread. Set before the first
  // write.
  void OnCommit(std::function<void(int64_t)> listener) { writer_.OnCommit(std::move(listener)); }

 private:
  Database(const DatabaseOptions& options, const Clock* clock);

  const Clock* const clock_;
  std::atomic<int64_t> held_revision_ = 0;
  SessionPool readers_;
  ReplicaReader replica_;
  SessionPool write_session_;
  Writer writer_;
};

}  // namespace klynge::sql
