// A service's database: a bounded pool of validated sessions, migrations, and the two kinds of
// transaction. Truth lives here; everything in Redis and in memory can be rebuilt from it.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/platform/clock.h"
#include "services/platform/mutex.h"
#include "services/platform/rpc/call.h"
#include "services/platform/sql/migration.h"
#include "services/platform/sql/session.h"

namespace klynge::sql {

// One line of the audit log: what a write did to one thing.
struct AuditEntry {
  std::string entity_kind;  // "unit"
  std::string entity_id;
  std::string action;       // "create", "update", "delete", …
  std::string change_json;  // the thing after the change, or what changed
};

// What a write is done for.
struct WriteContext {
  std::string method = "";
  std::string actor = "local";
  absl::Time deadline = absl::InfiniteFuture();
  // Does everything, then rolls back: for validate_only.
  bool dry_run = false;
};

// A write in progress. It holds the service's write lock: whatever it reads is current and stays so
// until it ends, on every replica.
class WriteTransaction {
 public:
  Session& session() { return session_; }
  absl::Status Execute(absl::string_view sql, const std::vector<Value>& params = {}) {
    return session_.Execute(sql, params);
  }
  absl::StatusOr<std::vector<Row>> Query(absl::string_view sql,
                                         const std::vector<Value>& params = {}) {
    return session_.Query(sql, params);
  }
  absl::Status BulkInsert(const BulkTable& table, const std::vector<std::vector<Value>>& rows) {
    return session_.BulkInsert(table, rows);
  }

  // The revision this write makes; every row it writes carries it.
  int64_t revision() const { return revision_; }
  // The time of the transaction.
  absl::Time now() const { return now_; }

  // Adds to the audit log, written with the rest when the transaction commits.
  void Audit(AuditEntry entry) { audit_.push_back(std::move(entry)); }

  // Ends the write without a new revision: everything is rolled back, and Write answers OK with the
  // revision before it. For imports that turn out to change nothing.
  void Discard() { ending_ = Ending::kDiscard; }
  bool discarded() const { return ending_ == Ending::kDiscard; }

  // Commits without a new revision: for bookkeeping that no reader sees.
  void KeepRevision() { ending_ = Ending::kKeepRevision; }

 private:
  friend class Database;
  WriteTransaction(Session& session, int64_t revision, absl::Time now)
      : session_(session), revision_(revision), now_(now) {}

  enum class Ending { kCommit, kDiscard, kKeepRevision };

  Session& session_;
  const int64_t revision_;
  const absl::Time now_;
  Ending ending_ = Ending::kCommit;
  std::vector<AuditEntry> audit_;
};

struct DatabaseOptions {
  // "sqlite:PATH" or "postgresql://user@host/database".
  std::string url;
  // Sessions in the pool.
  int pool_size = 4;
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
  ~Database();

  // Runs `body` in one read transaction on one session. Errors: those of `body`;
  // kDeadlineExceeded when no session was free in time; kUnavailable.
  absl::Status Read(absl::Time deadline, const std::function<absl::Status(Session&)>& body);

  // Runs `body` in one write transaction and commits it if `body` is OK: its statements, its audit
  // lines and the next revision together, or nothing. Returns the revision; durable when it
  // returns. Serialised with all other writes of the service. A serialization failure runs `body`
  // again.
  absl::StatusOr<int64_t> Write(const WriteContext& context,
                                const std::function<absl::Status(WriteTransaction&)>& body);

  // The newest committed revision.
  absl::StatusOr<int64_t> Revision(absl::Time deadline);

  const Clock& clock() const { return *clock_; }

  // Called after each commit with its revision, on the committing thread.
  void OnCommit(std::function<void(int64_t)> listener) { on_commit_ = std::move(listener); }

 private:
  class Lease;
  using WriteBody = std::function<absl::Status(WriteTransaction&)>;

  Database(const DatabaseOptions& options, Engine engine, const Clock* clock);
  absl::StatusOr<std::unique_ptr<Session>> Connect() const;
  // A session on which `begin` has run; a connection that turns out dead is replaced once.
  absl::StatusOr<Lease> Begin(absl::Time deadline, absl::string_view begin);
  absl::Status WaitForSlot(absl::Time deadline);
  absl::Status Migrate(const std::vector<Migration>& migrations);
  absl::StatusOr<int64_t> WriteOnce(const WriteContext& context, const WriteBody& body);

  const DatabaseOptions options_;
  const Engine engine_;
  const Clock* const clock_;
  std::function<void(int64_t)> on_commit_;

  // Writers wait here rather than inside the database, so that their deadline is kept.
  Mutex turn_mutex_;
  bool writing_ ABSL_GUARDED_BY(turn_mutex_) = false;

  Mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_ ABSL_GUARDED_BY(mutex_);
  int leased_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace klynge::sql
