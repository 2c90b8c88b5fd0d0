// Brings a database's schema up to date, so that two versions of a service can live with it at
// once. The rules for writing migrations stand in sql/README.md.
#pragma once

#include <absl/status/status.h>
#include <absl/time/time.h>

#include <string>
#include <vector>

#include "services/platform/sql/migration.h"
#include "services/platform/sql/pool.h"

namespace klynge::sql {

// Applies, in order, what of the platform's own migrations and of `migrations` is not applied yet:
// each in a transaction of its own, recorded in klynge_migration with it. Replicas that start
// together take turns. A table that is in use is waited for briefly and again, so that its users
// are not held up behind the wait. Errors: kFailedPrecondition, reason MIGRATION_EDITED (an applied
// migration had another text) or SCHEMA_TOO_NEW (a newer version has taken away what this one
// needs); kDeadlineExceeded; those of the statements.
absl::Status Migrate(SessionPool& pool, const std::vector<Migration>& migrations,
                     absl::Time deadline);

// A migration's statements. Each ends with ";" at the end of a line, so that ";" inside one does no
// harm; lines that begin with "--" are comments.
std::vector<std::string> Statements(const std::string& sql);

}  // namespace klynge::sql
