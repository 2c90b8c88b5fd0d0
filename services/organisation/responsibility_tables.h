// How tasks and responsibilities are kept; see organisation_tables.h.
#pragma once

#include "klynge/organisation/v1/responsibility.pb.h"
#include "services/organisation/client/responsibilities_convert.h"
#include "services/organisation/organisation_tables.h"
#include "services/platform/sql/session.h"

namespace klynge::organisation {

// What came with a migration has revision 0, and is read every time as other reference data is.
template <>
struct Kept<Task> {
  using Proto = v1::Task;
  static constexpr char kWord[] = "task";
  static constexpr char kSelect[] =
      "SELECT task, label_da, label_en, leadership_kind, unit_kinds, expected_percent, "
      "may_be_shared, needs, valid_from, valid_to FROM leadership_task "
      "WHERE revision > :after OR revision = 0";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Task& task);
  static Task FromRow(const sql::Row& row);
};

template <>
struct Kept<Responsibility> {
  using Proto = v1::Responsibility;
  static constexpr char kWord[] = "responsibility";
  static constexpr char kSelect[] =
      "SELECT responsibility_id, task, unit_id, position_id, percent, valid_from, valid_to "
      "FROM responsibility WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Responsibility& responsibility);
  static Responsibility FromRow(const sql::Row& row);
};

// By code.
absl::StatusOr<std::vector<LeadershipKind>> LoadLeadershipKinds(sql::Session& session);

}  // namespace klynge::organisation
