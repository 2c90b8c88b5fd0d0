#include "services/organisation/responsibility_tables.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include <utility>

#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

// "finance:3,data_use:0". No code has a comma or colon.
std::string NeedsText(const std::vector<NeededCompetence>& needs) {
  return absl::StrJoin(needs, ",", [](std::string* out, const NeededCompetence& needed) {
    absl::StrAppend(out, needed.competence, ":", needed.least_level);
  });
}

std::vector<NeededCompetence> NeedsOf(const std::string& text) {
  std::vector<NeededCompetence> needs;
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> needed = absl::StrSplit(part, ':');
    int level = 0;
    if (!absl::SimpleAtoi(needed.second, &level)) continue;
    needs.push_back({needed.first, level});
  }
  return needs;
}

sql::BulkTable WithNumbers(sql::BulkTable table, std::initializer_list<size_t> columns) {
  for (size_t column : columns) table.columns[column].type = sql::ColumnType::kBigint;
  return table;
}

}  // namespace

const sql::BulkTable& Kept<Task>::Table() {
  static const auto* const table = new sql::BulkTable(
      WithNumbers(TableOf("leadership_task", 1,
                          {"task", "label_da", "label_en", "leadership_kind", "unit_kinds",
                           "expected_percent", "may_be_shared", "needs", "valid_from", "valid_to"}),
                  {5, 6}));
  return *table;
}

std::vector<sql::Value> Kept<Task>::ToRow(const Task& task) {
  return {task.task,
          task.label_da,
          task.label_en,
          task.leadership_kind,
          absl::StrJoin(task.unit_kinds, ","),
          int64_t{task.expected_percent},
          int64_t{task.may_be_shared},
          NeedsText(task.needs),
          FormatDate(task.valid.from),
          FormatDate(task.valid.to)};
}

Task Kept<Task>::FromRow(const sql::Row& row) {
  return {row.Text(0),
          row.Text(1),
          row.Text(2),
          row.Text(3),
          absl::StrSplit(row.Text(4), ',', absl::SkipEmpty()),
          static_cast<int>(row.Int(5)),
          row.Int(6) != 0,
          NeedsOf(row.Text(7)),
          RangeOf(row, 8, 9)};
}

const sql::BulkTable& Kept<Responsibility>::Table() {
  static const auto* const table =
      new sql::BulkTable(WithNumbers(TableOf("responsibility", 1,
                                             {"responsibility_id", "task", "unit_id", "position_id",
                                              "percent", "valid_from", "valid_to"}),
                                     {4}));
  return *table;
}

std::vector<sql::Value> Kept<Responsibility>::ToRow(const Responsibility& responsibility) {
  return {responsibility.responsibility_id,
          responsibility.task,
          responsibility.unit_id,
          responsibility.position_id,
          int64_t{responsibility.percent},
          FormatDate(responsibility.valid.from),
          FormatDate(responsibility.valid.to)};
}

Responsibility Kept<Responsibility>::FromRow(const sql::Row& row) {
  return {row.Text(0),       row.Text(1), row.Text(2), row.Text(3), static_cast<int>(row.Int(4)),
          RangeOf(row, 5, 6)};
}

absl::StatusOr<std::vector<LeadershipKind>> LoadLeadershipKinds(sql::Session& session) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows,
                          session.Query("SELECT kind, label_da, label_en, parent_kind, is_primary "
                                        "FROM leadership_kind"));
  std::vector<LeadershipKind> kinds;
  for (const sql::Row& row : rows) {
    kinds.push_back({row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4) != 0});
  }
  std::sort(kinds.begin(), kinds.end(),
            [](const LeadershipKind& a, const LeadershipKind& b) { return a.kind < b.kind; });
  return kinds;
}

}  // namespace klynge::organisation
