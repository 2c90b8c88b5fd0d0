#include "services/organisation/competence_tables.h"

#include "services/platform/rpc/status.h"

namespace klynge::organisation {

const sql::BulkTable& Kept<Competence>::Table() {
  static const auto* const table = new sql::BulkTable(TableOf(
      "competence", 1, {"competence", "label_da", "label_en", "description_da", "description_en"}));
  return *table;
}

std::vector<sql::Value> Kept<Competence>::ToRow(const Competence& competence) {
  return {competence.competence, competence.label_da, competence.label_en,
          competence.description_da, competence.description_en};
}

Competence Kept<Competence>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4)};
}

const sql::BulkTable& Kept<HeldCompetence>::Table() {
  static const auto* const table = [] {
    auto* made = new sql::BulkTable(TableOf("held_competence", 1,
                                            {"held_competence_id", "person_id", "competence",
                                             "level", "confirmed_by", "valid_from", "valid_to"}));
    made->columns[3].type = sql::ColumnType::kBigint;
    return made;
  }();
  return *table;
}

std::vector<sql::Value> Kept<HeldCompetence>::ToRow(const HeldCompetence& held) {
  return {held.held_competence_id,  held.person_id,    held.competence,
          int64_t{held.level},      held.confirmed_by, FormatDate(held.valid.from),
          FormatDate(held.valid.to)};
}

HeldCompetence Kept<HeldCompetence>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1),       row.Text(2), static_cast<int>(row.Int(3)),
          row.Text(4), RangeOf(row, 5, 6)};
}

absl::StatusOr<std::vector<CompetenceLevel>> LoadCompetenceLevels(sql::Session& session) {
  KLYNGE_ASSIGN_OR_RETURN(
      const auto rows,
      session.Query("SELECT level, label_da, label_en FROM competence_level ORDER BY level"));
  std::vector<CompetenceLevel> levels;
  for (const sql::Row& row : rows) {
    levels.push_back({static_cast<int>(row.Int(0)), row.Text(1), row.Text(2)});
  }
  return levels;
}

}  // namespace klynge::organisation
