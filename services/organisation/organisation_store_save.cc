#include "services/organisation/client/convert.h"
#include "services/organisation/organisation_store.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/json.h"

namespace klynge::organisation {
namespace {

using sql::BulkTable;
using sql::ColumnType;
using Rows = std::vector<std::vector<sql::Value>>;

constexpr char kSelectChanges[] =
    "SELECT revision, ordinal, at_us, actor, entity_kind, action, change_json FROM klynge_audit "
    "WHERE (revision, ordinal) > (:revision, :ordinal) "
    "AND entity_kind IN ('unit', 'person', 'assignment') "
    "ORDER BY revision, ordinal LIMIT :most";

const BulkTable& UnitTable() {
  static const auto* const table =
      new BulkTable{"unit_version",
                    {{"unit_id", ColumnType::kText},
                     {"valid_from", ColumnType::kText},
                     {"valid_to", ColumnType::kText},
                     {"kind", ColumnType::kText},
                     {"name", ColumnType::kText},
                     {"parent_id", ColumnType::kText},
                     {"revision", ColumnType::kBigint}},
                    "ON CONFLICT (unit_id, valid_from) DO UPDATE SET valid_to = excluded.valid_to, "
                    "kind = excluded.kind, name = excluded.name, parent_id = excluded.parent_id, "
                    "revision = excluded.revision"};
  return *table;
}

const BulkTable& PersonTable() {
  static const auto* const table = new BulkTable{
      "person",
      {{"person_id", ColumnType::kText},
       {"name", ColumnType::kText},
       {"revision", ColumnType::kBigint}},
      "ON CONFLICT (person_id) DO UPDATE SET name = excluded.name, revision = excluded.revision"};
  return *table;
}

const BulkTable& AssignmentTable() {
  static const auto* const table = new BulkTable{
      "assignment",
      {{"assignment_id", ColumnType::kText},
       {"person_id", ColumnType::kText},
       {"role", ColumnType::kText},
       {"unit_id", ColumnType::kText},
       {"valid_from", ColumnType::kText},
       {"valid_to", ColumnType::kText},
       {"revision", ColumnType::kBigint}},
      "ON CONFLICT (assignment_id) DO UPDATE SET person_id = excluded.person_id, "
      "role = excluded.role, unit_id = excluded.unit_id, valid_from = excluded.valid_from, "
      "valid_to = excluded.valid_to, revision = excluded.revision"};
  return *table;
}

// Audits a thing written, with the thing as it is now.
template <class Proto, class Thing>
absl::Status Audit(sql::WriteTransaction& transaction, const char* kind, const std::string& id,
                   bool created, const Thing& thing) {
  Proto proto;
  ToProto(thing, &proto);
  KLYNGE_ASSIGN_OR_RETURN(std::string json, sql::ToJson(proto));
  transaction.Audit({kind, id, created ? "create" : "update", std::move(json)});
  return absl::OkStatus();
}

absl::Status ToChange(const sql::Row& row, v1::OrganisationChange& change) {
  change.set_revision(row.Int(0));
  change.set_sequence(row.Int(1) + 1);
  const int64_t at_us = row.Int(2);
  change.mutable_change_time()->set_seconds(at_us / 1'000'000);
  change.mutable_change_time()->set_nanos(static_cast<int32_t>(at_us % 1'000'000) * 1'000);
  change.set_actor(row.Text(3));
  change.set_action(row.Text(5) == "create" ? v1::CHANGE_ACTION_CREATED
                                            : v1::CHANGE_ACTION_UPDATED);
  const std::string kind = row.Text(4);
  google::protobuf::Message* content =
      kind == "unit"     ? change.mutable_unit()
      : kind == "person" ? static_cast<google::protobuf::Message*>(change.mutable_person())
                         : change.mutable_assignment();
  return sql::FromJson(row.Text(6), *content);
}

}  // namespace

absl::Status SavePlan(sql::WriteTransaction& transaction, const ImportPlan& plan) {
  const int64_t revision = transaction.revision();
  Rows units, persons, assignments;
  for (const auto& [unit, created] : plan.units) {
    units.push_back({unit.unit_id, FormatDate(unit.valid.from), FormatDate(unit.valid.to),
                     unit.kind, unit.name, unit.parent_id, revision});
    KLYNGE_RETURN_IF_ERROR(Audit<v1::Unit>(transaction, "unit", unit.unit_id, created, unit));
  }
  for (const auto& [person, created] : plan.persons) {
    persons.push_back({person.person_id, person.name, revision});
    KLYNGE_RETURN_IF_ERROR(
        Audit<v1::Person>(transaction, "person", person.person_id, created, person));
  }
  for (const auto& [held, created] : plan.assignments) {
    assignments.push_back({held.assignment_id, held.person_id, held.role, held.unit_id,
                           FormatDate(held.valid.from), FormatDate(held.valid.to), revision});
    KLYNGE_RETURN_IF_ERROR(
        Audit<v1::Assignment>(transaction, "assignment", held.assignment_id, created, held));
  }
  // Persons before what refers to them.
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(UnitTable(), units));
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(PersonTable(), persons));
  return transaction.BulkInsert(AssignmentTable(), assignments);
}

absl::StatusOr<std::vector<v1::OrganisationChange>> ReadChanges(sql::Session& session,
                                                                ChangePosition after,
                                                                int64_t limit) {
  KLYNGE_ASSIGN_OR_RETURN(
      const auto rows, session.Query(kSelectChanges, {after.revision, after.sequence - 1, limit}));
  std::vector<v1::OrganisationChange> changes(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    KLYNGE_RETURN_IF_ERROR(ToChange(rows[i], changes[i]));
  }
  return changes;
}

}  // namespace klynge::organisation
