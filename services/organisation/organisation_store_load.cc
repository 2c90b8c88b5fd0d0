#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "services/organisation/organisation_store.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

constexpr char kSelectKinds[] =
    "SELECT kind, label_da, label_en, has_leadership_team FROM unit_kind";
constexpr char kSelectKindParents[] = "SELECT kind, parent_kind FROM unit_kind_parent";
constexpr char kSelectRoles[] =
    "SELECT role, label_da, label_en, is_exclusive, team_part FROM held_role";
constexpr char kSelectRolePlaces[] = "SELECT role, unit_kind FROM held_role_place";
constexpr char kSelectUnits[] =
    "SELECT unit_id, kind, name, parent_id, valid_from, valid_to FROM unit_version "
    "WHERE revision > :after";
constexpr char kSelectPersons[] = "SELECT person_id, name FROM person WHERE revision > :after";
constexpr char kSelectAssignments[] =
    "SELECT assignment_id, person_id, role, unit_id, valid_from, valid_to FROM assignment "
    "WHERE revision > :after";

DateRange RangeOf(const sql::Row& row, size_t from, size_t to) {
  return {ParseDate(row.Text(from)).value_or(kOpenStart),
          ParseDate(row.Text(to)).value_or(kOpenEnd)};
}

// The second column of a two-column answer by the first, sorted.
absl::StatusOr<std::map<std::string, std::vector<std::string>>> Grouped(sql::Session& session,
                                                                        absl::string_view query) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(query));
  std::map<std::string, std::vector<std::string>> grouped;
  for (const sql::Row& row : rows) grouped[row.Text(0)].push_back(row.Text(1));
  for (auto& [key, values] : grouped) std::sort(values.begin(), values.end());
  return grouped;
}

absl::Status LoadReferenceData(sql::Session& session, Organisation& organisation) {
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
                                  row.Int(3) != 0, static_cast<TeamPart>(row.Int(4))});
  }
  return absl::OkStatus();
}

// Lays `newer` over `list`: what has the same key is replaced.
template <class Thing, class KeyOf>
void LayOver(std::vector<Thing>& list, std::vector<Thing> newer, KeyOf key_of) {
  if (list.empty()) {
    list = std::move(newer);
    return;
  }
  std::map<decltype(key_of(list[0])), size_t> places;
  for (size_t i = 0; i < list.size(); ++i) places.emplace(key_of(list[i]), i);
  list.reserve(list.size() + newer.size());
  for (Thing& thing : newer) {
    auto place = places.find(key_of(thing));
    if (place == places.end()) {
      list.push_back(std::move(thing));
    } else {
      list[place->second] = std::move(thing);
    }
  }
}

absl::Status LoadUnits(sql::Session& session, int64_t after, Organisation& organisation) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(kSelectUnits, {after}));
  std::vector<UnitVersion> newer;
  newer.reserve(rows.size());
  for (const sql::Row& row : rows) {
    newer.push_back({row.Text(0), row.Text(1), row.Text(2), row.Text(3), RangeOf(row, 4, 5)});
  }
  LayOver(organisation.units, std::move(newer), [](const UnitVersion& unit) {
    return std::pair<std::string, Date>(unit.unit_id, unit.valid.from);
  });
  return absl::OkStatus();
}

absl::Status LoadPersons(sql::Session& session, int64_t after, Organisation& organisation) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(kSelectPersons, {after}));
  std::vector<Person> newer;
  newer.reserve(rows.size());
  for (const sql::Row& row : rows) newer.push_back({row.Text(0), row.Text(1)});
  LayOver(organisation.persons, std::move(newer),
          [](const Person& person) { return person.person_id; });
  return absl::OkStatus();
}

absl::Status LoadAssignments(sql::Session& session, int64_t after, Organisation& organisation) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(kSelectAssignments, {after}));
  std::vector<Assignment> newer;
  newer.reserve(rows.size());
  for (const sql::Row& row : rows) {
    newer.push_back({row.Text(0), row.Text(1), row.Text(2), row.Text(3), RangeOf(row, 4, 5)});
  }
  LayOver(organisation.assignments, std::move(newer),
          [](const Assignment& assignment) { return assignment.assignment_id; });
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Tree>> LoadTree(sql::Session& session,
                                                     const std::shared_ptr<const Tree>& previous,
                                                     int64_t revision) {
  Organisation organisation;
  // Reference data comes with migrations, which make no revision: it is read whole.
  KLYNGE_RETURN_IF_ERROR(LoadReferenceData(session, organisation));
  int64_t after = 0;
  if (previous != nullptr) {
    after = previous->revision();
    organisation.units = previous->organisation().units;
    organisation.persons = previous->organisation().persons;
    organisation.assignments = previous->organisation().assignments;
  }
  KLYNGE_RETURN_IF_ERROR(LoadUnits(session, after, organisation));
  KLYNGE_RETURN_IF_ERROR(LoadPersons(session, after, organisation));
  KLYNGE_RETURN_IF_ERROR(LoadAssignments(session, after, organisation));
  return std::make_shared<const Tree>(std::move(organisation), revision);
}

}  // namespace klynge::organisation
