// How each sort of thing is kept: its table, its line there and back, and its word in the audit
// log, which is also the name of its field in OrganisationChange.
#pragma once

#include <string>
#include <vector>

#include "klynge/organisation/v1/assignment.pb.h"
#include "klynge/organisation/v1/employment.pb.h"
#include "klynge/organisation/v1/person.pb.h"
#include "klynge/organisation/v1/position.pb.h"
#include "klynge/organisation/v1/unit.pb.h"
#include "services/organisation/client/things.h"
#include "services/platform/sql/session.h"

namespace klynge::organisation {

// A table whose rows are replaced by newer ones with the same key, and say which revision wrote
// them. The key is the first `key_columns` of `columns`, which are all text; `revision` is added.
sql::BulkTable TableOf(std::string name, size_t key_columns, std::vector<std::string> columns);

// Dates in a row, and how they are written there.
DateRange RangeOf(const sql::Row& row, size_t from, size_t to);

// Each has the proto, the audit word, the query for what was written after a revision, and:
//   Table()   where it is kept
//   ToRow     the values of the table's columns but the revision
//   FromRow   of what kSelect answers
template <class Thing>
struct Kept;

template <>
struct Kept<UnitVersion> {
  using Proto = v1::Unit;
  static constexpr char kWord[] = "unit";
  static constexpr char kSelect[] =
      "SELECT unit_id, valid_from, valid_to, kind, name, parent_id, street, postal_code, city, "
      "children, youngest_age, oldest_age FROM unit_version WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const UnitVersion& unit);
  static UnitVersion FromRow(const sql::Row& row);
};

template <>
struct Kept<Person> {
  using Proto = v1::Person;
  static constexpr char kWord[] = "person";
  static constexpr char kSelect[] =
      "SELECT person_id, name, erased_on FROM person WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Person& person);
  static Person FromRow(const sql::Row& row);
};

template <>
struct Kept<Assignment> {
  using Proto = v1::Assignment;
  static constexpr char kWord[] = "assignment";
  static constexpr char kSelect[] =
      "SELECT assignment_id, person_id, role, unit_id, valid_from, valid_to, position_id "
      "FROM assignment WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Assignment& assignment);
  static Assignment FromRow(const sql::Row& row);
};

template <>
struct Kept<Position> {
  using Proto = v1::Position;
  static constexpr char kWord[] = "position";
  static constexpr char kSelect[] =
      "SELECT position_id, role, unit_id, responsibilities, valid_from, valid_to FROM position "
      "WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Position& position);
  static Position FromRow(const sql::Row& row);
};

template <>
struct Kept<Substitution> {
  using Proto = v1::Substitution;
  static constexpr char kWord[] = "substitution";
  static constexpr char kSelect[] =
      "SELECT substitution_id, position_id, person_id, valid_from, valid_to FROM substitution "
      "WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Substitution& substitution);
  static Substitution FromRow(const sql::Row& row);
};

template <>
struct Kept<Employment> {
  using Proto = v1::Employment;
  static constexpr char kWord[] = "employment";
  static constexpr char kSelect[] =
      "SELECT employment_id, person_id, valid_from, valid_to FROM employment "
      "WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Employment& employment);
  static Employment FromRow(const sql::Row& row);
};

}  // namespace klynge::organisation
