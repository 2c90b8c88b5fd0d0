// How placements are kept; see organisation_tables.h.
#pragma once

#include "klynge/organisation/v1/hierarchy.pb.h"
#include "services/organisation/client/hierarchies_convert.h"
#include "services/organisation/organisation_tables.h"
#include "services/platform/sql/session.h"

namespace klynge::organisation {

template <>
struct Kept<Placement> {
  using Proto = v1::Placement;
  static constexpr char kWord[] = "placement";
  static constexpr char kSelect[] =
      "SELECT placement_id, hierarchy, unit_id, parent_id, valid_from, valid_to FROM placement "
      "WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Placement& placement);
  static Placement FromRow(const sql::Row& row);
};

// The hierarchies, by code.
absl::StatusOr<std::vector<Hierarchy>> LoadHierarchies(sql::Session& session);

}  // namespace klynge::organisation
