#include "services/platform/sql/write_group.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>

#include "services/platform/rpc/guard.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/row_of.h"

namespace klynge::sql {
namespace {

// The lock of the service's writes, held to the commit. SQLite's BEGIN IMMEDIATE has it already.
constexpr char kLockRevision[] = "SELECT revision FROM klynge_revision FOR UPDATE";
constexpr char kReadRevision[] = "SELECT revision FROM klynge_revision";

const BulkTable& AuditTable() {
  static const auto* const table = new BulkTable{"klynge_audit",
                                                 {{"revision", ColumnType::kBigint},
                                                  {"ordinal", ColumnType::kBigint},
                                                  {"at_us", ColumnType::kBigint},
                                                  {"actor", ColumnType::kText},
                                                  {"method", ColumnType::kText},
                                                  {"entity_kind", ColumnType::kText},
                                                  {"entity_id", ColumnType::kText},
                                                  {"action", ColumnType::kText},
                                                  {"change_json", ColumnType::kText}},
                                                 ""};
  return *table;
}

const BulkTable& AnswerTable() {
  static const auto* const table = new BulkTable{
      "klynge_idempotency",
      {{"actor", ColumnType::kText},
       {"request_id", ColumnType::kText},
       {"fingerprint", ColumnType::kText},
       {"response", ColumnType::kText},
       {"at_us", ColumnType::kBigint}},
      // A forgotten answer may not be deleted yet.
      "ON CONFLICT (actor, request_id) DO UPDATE SET fingerprint = excluded.fingerprint, "
      "response = excluded.response, at_us = excluded.at_us"};
  return *table;
}

// The database stores so many lines of the audit log while the next are made.
constexpr size_t kLinesAtOnce = 2'000;

// So many parameters that few different statements are ever prepared.
size_t PaddedCount(size_t count) {
  size_t padded = 1;
  while (padded < count) padded *= 2;
  return padded;
}

}  // namespace

absl::Status WriteGroup::Break(absl::Status status) {
  if (!status.ok() && broken_.ok()) broken_ = status;
  return status;
}

absl::Status WriteGroup::Run(const std::vector<GroupedWrite*>& writes) {
  KLYNGE_RETURN_IF_ERROR(LockRevision());
  KLYNGE_RETURN_IF_ERROR(RecallAnswers(writes));
  for (GroupedWrite* write : writes) {
    RunOne(*write);
    KLYNGE_RETURN_IF_ERROR(broken_);
  }
  if (dirty_) session_.StartSendingAhead();  // what is left needs no answer but that of the commit
  KLYNGE_RETURN_IF_ERROR(deferred_.FlushAll(session_));
  KLYNGE_RETURN_IF_ERROR(StoreAudit());
  return StoreRevision();
}

absl::Status WriteGroup::LockRevision() {
  KLYNGE_ASSIGN_OR_RETURN(
      const auto rows,
      session_.Query(session_.engine() == Engine::kPostgres ? kLockRevision : kReadRevision));
  if (rows.size() != 1) return absl::DataLossError("klynge_revision has not exactly one row");
  first_revision_ = stored_revision_ = revision_ = rows[0].Int(0);
  return absl::OkStatus();
}

absl::Status WriteGroup::StoreAudit() {
  std::vector<std::vector<Value>> rows;
  for (AuditLine& line : std::exchange(audit_, {})) {
    if (line.entry.describe) {
      KLYNGE_ASSIGN_OR_RETURN(line.entry.change_json, line.entry.describe());
    }
    line.row.emplace_back(std::move(line.entry.change_json));
    rows.push_back(std::move(line.row));
    if (rows.size() < kLinesAtOnce) continue;
    KLYNGE_RETURN_IF_ERROR(session_.BulkInsert(AuditTable(), rows));
    rows.clear();
  }
  return rows.empty() ? absl::OkStatus() : session_.BulkInsert(AuditTable(), rows);
}

absl::Status WriteGroup::StoreRevision() {
  if (revision_ == stored_revision_) return absl::OkStatus();
  stored_revision_ = revision_;
  return session_.Execute("UPDATE klynge_revision SET revision = :revision", {revision_});
}

absl::Status WriteGroup::RecallAnswers(const std::vector<GroupedWrite*>& writes) {
  std::vector<Value> params = {absl::ToUnixMicros(forget_before_)};
  for (const GroupedWrite* write : writes) {
    const WriteContext& context = *write->context;
    if (context.idempotency.request_id.empty() || context.dry_run) continue;
    params.emplace_back(context.actor);
    params.emplace_back(context.idempotency.request_id);
  }
  const size_t asked = (params.size() - 1) / 2;
  if (asked == 0) return absl::OkStatus();
  std::string places;
  for (size_t i = 0; i < PaddedCount(asked); ++i) {
    absl::StrAppend(&places, i == 0 ? "" : ", ", "(CAST(:actor", i, " AS TEXT), CAST(:id", i,
                    " AS TEXT))");
    if (i < asked) continue;
    params.push_back(params[1]);
    params.push_back(params[2]);
  }
  // A subquery for each, so that the index is used: PostgreSQL would join with the whole table as
  // long as it has no statistics of it. Both engines name the columns of VALUES so.
  KLYNGE_ASSIGN_OR_RETURN(
      const auto rows,
      session_.Query(absl::StrCat("SELECT column1, column2, "
                                  "(SELECT fingerprint || ' ' || response FROM klynge_idempotency "
                                  "WHERE actor = column1 AND request_id = column2 "
                                  "AND at_us >= :oldest) FROM (VALUES ",
                                  places, ") AS asked"),
                     params));
  for (const Row& row : rows) {
    if (row.IsNull(2)) continue;
    // The response is in base64, which has no spaces.
    const std::string found = row.Text(2);
    const size_t space = found.rfind(' ');
    RememberedAnswer answer{found.substr(0, space), ""};
    if (!absl::Base64Unescape(found.substr(space + 1), &answer.response)) {
      return absl::DataLossError("a remembered answer cannot be read");
    }
    answers_.insert_or_assign(std::pair(row.Text(0), row.Text(1)), std::move(answer));
  }
  return absl::OkStatus();
}

void WriteGroup::RunOne(GroupedWrite& write) {
  WriteTransaction transaction(*this, *write.context, revision_ + 1, clock_.Now());
  absl::Status status = Guard([&] { return (*write.body)(transaction); });
  if (!broken_.ok()) return;
  status = Judge(*write.context, transaction, status);
  if (status.ok()) {
    write.outcome = revision_;
  } else {
    write.outcome = std::move(status);
  }
}

// Keeps what the write did, or undoes it.
absl::Status WriteGroup::Judge(const WriteContext& context, WriteTransaction& transaction,
                               const absl::Status& status) {
  if (!status.ok()) {
    KLYNGE_RETURN_IF_ERROR(Break(Undo(transaction)));
    return status;
  }
  if (context.dry_run) {
    // What waits to be inserted is tried as well.
    const absl::Status tried = transaction.Separate();
    KLYNGE_RETURN_IF_ERROR(Break(Undo(transaction)));
    return tried;
  }
  if (transaction.discarded_) {
    KLYNGE_RETURN_IF_ERROR(Break(Undo(transaction)));
  } else {
    KLYNGE_RETURN_IF_ERROR(Break(Keep(transaction)));
  }
  Remember(transaction);
  return absl::OkStatus();
}

absl::Status WriteGroup::Keep(WriteTransaction& transaction) {
  if (transaction.separated_) {
    KLYNGE_RETURN_IF_ERROR(session_.Execute("RELEASE SAVEPOINT klynge_write"));
  }
  int64_t ordinal = 0;
  for (AuditEntry& entry : transaction.audit_) {
    changes_[{entry.entity_kind, entry.action}] += entry.things;
    audit_.push_back({RowOf(transaction.revision_, ordinal++, absl::ToUnixMicros(transaction.now_),
                            transaction.context_.actor, transaction.context_.method,
                            entry.entity_kind, entry.entity_id, entry.action),
                      std::move(entry)});
  }
  for (auto& [owner, model] : transaction.advanced_) models_[owner] = std::move(model);
  revision_ = transaction.revision_;
  dirty_ = true;
  return absl::OkStatus();
}

absl::Status WriteGroup::Undo(WriteTransaction& transaction) {
  deferred_.ReturnTo(transaction.begin_);
  if (!transaction.separated_) return absl::OkStatus();
  KLYNGE_RETURN_IF_ERROR(session_.Execute("ROLLBACK TO SAVEPOINT klynge_write"));
  return session_.Execute("RELEASE SAVEPOINT klynge_write");
}

void WriteGroup::Remember(WriteTransaction& transaction) {
  if (!transaction.remembered_) return;
  const WriteContext& context = transaction.context_;
  const Idempotency& id = context.idempotency;
  std::vector<std::vector<Value>> rows;
  rows.push_back(RowOf(context.actor, id.request_id, id.fingerprint,
                       absl::Base64Escape(*transaction.remembered_),
                       absl::ToUnixMicros(transaction.now_)));
  deferred_.Add(AnswerTable(), std::move(rows));
  answers_.insert_or_assign(std::pair(context.actor, id.request_id),
                            RememberedAnswer{id.fingerprint, *std::move(transaction.remembered_)});
  dirty_ = true;
}

absl::Status WriteGroup::ForgetAnswers() {
  return session_.Execute("DELETE FROM klynge_idempotency WHERE at_us < :oldest",
                          {absl::ToUnixMicros(forget_before_)});
}

int64_t WriteGroup::Committed() {
  for (auto& [owner, model] : models_) {
    if (model.keep) model.keep(model.model, model.revision);
  }
  return revision_ == first_revision_ ? 0 : revision_;
}

}  // namespace klynge::sql
