#include "services/organisation/code_tables.h"

#include "services/platform/rpc/status.h"

namespace klynge::organisation {

const sql::BulkTable& Kept<Code>::Table() {
  static const auto* const table =
      new sql::BulkTable(TableOf("code", 1,
                                 {"code_id", "register", "code", "unit_id", "person_id",
                                  "partner_id", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<Code>::ToRow(const Code& code) {
  return {code.code_id,
          code.register_name,
          code.code,
          code.unit_id,
          code.person_id,
          code.partner_id,
          FormatDate(code.valid.from),
          FormatDate(code.valid.to)};
}

Code Kept<Code>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2),       row.Text(3),
          row.Text(4), row.Text(5), RangeOf(row, 6, 7)};
}

absl::StatusOr<std::vector<CodeRegister>> LoadCodeRegisters(sql::Session& session) {
  KLYNGE_ASSIGN_OR_RETURN(
      const auto rows,
      session.Query("SELECT register, label_da, label_en, pattern, expects_da, expects_en, "
                    "is_unique, for_units, for_persons, for_partners FROM code_register"));
  std::vector<CodeRegister> registers;
  for (const sql::Row& row : rows) {
    registers.push_back({row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4),
                         row.Text(5), row.Int(6) != 0, row.Int(7) != 0, row.Int(8) != 0,
                         row.Int(9) != 0});
  }
  std::sort(registers.begin(), registers.end(),
            [](const CodeRegister& a, const CodeRegister& b) { return a.name < b.name; });
  return registers;
}

}  // namespace klynge::organisation
