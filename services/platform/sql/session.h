// One connection to the database, speaking the same SQL to SQLite and PostgreSQL.
// Not thread-safe; leased from the pool of sql/database.h for one transaction at a time.
#pragma once

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <absl/types/variant.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace klynge::sql {

enum class Engine { kSqlite, kPostgres };

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

class Session {
 public:
  // Takes over an open connection.
  Session(Engine engine, std::unique_ptr<soci::session> connection);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Runs a statement. Placeholders are ":name", bound to `params` in the order they appear.
  // Errors: kAlreadyExists (unique violation), kAborted (serialization failure: try again),
  // kUnavailable (connection lost, locked), kDeadlineExceeded, kFailedPrecondition (other
  // constraints), kResourceExhausted (disk full), kInternal.
  absl::Status Execute(absl::string_view sql, const std::vector<Value>& params = {});

  // As Execute; returns all rows.
  absl::StatusOr<std::vector<Row>> Query(absl::string_view sql,
                                         const std::vector<Value>& params = {});

  // Inserts all rows: in chunks by unnest() on PostgreSQL, by one prepared statement on SQLite.
  // A null in a row is stored as NULL. Each row has one value a column.
  absl::Status BulkInsert(const BulkTable& table, const std::vector<std::vector<Value>>& rows);

  Engine engine() const { return engine_; }
  // False once an error said that the connection is gone.
  bool healthy() const { return healthy_; }

 private:
  template <class Body>
  absl::Status Guarded(absl::string_view sql, Body body);
  absl::Status BulkInsertSqlite(const BulkTable& table,
                                const std::vector<std::vector<Value>>& rows);
  absl::Status BulkInsertPostgres(const BulkTable& table,
                                  const std::vector<std::vector<Value>>& rows);

  const Engine engine_;
  std::unique_ptr<soci::session> connection_;
  bool healthy_ = true;
};

}  // namespace klynge::sql
