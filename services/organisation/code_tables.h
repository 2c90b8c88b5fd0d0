// How codes are kept; see organisation_tables.h.
#pragma once

#include "klynge/organisation/v1/code.pb.h"
#include "services/organisation/client/codes_convert.h"
#include "services/organisation/organisation_tables.h"
#include "services/platform/sql/session.h"

namespace klynge::organisation {

template <>
struct Kept<Code> {
  using Proto = v1::Code;
  static constexpr char kWord[] = "code";
  static constexpr char kSelect[] =
      "SELECT code_id, register, code, unit_id, person_id, partner_id, valid_from, valid_to "
      "FROM code WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Code& code);
  static Code FromRow(const sql::Row& row);
};

// The registers, by code.
absl::StatusOr<std::vector<CodeRegister>> LoadCodeRegisters(sql::Session& session);

}  // namespace klynge::organisation
