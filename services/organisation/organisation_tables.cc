#include "services/organisation/organisation_tables.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

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
  static const auto* const table = [] {
    auto* made = new sql::BulkTable(
        TableOf("unit_version", 2,
                {"unit_id", "valid_from", "valid_to", "kind", "name", "parent_id", "street",
                 "postal_code", "city", "children", "youngest_age", "oldest_age"}));
    for (size_t i = 9; i < 12; ++i) made->columns[i].type = sql::ColumnType::kBigint;
    return made;
  }();
  return *table;
}

std::vector<sql::Value> Kept<UnitVersion>::ToRow(const UnitVersion& unit) {
  static const auto* const none = new UnitDetails;
  const auto& [address, capacity] = unit.details.get() != nullptr ? *unit.details.get() : *none;
  return {unit.unit_id,
          FormatDate(unit.valid.from),
          FormatDate(unit.valid.to),
          unit.kind,
          unit.name,
          unit.parent_id,
          address.street,
          address.postal_code,
          address.city,
          int64_t{capacity.children},
          int64_t{capacity.youngest_age},
          int64_t{capacity.oldest_age}};
}

UnitVersion Kept<UnitVersion>::FromRow(const sql::Row& row) {
  const Capacity capacity{static_cast<int>(row.Int(9)), static_cast<int>(row.Int(10)),
                          static_cast<int>(row.Int(11))};
  return {row.Text(0),        row.Text(3),
          row.Text(4),        row.Text(5),
          RangeOf(row, 1, 2), SharedDetails({{row.Text(6), row.Text(7), row.Text(8)}, capacity})};
}

const sql::BulkTable& Kept<Person>::Table() {
  static const auto* const table =
      new sql::BulkTable(TableOf("person", 1, {"person_id", "name", "erased_on"}));
  return *table;
}

std::vector<sql::Value> Kept<Person>::ToRow(const Person& person) {
  return {person.person_id, person.name, FormatEnd(person.erased_on)};
}

Person Kept<Person>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), ParseDate(row.Text(2)).value_or(kOpenEnd)};
}

const sql::BulkTable& Kept<Assignment>::Table() {
  static const auto* const table = new sql::BulkTable(TableOf(
      "assignment", 1,
      {"assignment_id", "person_id", "role", "unit_id", "valid_from", "valid_to", "position_id"}));
  return *table;
}

std::vector<sql::Value> Kept<Assignment>::ToRow(const Assignment& held) {
  return {held.assignment_id,
          held.person_id,
          held.role,
          held.unit_id,
          FormatDate(held.valid.from),
          FormatDate(held.valid.to),
          held.position_id};
}

Assignment Kept<Assignment>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), RangeOf(row, 4, 5), row.Text(6)};
}

const sql::BulkTable& Kept<Position>::Table() {
  static const auto* const table = new sql::BulkTable(
      TableOf("position", 1,
              {"position_id", "role", "unit_id", "responsibilities", "valid_from", "valid_to"}));
  return *table;
}

// Responsibilities are lines, none of which has a control character, so they are kept as lines.
std::vector<sql::Value> Kept<Position>::ToRow(const Position& position) {
  return {position.position_id,
          position.role,
          position.unit_id,
          absl::StrJoin(position.responsibilities, "\n"),
          FormatDate(position.valid.from),
          FormatDate(position.valid.to)};
}

Position Kept<Position>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2),
          absl::StrSplit(row.Text(3), '\n', absl::SkipEmpty()), RangeOf(row, 4, 5)};
}

const sql::BulkTable& Kept<Substitution>::Table() {
  static const auto* const table = new sql::BulkTable(
      TableOf("substitution", 1,
              {"substitution_id", "position_id", "person_id", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<Substitution>::ToRow(const Substitution& substitution) {
  return {substitution.substitution_id, substitution.position_id, substitution.person_id,
          FormatDate(substitution.valid.from), FormatDate(substitution.valid.to)};
}

Substitution Kept<Substitution>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), RangeOf(row, 3, 4)};
}

const sql::BulkTable& Kept<Employment>::Table() {
  static const auto* const table = new sql::BulkTable(
      TableOf("employment", 1, {"employment_id", "person_id", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<Employment>::ToRow(const Employment& employment) {
  return {employment.employment_id, employment.person_id, FormatDate(employment.valid.from),
          FormatDate(employment.valid.to)};
}

Employment Kept<Employment>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), RangeOf(row, 2, 3)};
}

}  // namespace klynge::organisation
