#include "services/organisation/reorganisation_store.h"

#include <absl/strings/str_cat.h>

#include "services/platform/rpc/status.h"
#include "services/platform/sql/json.h"

namespace klynge::organisation {
namespace {

// The word of a committed one is the name of its field in OrganisationChange: that is what makes
// the log of a watch show it.
constexpr char kCommitted[] = "reorganisation";
constexpr char kDraft[] = "reorganisation_draft";

constexpr char kSelect[] =
    "SELECT document, revision FROM reorganisation ORDER BY reorganisation_id";
constexpr char kSelectOne[] =
    "SELECT document, revision FROM reorganisation WHERE reorganisation_id = :id";
// The last line of each that the log had then.
constexpr char kSelectKnown[] =
    "SELECT change_json, revision FROM klynge_audit AS line "
    "WHERE entity_kind IN ('reorganisation', 'reorganisation_draft') AND revision <= :known "
    "AND (entity_id = :id OR :any_id = 1) "
    "AND NOT EXISTS (SELECT 1 FROM klynge_audit AS later WHERE later.entity_id = line.entity_id "
    "AND later.entity_kind IN ('reorganisation', 'reorganisation_draft') AND later.revision <= "
    ":again "
    "AND later.revision > line.revision) ORDER BY entity_id";

absl::StatusOr<v1::Reorganisation> FromRow(const sql::Row& row) {
  v1::Reorganisation reorganisation;
  KLYNGE_RETURN_IF_ERROR(sql::FromJson(row.Text(0), reorganisation));
  reorganisation.set_etag(absl::StrCat("r", row.Int(1)));
  return reorganisation;
}

}  // namespace

absl::StatusOr<absl::optional<v1::Reorganisation>> LoadReorganisation(
    sql::WriteTransaction& transaction, const std::string& reorganisation_id) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, transaction.Query(kSelectOne, {reorganisation_id}));
  if (rows.empty()) return absl::nullopt;
  KLYNGE_ASSIGN_OR_RETURN(v1::Reorganisation found, FromRow(rows[0]));
  return found;
}

absl::StatusOr<std::vector<v1::Reorganisation>> LoadReorganisations(
    sql::Session& session, const absl::optional<std::string>& reorganisation_id,
    const absl::optional<int64_t>& known_revision) {
  std::vector<sql::Row> rows;
  if (known_revision) {
    KLYNGE_ASSIGN_OR_RETURN(
        rows, session.Query(kSelectKnown, {*known_revision, reorganisation_id.value_or(""),
                                           int64_t{!reorganisation_id}, *known_revision}));
  } else if (reorganisation_id) {
    KLYNGE_ASSIGN_OR_RETURN(rows, session.Query(kSelectOne, {*reorganisation_id}));
  } else {
    KLYNGE_ASSIGN_OR_RETURN(rows, session.Query(kSelect));
  }
  std::vector<v1::Reorganisation> found;
  for (const sql::Row& row : rows) {
    KLYNGE_ASSIGN_OR_RETURN(found.emplace_back(), FromRow(row));
  }
  return found;
}

absl::Status StoreReorganisation(sql::WriteTransaction& transaction, const char* action,
                                 v1::Reorganisation& reorganisation) {
  static const sql::BulkTable* const table = new sql::BulkTable{
      "reorganisation",
      {{"reorganisation_id", sql::ColumnType::kText},
       {"document", sql::ColumnType::kText},
       {"revision", sql::ColumnType::kBigint}},
      "ON CONFLICT (reorganisation_id) DO UPDATE SET document = excluded.document, "
      "revision = excluded.revision"};
  reorganisation.clear_etag();
  const bool committed = reorganisation.state() == v1::REORGANISATION_STATE_COMMITTED;
  KLYNGE_ASSIGN_OR_RETURN(std::string json, sql::ToJson(reorganisation));
  const std::string& id = reorganisation.reorganisation_id();
  transaction.Audit({committed ? kCommitted : kDraft, id, action, json});
  KLYNGE_RETURN_IF_ERROR(
      transaction.BulkInsert(*table, {{id, std::move(json), transaction.revision()}}));
  reorganisation.set_etag(absl::StrCat("r", transaction.revision()));
  return absl::OkStatus();
}

}  // namespace klynge::organisation
