// A write in progress, as the code that writes sees it.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/platform/sql/deferred_inserts.h"
#include "services/platform/sql/session.h"

namespace klynge::sql {

class WriteGroup;

// One line of the audit log: what a write did to one thing.
struct AuditEntry {
  std::string entity_kind;  // "unit"
  std::string entity_id;
  std::string action;            // "create", "update", "delete", …
  std::string change_json = "";  // the thing after the change, or what changed
  int64_t things = 1;            // that it stands for; counted in klynge_changes_total
  // Instead of change_json, where that takes long to make: called later, while the database works
  // on what the group has sent. Owns what it needs; an error fails the write.
  std::function<absl::StatusOr<std::string>()> describe = nullptr;
};

// What recognises a repeat of a request. With an empty request_id nothing is remembered.
struct Idempotency {
  std::string request_id = "";
  // The same for requests that mean the same (the request without its request_id).
  std::string fingerprint = "";
};

// What a write is done for.
struct WriteContext {
  std::string method = "";
  std::string actor = "local";
  absl::Time deadline = absl::InfiniteFuture();
  // Does everything, then undoes it: for validate_only.
  bool dry_run = false;
  Idempotency idempotency = {};
};

// What was answered to a request id.
struct RememberedAnswer {
  std::string fingerprint;
  std::string response;  // serialized
};

// A model in memory as some write of a group leaves it.
struct ModelInWrite {
  std::shared_ptr<const void> model;
  int64_t revision = 0;
  // Called with the two above when the group has committed.
  std::function<void(const std::shared_ptr<const void>&, int64_t)> keep;
};

// It has the service's write lock: whatever it reads is current and stays so until it ends, on
// every replica. It may share its database transaction with other writes (see write_group.h): those
// before it are visible to it, and what it did is undone alone when it fails. Used on one thread.
class WriteTransaction {
 public:
  // Runs a statement now. Errors: those of Session.
  absl::Status Execute(absl::string_view sql, const std::vector<Value>& params = {});
  absl::StatusOr<std::vector<Row>> Query(absl::string_view sql,
                                         const std::vector<Value>& params = {});
  // Inserts before the next statement that could tell the difference, and at the latest before the
  // commit, together with what other writes insert into the same table. An error of the insert
  // becomes the error of the write.
  absl::Status BulkInsert(const BulkTable& table, std::vector<std::vector<Value>> rows);
  // For reading only. Good until the next call of a method of this.
  absl::StatusOr<Session*> Reader();

  // What it is done for.
  const WriteContext& context() const { return context_; }
  // The revision this write makes; every row it writes carries it.
  int64_t revision() const { return revision_; }
  // The time of the write, to the microsecond, as the database keeps it.
  absl::Time now() const { return now_; }

  // Adds to the audit log, committed with the rest.
  void Audit(AuditEntry entry) { audit_.push_back(std::move(entry)); }

  // Ends the write without a new revision: everything it did is undone, and Write answers OK with
  // the revision before it. For imports that turn out to change nothing.
  void Discard() { discarded_ = true; }
  bool discarded() const { return discarded_; }

  // The answer to this request id, if it was used before; else null.
  const RememberedAnswer* first_answer() const;
  // Stores the answer to this request id, also when the write is discarded.
  void Remember(std::string response) { remembered_ = std::move(response); }

  // What Revisioned keeps with a write; `owner` is its address. Model is null when no write of the
  // group has set one. SetModel is for a model that shows what was there before this write,
  // AdvanceModel for one that shows what this write makes of it.
  const ModelInWrite* Model(const void* owner) const;
  void SetModel(const void* owner, ModelInWrite model);
  void AdvanceModel(const void* owner, ModelInWrite model);

 private:
  friend class WriteGroup;
  WriteTransaction(WriteGroup& group, const WriteContext& context, int64_t revision,
                   absl::Time now);

  // Puts a savepoint between what the group did and what this write does.
  absl::Status Separate();
  absl::Status FlushEarlier();

  WriteGroup& group_;
  const WriteContext& context_;
  const int64_t revision_;
  const absl::Time now_;
  DeferredInserts::Mark begin_;  // what other writes of the group have deferred
  bool separated_ = false;
  bool discarded_ = false;
  absl::optional<std::string> remembered_;
  std::vector<AuditEntry> audit_;
  absl::flat_hash_map<const void*, ModelInWrite> advanced_;
};

using WriteBody = std::function<absl::Status(WriteTransaction&)>;

}  // namespace klynge::sql
