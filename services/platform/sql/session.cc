#include "services/platform/sql/session.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

namespace klynge::sql {

bool Row::IsNull(size_t column) const {
  return absl::holds_alternative<std::nullptr_t>(values_.at(column));
}

int64_t Row::Int(size_t column) const {
  const Value& value = values_.at(column);
  if (const auto* integer = absl::get_if<int64_t>(&value)) return *integer;
  if (const auto* real = absl::get_if<double>(&value)) return static_cast<int64_t>(*real);
  int64_t parsed = 0;
  if (const auto* text = absl::get_if<std::string>(&value)) {
    if (!absl::SimpleAtoi(*text, &parsed)) return 0;
  }
  return parsed;
}

double Row::Double(size_t column) const {
  const Value& value = values_.at(column);
  if (const auto* real = absl::get_if<double>(&value)) return *real;
  if (const auto* integer = absl::get_if<int64_t>(&value)) return static_cast<double>(*integer);
  double parsed = 0;
  if (const auto* text = absl::get_if<std::string>(&value)) {
    if (!absl::SimpleAtod(*text, &parsed)) return 0;
  }
  return parsed;
}

std::string Row::Text(size_t column) const {
  const Value& value = values_.at(column);
  if (const auto* text = absl::get_if<std::string>(&value)) return *text;
  if (const auto* integer = absl::get_if<int64_t>(&value)) return absl::StrCat(*integer);
  if (const auto* real = absl::get_if<double>(&value)) return absl::StrCat(*real);
  return "";
}

std::string InsertInto(const BulkTable& table) {
  return absl::StrCat("INSERT INTO ", table.name, " (",
                      absl::StrJoin(table.columns, ", ",
                                    [](std::string* out, const BulkTable::Column& column) {
                                      out->append(column.name);
                                    }),
                      ") ");
}

bool WorthPreparing(absl::string_view sql) {
  sql = absl::StripLeadingAsciiWhitespace(sql);
  for (const absl::string_view word : {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"}) {
    if (absl::StartsWithIgnoreCase(sql, word)) return true;
  }
  return false;
}

}  // namespace klynge::sql
