// How successions are kept; see organisation_tables.h.
#pragma once

#include "klynge/organisation/v1/succession.pb.h"
#include "services/organisation/organisation_tables.h"

namespace klynge::organisation {

template <>
struct Kept<Succession> {
  using Proto = v1::Succession;
  static constexpr char kWord[] = "succession";
  static constexpr char kSelect[] =
      "SELECT succession_id, from_unit_id, to_unit_id, valid_from, carries_figures "
      "FROM succession WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Succession& succession);
  static Succession FromRow(const sql::Row& row);
};

}  // namespace klynge::organisation
