// Writes that wait at the same time, committed together: one transaction, one fsync, one lock of
// the revision, and one statement for all rows that go into the same table. Each write gets a
// revision of its own; one that fails is undone alone.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/platform/clock.h"
#include "services/platform/sql/deferred_inserts.h"
#include "services/platform/sql/session.h"
#include "services/platform/sql/write_transaction.h"

namespace klynge::sql {

// How many things of a kind were treated so: {{"goal", "agree"}, 3}. From the audit lines.
using ChangeCounts = std::map<std::pair<std::string, std::string>, int64_t>;

// One of a group: what it is to do, and what came of it.
struct GroupedWrite {
  const WriteContext* context;
  const WriteBody* body;
  // The revision it made, or the one before for a write that made none.
  absl::StatusOr<int64_t> outcome = absl::UnknownError("not run");
};

// One transaction on a session on which it has begun; the caller rolls back what was not committed.
// Used on one thread.
class WriteGroup {
 public:
  // Answers older than `forget_before` count as forgotten.
  WriteGroup(Session& session, const Clock& clock, absl::Time forget_before)
      : session_(session), clock_(clock), forget_before_(forget_before) {}

  // Runs the writes in order. An error: the transaction is lost, no outcome counts.
  absl::Status Run(const std::vector<GroupedWrite*>& writes);
  // True when there is something to commit.
  bool dirty() const { return dirty_; }
  // Deletes forgotten answers with the rest.
  absl::Status ForgetAnswers();
  // What must be told and kept once the transaction is committed. Returns the newest revision if
  // there is a new one, else 0.
  int64_t Committed();
  // What the writes did, for counting once it is committed.
  const ChangeCounts& changes() const { return changes_; }

 private:
  friend class WriteTransaction;

  absl::Status LockRevision();
  absl::Status RecallAnswers(const std::vector<GroupedWrite*>& writes);
  void RunOne(GroupedWrite& write);
  absl::Status Judge(const WriteContext& context, WriteTransaction& transaction,
                     const absl::Status& status);
  absl::Status Keep(WriteTransaction& transaction);
  absl::Status Undo(WriteTransaction& transaction);
  void Remember(WriteTransaction& transaction);
  absl::Status StoreAudit();
  absl::Status StoreRevision();
  // Notes that the transaction cannot go on, and says so.
  absl::Status Break(absl::Status status);

  struct AuditLine {
    std::vector<Value> row;  // up to the change
    AuditEntry entry;
  };

  Session& session_;
  const Clock& clock_;
  const absl::Time forget_before_;
  int64_t first_revision_ = 0;   // the newest one committed before
  int64_t revision_ = 0;         // of the last write kept
  int64_t stored_revision_ = 0;  // what klynge_revision says in this transaction
  bool dirty_ = false;
  absl::Status broken_;
  ChangeCounts changes_;
  DeferredInserts deferred_;
  std::vector<AuditLine> audit_;  // of the writes kept, not stored yet
  absl::flat_hash_map<const void*, ModelInWrite> models_;
  absl::flat_hash_map<std::pair<std::string, std::string>, RememberedAnswer> answers_;
};

}  // namespace klynge::sql
