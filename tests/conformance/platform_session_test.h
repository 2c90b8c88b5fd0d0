// What tests of sessions share.
#pragma once

#include <gmock/gmock.h>

#include <vector>

#include "services/platform/sql/session.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {

inline absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

// The only value of the only row.
inline Value Single(Session& session, absl::string_view sql,
                    const std::vector<Value>& params = {}) {
  const auto rows = session.Query(sql, params);
  EXPECT_THAT(rows, klynge::testing::IsOk()) << sql;
  if (!rows.ok() || rows->size() != 1) return nullptr;
  if ((*rows)[0].IsNull(0)) return nullptr;
  return (*rows)[0].Text(0);
}

}  // namespace klynge::sql
