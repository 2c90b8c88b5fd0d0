// Rows that wait to be inserted, gathered by table so that many small writes cost one statement.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/status/status.h>

#include <string>
#include <vector>

#include "services/platform/sql/session.h"

namespace klynge::sql {

// Tables keep the order in which they were first named, also with no rows: parents before children.
// Not thread-safe.
class DeferredInserts {
 public:
  // A moment: how many rows of each table waited.
  using Mark = std::vector<size_t>;
  Mark Here() const;

  // True when a row with the same key waits in a table whose ON CONFLICT … DO UPDATE takes each key
  // once a statement: flush first.
  bool Collides(const BulkTable& table, const std::vector<std::vector<Value>>& rows) const;
  void Add(const BulkTable& table, std::vector<std::vector<Value>> rows);
  // Forgets what was added since.
  void ReturnTo(const Mark& mark);
  // Inserts what waited at the mark and forgets it; what was added since still waits. Errors: those
  // of Session::BulkInsert.
  absl::Status FlushUpTo(const Mark& mark, Session& session);
  absl::Status FlushAll(Session& session) { return FlushUpTo(Here(), session); }
  // True when rows wait that were added since.
  bool AnySince(const Mark& mark) const;

 private:
  struct Pending {
    BulkTable table;
    std::vector<size_t> key;  // columns; empty when the table takes a key any number of times
    std::vector<std::vector<Value>> rows;
    absl::flat_hash_set<std::string> keys;  // of the rows
  };
  const Pending* Find(const BulkTable& table) const;
  static std::string KeyOf(const std::vector<size_t>& columns, const std::vector<Value>& row);

  std::vector<Pending> tables_;
};

}  // namespace klynge::sql
