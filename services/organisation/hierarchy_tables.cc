#include "services/organisation/hierarchy_tables.h"

#include "services/platform/rpc/status.h"

namespace klynge::organisation {

const sql::BulkTable& Kept<Placement>::Table() {
  static const auto* const table = new sql::BulkTable(
      TableOf("placement", 1,
              {"placement_id", "hierarchy", "unit_id", "parent_id", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<Placement>::ToRow(const Placement& placement) {
  return {placement.placement_id,
          placement.hierarchy,
          placement.unit_id,
          placement.parent_id,
          FormatDate(placement.valid.from),
          FormatDate(placement.valid.to)};
}

Placement Kept<Placement>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), RangeOf(row, 4, 5)};
}

absl::StatusOr<std::vector<Hierarchy>> LoadHierarchies(sql::Session& session) {
  KLYNGE_ASSIGN_OR_RETURN(
      const auto rows,
      session.Query("SELECT hierarchy, label_da, label_en, follows_line FROM hierarchy"));
  std::vector<Hierarchy> hierarchies;
  for (const sql::Row& row : rows) {
    hierarchies.push_back({row.Text(0), row.Text(1), row.Text(2), row.Int(3) != 0});
  }
  std::sort(hierarchies.begin(), hierarchies.end(),
            [](const Hierarchy& a, const Hierarchy& b) { return a.hierarchy < b.hierarchy; });
  return hierarchies;
}

}  // namespace klynge::organisation
