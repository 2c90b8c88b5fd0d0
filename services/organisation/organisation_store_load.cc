#include <algorithm>
#include <map>
#include <utility>

#include "services/organisation/all_tables.h"
#include "services/organisation/client/lay_over.h"
#include "services/organisation/organisation_store.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

constexpr char kSelectKinds[] =
    "SELECT kind, label_da, label_en, has_leadership_team FROM unit_kind";
constexpr char kSelectKindParents[] = "SELECT kind, parent_kind FROM unit_kind_parent";
constexpr char kSelectRoles[] =
    "SELECT role, label_da, label_en, is_exclusive, team_part, leads_unit FROM held_role";
constexpr char kSelectRolePlaces[] = "SELECT role, unit_kind FROM held_role_place";

// The second column of a two-column answer by the first, sorted.
absl::StatusOr<std::map<std::string, std::vector<std::string>>> Grouped(sql::Session& session,
                                                                        absl::string_view query) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(query));
  std::map<std::string, std::vector<std::string>> grouped;
  for (const sql::Row& row : rows) grouped[row.Text(0)].push_back(row.Text(1));
  for (auto& [key, values] : grouped) std::sort(values.begin(), values.end());
  return grouped;
}

absl::Status LoadKindsAndRoles(sql::Session& session, Organisation& organisation) {
  KLYNGE_ASSIGN_OR_RETURN(auto parents, Grouped(session, kSelectKindParents));
  KLYNGE_ASSIGN_OR_RETURN(const auto kinds, session.Query(kSelectKinds));
  for (const sql::Row& row : kinds) {
    organisation.unit_kinds.push_back(
        {row.Text(0), row.Text(1), row.Text(2), parents[row.Text(0)], row.Int(3) != 0});
  }
  KLYNGE_ASSIGN_OR_RETURN(auto places, Grouped(session, kSelectRolePlaces));
  KLYNGE_ASSIGN_OR_RETURN(const auto roles, session.Query(kSelectRoles));
  for (const sql::Row& row : roles) {
    organisation.roles.push_back({row.Text(0), row.Text(1), row.Text(2), places[row.Text(0)],
                                  row.Int(3) != 0, static_cast<TeamPart>(row.Int(4)),
                                  row.Int(5) != 0});
  }
  return absl::OkStatus();
}

absl::Status LoadReferenceData(sql::Session& session, Organisation& organisation) {
  KLYNGE_ASSIGN_OR_RETURN(organisation.body_kinds, LoadBodyKinds(session));
  KLYNGE_RETURN_IF_ERROR(LoadPartnerKinds(session, organisation));
  KLYNGE_ASSIGN_OR_RETURN(organisation.competence_levels, LoadCompetenceLevels(session));
  KLYNGE_ASSIGN_OR_RETURN(organisation.leadership_kinds, LoadLeadershipKinds(session));
  KLYNGE_ASSIGN_OR_RETURN(organisation.hierarchies, LoadHierarchies(session));
  KLYNGE_ASSIGN_OR_RETURN(organisation.code_registers, LoadCodeRegisters(session));
  return LoadKindsAndRoles(session, organisation);
}

// Lays the things of one sort that were written after that revision over those before.
template <class Thing>
absl::Status Load(sql::Session& session, int64_t after, SharedList<Thing>& list) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(Kept<Thing>::kSelect, {after}));
  std::vector<Thing> newer;
  newer.reserve(rows.size());
  for (const sql::Row& row : rows) newer.push_back(Kept<Thing>::FromRow(row));
  LayOver(list, std::move(newer));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int64_t> RevisionIn(sql::Session& session) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query("SELECT revision FROM klynge_revision"));
  return rows.at(0).Int(0);
}

absl::StatusOr<std::shared_ptr<const Tree>> LoadTree(sql::Session& session,
                                                     const std::shared_ptr<const Tree>& previous,
                                                     int64_t revision) {
  Organisation organisation;
  // Reference data comes with migrations, which make no revision: it is read whole.
  KLYNGE_RETURN_IF_ERROR(LoadReferenceData(session, organisation));
  const int64_t after = previous != nullptr ? previous->revision() : 0;
  absl::Status loaded;
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    SharedList<Thing>& list = ListOf<Thing>(organisation);
    if (previous != nullptr) list = ListOf<Thing>(previous->organisation());
    if (loaded.ok()) loaded = Load(session, after, list);
  });
  KLYNGE_RETURN_IF_ERROR(loaded);
  return std::make_shared<const Tree>(std::move(organisation), revision, previous.get());
}

absl::StatusOr<Organisation> LoadForOthers(sql::Session& session, int64_t after) {
  Organisation written;
  KLYNGE_RETURN_IF_ERROR(LoadKindsAndRoles(session, written));
  KLYNGE_RETURN_IF_ERROR(Load(session, after, written.units));
  KLYNGE_RETURN_IF_ERROR(Load(session, after, written.persons));
  KLYNGE_RETURN_IF_ERROR(Load(session, after, written.assignments));
  KLYNGE_RETURN_IF_ERROR(Load(session, after, written.positions));
  KLYNGE_RETURN_IF_ERROR(Load(session, after, written.substitutions));
  KLYNGE_RETURN_IF_ERROR(Load(session, after, written.employments));
  KLYNGE_RETURN_IF_ERROR(Load(session, after, written.successions));
  return written;
}

}  // namespace klynge::organisation
