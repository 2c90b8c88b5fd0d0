#include "services/organisation/body_tables.h"

#include <map>
#include <utility>

#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

constexpr char kSelectKinds[] = "SELECT kind, label_da, label_en, hierarchy FROM body_kind";
constexpr char kSelectPlaces[] =
    "SELECT kind, unit_kind FROM body_kind_place ORDER BY kind, unit_kind";
constexpr char kSelectSeats[] =
    "SELECT body_seat.kind, body_seat.role, label_da, label_en, least, most, majority, "
    "refuse_too_few, refuse_too_many, ends_with_employment FROM body_seat "
    "JOIN body_role ON body_role.role = body_seat.role ORDER BY body_seat.kind, body_seat.role";

}  // namespace

const sql::BulkTable& Kept<Body>::Table() {
  static const auto* const table = new sql::BulkTable(
      TableOf("body", 1, {"body_id", "kind", "name", "unit_id", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<Body>::ToRow(const Body& body) {
  return {body.body_id,
          body.kind,
          body.name,
          body.unit_id,
          FormatDate(body.valid.from),
          FormatDate(body.valid.to)};
}

Body Kept<Body>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), RangeOf(row, 4, 5)};
}

const sql::BulkTable& Kept<BodyMembership>::Table() {
  static const auto* const table = new sql::BulkTable(TableOf(
      "body_membership", 1,
      {"membership_id", "body_id", "person_id", "role", "represents", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<BodyMembership>::ToRow(const BodyMembership& held) {
  return {held.membership_id,       held.body_id,
          held.person_id,           held.role,
          held.represents,          FormatDate(held.valid.from),
          FormatDate(held.valid.to)};
}

BodyMembership Kept<BodyMembership>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), RangeOf(row, 5, 6)};
}

absl::StatusOr<std::vector<BodyKind>> LoadBodyKinds(sql::Session& session) {
  KLYNGE_ASSIGN_OR_RETURN(const auto kinds, session.Query(kSelectKinds));
  KLYNGE_ASSIGN_OR_RETURN(const auto places, session.Query(kSelectPlaces));
  KLYNGE_ASSIGN_OR_RETURN(const auto seats, session.Query(kSelectSeats));
  std::map<std::string, BodyKind> by_code;
  for (const sql::Row& row : kinds) {
    by_code[row.Text(0)] = {row.Text(0), row.Text(1), row.Text(2), {}, {}, row.Text(3)};
  }
  for (const sql::Row& row : places) by_code[row.Text(0)].unit_kinds.push_back(row.Text(1));
  for (const sql::Row& row : seats) {
    by_code[row.Text(0)].seats.push_back({row.Text(1), row.Text(2), row.Text(3),
                                          static_cast<int>(row.Int(4)),
                                          static_cast<int>(row.Int(5)), row.Int(6) != 0,
                                          row.Int(7) != 0, row.Int(8) != 0, row.Int(9) != 0});
  }
  std::vector<BodyKind> loaded;
  for (auto& [code, kind] : by_code) loaded.push_back(std::move(kind));
  return loaded;
}

}  // namespace klynge::organisation
