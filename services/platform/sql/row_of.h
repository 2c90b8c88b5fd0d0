// A row for BulkInsert, made without copying what is moved into it.
#pragma once

#include <utility>
#include <vector>

#include "services/platform/sql/session.h"

namespace klynge::sql {

// RowOf("id", 7, nullptr): one Value for each argument.
template <class... Values>
std::vector<Value> RowOf(Values&&... values) {
  std::vector<Value> row;
  row.reserve(sizeof...(values));
  (row.emplace_back(std::forward<Values>(values)), ...);
  return row;
}

}  // namespace klynge::sql
