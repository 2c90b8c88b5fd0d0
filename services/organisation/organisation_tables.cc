#include "services/organisation/organisation_tables.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

namespace klynge::organisation {

sql::BulkTable TableOf(std::string name, size_t key_columns, std::vector<std::string> columns) {
  const std::vector<std::string> key(columns.begin(),
                                     columns.begin() + static_cast<ptrdiff_t>(key_columns));
  sql::BulkTable table{std::move(name), {}, ""};
  std::vector<std::string> updates;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i >= key_columns) updates.push_back(absl::StrCat(columns[i], " = excluded.", columns[i]));
    table.columns.push_back({columns[i], sql::ColumnType::kText});
  }
  table.columns.push_back({"revision", sql::ColumnType::kBigint});
  updates.push_back("revision = excluded.revision");
  table.suffix = absl::StrCat("ON CONFLICT (", absl::StrJoin(key, ", "), ") DO UPDATE SET ",
                              absl::StrJoin(updates, ", "));
  return table;
}

DateRange RangeOf(const sql::Row& row, size_t from, size_t to) {
  return {ParseDate(row.Text(from)).value_or(kOpenStart),
          ParseDate(row.Text(to)).value_or(kOpenEnd)};
}

const sql::BulkTable& Kept<UnitVersion>::Table() {
  static const auto* const table = new sql::BulkTable(TableOf(
      "unit_version", 2, {"unit_id", "valid_from", "valid_to", "kind", "name", "parent_id"}));
  return *table;
}

std::vector<sql::Value> Kept<UnitVersion>::ToRow(const UnitVersion& unit) {
  return {
      unit.unit_id,  FormatDate(unit.valid.from), FormatDate(unit.valid.to), unit.kind, unit.name,
      unit.parent_id};
}

UnitVersion Kept<UnitVersion>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(3), row.Text(4), row.Text(5), RangeOf(row, 1, 2)};
}

const sql::BulkTable& Kept<Person>::Table() {
  static const auto* const table = new sql::BulkTable(TableOf("person", 1, {"person_id", "name"}));
  return *table;
}

std::vector<sql::Value> Kept<Person>::ToRow(const Person& person) {
  return {person.person_id, person.name};
}

Person Kept<Person>::FromRow(const sql::Row& row) { return {row.Text(0), row.Text(1)}; }

const sql::BulkTable& Kept<Assignment>::Table() {
  static const auto* const table = new sql::BulkTable(
      TableOf("assignment", 1,
              {"assignment_id", "person_id", "role", "unit_id", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<Assignment>::ToRow(const Assignment& held) {
  return {held.assignment_id,          held.person_id,           held.role, held.unit_id,
          FormatDate(held.valid.from), FormatDate(held.valid.to)};
}

Assignment Kept<Assignment>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), RangeOf(row, 4, 5)};
}

}  // namespace klynge::organisation
