// Values on their way to PostgreSQL and back.
#pragma once

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <string>
#include <vector>

#include "services/platform/sql/session.h"

struct pg_result;

namespace klynge::sql {

// What a query answered, in text format.
std::vector<Row> RowsOf(const pg_result* result);

// Parameters as libpq takes them. May be moved, not copied.
class Parameters {
 public:
  // Each as text; a null pointer for NULL. Strings are not copied: `values` must outlive this.
  explicit Parameters(const std::vector<Value>& values);
  // One array for each column of the table, in binary format. kInternal: a row of another width.
  static absl::StatusOr<Parameters> Arrays(const BulkTable& table,
                                           absl::Span<const std::vector<Value>> rows);

  Parameters(Parameters&&) = default;
  Parameters& operator=(Parameters&&) = default;

  int size() const { return static_cast<int>(pointers_.size()); }
  const char* const* values() const { return pointers_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  Parameters() = default;
  void Add(const char* value, size_t length, bool binary);

  std::vector<std::string> made_;  // never moved once something points into it
  std::vector<const char*> pointers_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

}  // namespace klynge::sql
