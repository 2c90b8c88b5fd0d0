// How bodies are kept; see organisation_tables.h.
#pragma once

#include "klynge/organisation/v1/body.pb.h"
#include "services/organisation/client/bodies_convert.h"
#include "services/organisation/organisation_tables.h"
#include "services/platform/sql/session.h"

namespace klynge::organisation {

template <>
struct Kept<Body> {
  using Proto = v1::Body;
  static constexpr char kWord[] = "body";
  static constexpr char kSelect[] =
      "SELECT body_id, kind, name, unit_id, valid_from, valid_to FROM body "
      "WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Body& body);
  static Body FromRow(const sql::Row& row);
};

template <>
struct Kept<BodyMembership> {
  using Proto = v1::BodyMembership;
  static constexpr char kWord[] = "body_membership";
  static constexpr char kSelect[] =
      "SELECT membership_id, body_id, person_id, role, represents, valid_from, valid_to "
      "FROM body_membership WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const BodyMembership& held);
  static BodyMembership FromRow(const sql::Row& row);
};

// The kinds of body, each with where it may be and what it is made of.
absl::StatusOr<std::vector<BodyKind>> LoadBodyKinds(sql::Session& session);

}  // namespace klynge::organisation
