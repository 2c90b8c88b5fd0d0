// A session on an SQLite file, over SOCI.
#pragma once

#include <memory>
#include <string>

#include "services/platform/sql/session.h"
#include "services/platform/sql/statement_cache.h"

namespace soci {
class session;
}

namespace klynge::sql {

// Opens or makes the file: WAL, synchronous=FULL, foreign keys on. Errors: kUnavailable.
absl::StatusOr<std::unique_ptr<Session>> OpenSqliteSession(const std::string& path,
                                                           absl::Time deadline);

class SqliteSession final : public Session {
 public:
  // Takes over an open connection.
  explicit SqliteSession(std::unique_ptr<soci::session> connection);
  ~SqliteSession() override;

  // Holds until a transaction begins, which brings its own.
  void SetDeadline(absl::Time deadline);

  absl::Status Begin(Access access, absl::Time deadline) override;
  absl::Status Commit() override;
  void Rollback() override;
  absl::Status Execute(absl::string_view sql, const std::vector<Value>& params = {}) override;
  absl::StatusOr<std::vector<Row>> Query(absl::string_view sql,
                                         const std::vector<Value>& params = {}) override;
  absl::Status BulkInsert(const BulkTable& table,
                          const std::vector<std::vector<Value>>& rows) override;

 private:
  class Statement;

  template <class Body>
  absl::Status Guarded(absl::string_view sql, Body body);
  Statement& Prepared(absl::string_view sql, absl::string_view types);
  // The same with its parameters filled in.
  Statement& Bound(absl::string_view sql, const std::vector<Value>& params);
  // SQLite asks now and then while a statement runs; not 0 ends it.
  static int PastDeadline(void* session);

  const std::unique_ptr<soci::session> connection_;
  absl::Time deadline_ = absl::InfiniteFuture();  // of SteadyNow: nobody can set it back
  StatementCache<std::unique_ptr<Statement>> statements_;
};

}  // namespace klynge::sql
