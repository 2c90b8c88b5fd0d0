#include "services/platform/sql/database.h"

#include <absl/strings/match.h>
#include <absl/time/clock.h>

#include "services/platform/rpc/status.h"
#include "services/platform/sql/migrate.h"

namespace klynge::sql {
namespace {

// For all migrations together, and for the turn of another replica that migrates.
constexpr absl::Duration kTimeToMigrate = absl::Minutes(10);

}  // namespace

Database::Database(const DatabaseOptions& options, const Clock* clock)
    : clock_(clock),
      readers_(options.url, options.pool_size),
      replica_(readers_, options.replica_url, options.pool_size),
      write_session_(options.url, 1),
      writer_(write_session_, *clock, options.idempotency_retention) {}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const DatabaseOptions& options,
                                                         const std::vector<Migration>& migrations,
                                                         const Clock* clock) {
  if (!absl::StartsWith(options.url, "sqlite:") &&
      !absl::StartsWith(options.url, "postgresql://")) {
    return absl::InvalidArgumentError(
        "database: write sqlite:PATH or postgresql://user@host/database");
  }
  if (!options.replica_url.empty() && !absl::StartsWith(options.replica_url, "postgresql://")) {
    return absl::InvalidArgumentError("database replica: write postgresql://user@host/database");
  }
  std::unique_ptr<Database> database(new Database(options, clock));
  KLYNGE_RETURN_IF_ERROR(
      Migrate(database->write_session_, migrations, absl::Now() + kTimeToMigrate));
  return database;
}

absl::Status Database::Read(absl::Time deadline,
                            const std::function<absl::Status(Session&)>& body) {
  KLYNGE_ASSIGN_OR_RETURN(SessionPool::Lease lease, readers_.BeginRead(deadline));
  KLYNGE_RETURN_IF_ERROR(body(*lease));
  return lease.Commit();
}

absl::StatusOr<int64_t> Database::Revision(absl::Time deadline) {
  int64_t revision = 0;
  KLYNGE_RETURN_IF_ERROR(Read(deadline, [&](Session& session) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(auto rows, session.Query("SELECT revision FROM klynge_revision"));
    if (!rows.empty()) revision = rows[0].Int(0);
    return absl::OkStatus();
  }));
  return revision;
}

}  // namespace klynge::sql
