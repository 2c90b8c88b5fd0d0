// One connection to the database, speaking the same SQL to SQLite and PostgreSQL.
// Not thread-safe; leased from the pool of sql/pool.h for one transaction at a time.
#pragma once

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>
#include <absl/types/variant.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace klynge::sql {

enum class Engine { kSqlite, kPostgres };
enum class Access { kRead, kWrite };

using Value = absl::variant<std::nullptr_t, int64_t, double, std::string>;

// One row of an answer. Columns are counted from 0; asking for a type converts where that loses
// nothing.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}

  bool IsNull(size_t column) const;
  // 0 when null.
  int64_t Int(size_t column) const;
  // 0 when null.
  double Double(size_t column) const;
  // "" when null.
  std::string Text(size_t column) const;
  size_t size() const { return values_.size(); }

 private:
  std::vector<Value> values_;
};

enum class ColumnType { kBigint, kDouble, kText };

// Where a bulk insert goes.
struct BulkTable {
  std::string name;
  struct Column {
    std::string name;
    ColumnType type;
  };
  std::vector<Column> columns;
  // For example "ON CONFLICT (observation_id) DO NOTHING".
  std::string suffix;
};

// "INSERT INTO table (column, …) ", to which VALUES or SELECT is added.
std::string InsertInto(const BulkTable& table);

// True for SELECT, INSERT, UPDATE, DELETE, WITH and VALUES: what is worth keeping prepared.
// Everything else (BEGIN, SET, SAVEPOINT, CREATE …) is sent as it is.
bool WorthPreparing(absl::string_view sql);

// No function throws, and none logs or answers what is stored. A statement that ran before on the
// same session is not prepared again. Nothing waits for the database after the deadline of the
// transaction: then kDeadlineExceeded, and a connection that did not answer is given up.
class Session {
 public:
  virtual ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Begins a transaction, which is also how a pooled connection shows that it lives. A write on
  // SQLite waits here for its turn.
  virtual absl::Status Begin(Access access, absl::Time deadline) = 0;
  // Durable when OK. kInternal when a statement had failed and the transaction with it. After
  // kUnavailable and kDeadlineExceeded it is not known whether it was committed.
  virtual absl::Status Commit() = 0;
  // Ends the transaction, if there is one, without a trace.
  virtual void Rollback() = 0;

  // Runs a statement. Placeholders are ":name", bound to `params` in the order they appear.
  // Errors: see sql/database_error.h.
  virtual absl::Status Execute(absl::string_view sql, const std::vector<Value>& params = {}) = 0;

  // As Execute; returns all rows.
  virtual absl::StatusOr<std::vector<Row>> Query(absl::string_view sql,
                                                 const std::vector<Value>& params = {}) = 0;

  // Inserts all rows: in chunks by unnest() on PostgreSQL, by one prepared statement on SQLite.
  // A null in a row is stored as NULL. Each row has one value a column.
  virtual absl::Status BulkInsert(const BulkTable& table,
                                  const std::vector<std::vector<Value>>& rows) = 0;

  // From here to the end of the transaction, statements without an answer may be sent before those
  // ahead of them are answered: an error of one may come from any later call, at last from Commit,
  // and nothing is committed then.
  virtual void StartSendingAhead() {}

  Engine engine() const { return engine_; }
  // False once an error said that the connection is of no more use.
  bool healthy() const { return healthy_; }

 protected:
  explicit Session(Engine engine) : engine_(engine) {}
  void GiveUp() { healthy_ = false; }

 private:
  const Engine engine_;
  bool healthy_ = true;
};

}  // namespace klynge::sql
