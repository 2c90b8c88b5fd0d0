#include "services/platform/sql/write_transaction.h"

#include "services/platform/rpc/status.h"
#include "services/platform/sql/write_group.h"

namespace klynge::sql {

WriteTransaction::WriteTransaction(WriteGroup& group, const WriteContext& context, int64_t revision,
                                   absl::Time now)
    : group_(group),
      context_(context),
      revision_(revision),
      now_(absl::FromUnixMicros(absl::ToUnixMicros(now))),
      begin_(group.deferred_.Here()) {}

absl::Status WriteTransaction::FlushEarlier() {
  const DeferredInserts::Mark earlier = std::exchange(begin_, {});
  KLYNGE_RETURN_IF_ERROR(group_.Break(group_.deferred_.FlushUpTo(earlier, group_.session_)));
  KLYNGE_RETURN_IF_ERROR(group_.Break(group_.StoreAudit()));
  // What is read now is what the writes before this one have left, and says so.
  return group_.Break(group_.StoreRevision());
}

absl::Status WriteTransaction::Separate() {
  KLYNGE_RETURN_IF_ERROR(group_.broken_);
  if (!separated_) {
    KLYNGE_RETURN_IF_ERROR(FlushEarlier());
    KLYNGE_RETURN_IF_ERROR(group_.Break(group_.session_.Execute("SAVEPOINT klynge_write")));
    separated_ = true;
  }
  return group_.deferred_.FlushAll(group_.session_);
}

absl::Status WriteTransaction::Execute(absl::string_view sql, const std::vector<Value>& params) {
  KLYNGE_RETURN_IF_ERROR(Separate());
  return group_.session_.Execute(sql, params);
}

absl::StatusOr<Session*> WriteTransaction::Reader() {
  KLYNGE_RETURN_IF_ERROR(group_.broken_);
  if (separated_ || group_.deferred_.AnySince(begin_)) {
    KLYNGE_RETURN_IF_ERROR(Separate());
  } else {
    KLYNGE_RETURN_IF_ERROR(FlushEarlier());
  }
  return &group_.session_;
}

absl::StatusOr<std::vector<Row>> WriteTransaction::Query(absl::string_view sql,
                                                         const std::vector<Value>& params) {
  KLYNGE_ASSIGN_OR_RETURN(Session * session, Reader());
  auto rows = session->Query(sql, params);
  // PostgreSQL goes on after a failed statement only from a savepoint.
  if (!rows.ok() && !separated_) return group_.Break(rows.status());
  return rows;
}

absl::Status WriteTransaction::BulkInsert(const BulkTable& table,
                                          std::vector<std::vector<Value>> rows) {
  if (group_.deferred_.Collides(table, rows)) KLYNGE_RETURN_IF_ERROR(Separate());
  group_.deferred_.Add(table, std::move(rows));
  return absl::OkStatus();
}

const RememberedAnswer* WriteTransaction::first_answer() const {
  const auto found =
      group_.answers_.find(std::pair(context_.actor, context_.idempotency.request_id));
  return found == group_.answers_.end() ? nullptr : &found->second;
}

const ModelInWrite* WriteTransaction::Model(const void* owner) const {
  if (const auto own = advanced_.find(owner); own != advanced_.end()) return &own->second;
  const auto found = group_.models_.find(owner);
  return found == group_.models_.end() ? nullptr : &found->second;
}

void WriteTransaction::SetModel(const void* owner, ModelInWrite model) {
  group_.models_[owner] = std::move(model);
}

void WriteTransaction::AdvanceModel(const void* owner, ModelInWrite model) {
  advanced_[owner] = std::move(model);
}

}  // namespace klynge::sql
