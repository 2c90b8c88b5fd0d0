// Reorganisations in SQL: the documents as they are now, and from the audit log as they were known.
#pragma once

#include <absl/status/statusor.h>
#include <absl/types/optional.h>

#include <cstdint>
#include <string>
#include <vector>

#include "klynge/organisation/v1/reorganisation.pb.h"
#include "services/platform/sql/database.h"

namespace klynge::organisation {

// As it is now, with its etag; nothing when there is none.
absl::StatusOr<absl::optional<v1::Reorganisation>> LoadReorganisation(
    sql::WriteTransaction& transaction, const std::string& reorganisation_id);

// By id; all, or the one. As they are now, or as they were at a revision.
absl::StatusOr<std::vector<v1::Reorganisation>> LoadReorganisations(
    sql::Session& session, const absl::optional<std::string>& reorganisation_id,
    const absl::optional<int64_t>& known_revision);

// Stores it as this write leaves it, with a line in the audit log, and sets its etag. Watchers are
// told only of one that is committed.
absl::Status StoreReorganisation(sql::WriteTransaction& transaction, const char* action,
                                 v1::Reorganisation& reorganisation);

}  // namespace klynge::organisation
