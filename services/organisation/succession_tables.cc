#include "services/organisation/succession_tables.h"

namespace klynge::organisation {

const sql::BulkTable& Kept<Succession>::Table() {
  static const auto* const table = [] {
    auto* made = new sql::BulkTable(
        TableOf("succession", 1,
                {"succession_id", "from_unit_id", "to_unit_id", "valid_from", "carries_figures"}));
    made->columns[4].type = sql::ColumnType::kBigint;
    return made;
  }();
  return *table;
}

std::vector<sql::Value> Kept<Succession>::ToRow(const Succession& succession) {
  return {succession.succession_id, succession.from_unit_id, succession.to_unit_id,
          FormatDate(succession.on), int64_t{succession.carries_figures}};
}

Succession Kept<Succession>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), ParseDate(row.Text(3)).value_or(kOpenStart),
          row.Int(4) != 0};
}

}  // namespace klynge::organisation
