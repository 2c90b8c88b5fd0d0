#include "services/platform/sql/migrate.h"

#include <absl/random/random.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <absl/time/clock.h>
#include <openssl/evp.h>

#include "klynge/migrations/sql.h"
#include "services/platform/rpc/status.h"
#include "services/platform/telemetry/log.h"

namespace klynge::sql {
namespace {

constexpr char kLock[] = "SELECT pg_advisory_xact_lock(1802271086)";
// Behind a migration that waits for a table, all others who want the table wait too.
constexpr char kWaitBriefly[] = "SET LOCAL lock_timeout = '2s'";

constexpr char kColumns[] =
    "SELECT column_name FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name = 'klynge_migration'";
constexpr char kColumnsOnSqlite[] = "SELECT name FROM pragma_table_info('klynge_migration')";

constexpr char kContract[] = "-- contract: needs ";

// A line of klynge_migration.
struct Applied {
  std::string name;
  std::string checksum;  // "" = applied before checksums were kept
  int64_t needs;         // the least migration a program must know to work after this one
};
using AppliedByNumber = std::map<int64_t, Applied>;

std::string NameOf(const std::string& owner, int64_t number, const std::string& name) {
  return absl::StrFormat("%s %04d_%s", owner, number, name);
}

// Comments and the space around statements may change; what is done may not.
std::string Checksum(const Migration& migration) {
  const std::string text = absl::StrJoin(Statements(migration.sql), ";\n");
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha256(), nullptr);
  digest.resize(size);
  return absl::BytesToHexString(digest);
}

absl::StatusOr<int64_t> Needs(const Migration& migration) {
  for (absl::string_view line : absl::StrSplit(migration.sql, '\n')) {
    if (!absl::ConsumePrefix(&line, kContract)) continue;
    int64_t needs = 0;
    if (absl::SimpleAtoi(line, &needs) && needs > 0 && needs < migration.number) return needs;
    return absl::InternalError(absl::StrCat("migration ", migration.number, ": \"", kContract,
                                            "\" is followed by the number of an earlier one"));
  }
  return 0;
}

// Runs `body` in a write transaction while no other replica migrates.
absl::Status InTurn(SessionPool& pool, absl::Time deadline,
                    const std::function<absl::Status(Session&)>& body) {
  KLYNGE_ASSIGN_OR_RETURN(SessionPool::Lease lease, pool.BeginWrite(deadline));
  if (lease->engine() == Engine::kPostgres) {
    KLYNGE_RETURN_IF_ERROR(lease->Execute(kLock));
    KLYNGE_RETURN_IF_ERROR(lease->Execute(kWaitBriefly));
  }
  KLYNGE_RETURN_IF_ERROR(body(*lease));
  return lease.Commit();
}

// The same, again and again while a table is in use.
absl::Status InTurnWhenFree(SessionPool& pool, absl::Time deadline,
                            const std::function<absl::Status(Session&)>& body) {
  absl::BitGen random;
  while (true) {
    const absl::Status status = InTurn(pool, deadline, body);
    if (ReasonOf(status) != "DATABASE_BUSY" || absl::Now() > deadline) return status;
    telemetry::Log(telemetry::Level::kInfo, "a migration waits for a table that is in use");
    absl::SleepFor(absl::Milliseconds(absl::Uniform(random, 200, 1000)));
  }
}

absl::StatusOr<std::vector<std::string>> Columns(Session& session) {
  KLYNGE_ASSIGN_OR_RETURN(
      const auto rows,
      session.Query(session.engine() == Engine::kPostgres ? kColumns : kColumnsOnSqlite));
  std::vector<std::string> columns;
  for (const Row& row : rows) columns.push_back(row.Text(0));
  return columns;
}

// Databases made before checksums were kept have no columns for them.
absl::Status MakeTable(Session& session) {
  KLYNGE_ASSIGN_OR_RETURN(const auto columns, Columns(session));
  if (columns.empty()) {
    return session.Execute(
        "CREATE TABLE klynge_migration (owner TEXT NOT NULL, number BIGINT NOT NULL, "
        "name TEXT NOT NULL, checksum TEXT NOT NULL DEFAULT '', needs BIGINT NOT NULL DEFAULT 0, "
        "PRIMARY KEY (owner, number))");
  }
  if (columns.size() >= 5) return absl::OkStatus();
  KLYNGE_RETURN_IF_ERROR(
      session.Execute("ALTER TABLE klynge_migration ADD COLUMN checksum TEXT NOT NULL DEFAULT ''"));
  return session.Execute("ALTER TABLE klynge_migration ADD COLUMN needs BIGINT NOT NULL DEFAULT 0");
}

absl::StatusOr<AppliedByNumber> ReadApplied(Session& session, const std::string& owner) {
  KLYNGE_ASSIGN_OR_RETURN(
      const auto rows,
      session.Query(
          "SELECT number, name, checksum, needs FROM klynge_migration WHERE owner = :owner",
          {owner}));
  AppliedByNumber applied;
  for (const Row& row : rows) {
    applied[row.Int(0)] = {row.Text(1), row.Text(2), row.Int(3)};
  }
  return applied;
}

absl::Status CheckEdited(const std::string& owner, const Migration& migration,
                         const AppliedByNumber& applied) {
  const auto found = applied.find(migration.number);
  if (found == applied.end() || found->second.checksum.empty() ||
      found->second.checksum == Checksum(migration)) {
    return absl::OkStatus();
  }
  return MakeStatus(absl::StatusCode::kFailedPrecondition, "MIGRATION_EDITED",
                    absl::StrCat("migration ", NameOf(owner, migration.number, migration.name),
                                 " was applied with another text; put the old text back and write "
                                 "a new migration for the change"));
}

// A database that a newer version has migrated is fine, unless it has taken away what this program
// still uses.
absl::Status CheckNewer(const std::string& owner, int64_t known, const AppliedByNumber& applied) {
  for (const auto& [number, newer] : applied) {
    if (number <= known) continue;
    const std::string name = NameOf(owner, number, newer.name);
    if (newer.needs > known) {
      return MakeStatus(
          absl::StatusCode::kFailedPrecondition, "SCHEMA_TOO_NEW",
          absl::StrCat("the database has migration ", name, ", which needs a program that knows ",
                       newer.needs, "; this one knows ", known, ": start a newer version"));
    }
    telemetry::Log(telemetry::Level::kInfo, "the database is newer than this program",
                   {{"migration", name}});
  }
  return absl::OkStatus();
}

absl::Status Apply(Session& session, const std::string& owner, const Migration& migration) {
  KLYNGE_ASSIGN_OR_RETURN(const auto applied, ReadApplied(session, owner));
  if (applied.count(migration.number) > 0) return absl::OkStatus();  // another replica was first
  KLYNGE_ASSIGN_OR_RETURN(const int64_t needs, Needs(migration));
  for (const auto& statement : Statements(migration.sql)) {
    KLYNGE_RETURN_IF_ERROR(session.Execute(statement));
  }
  return session.Execute(
      "INSERT INTO klynge_migration (owner, number, name, checksum, needs) "
      "VALUES (:owner, :number, :name, :checksum, :needs)",
      {owner, int64_t{migration.number}, migration.name, Checksum(migration), needs});
}

absl::Status MigrateOwner(SessionPool& pool, const std::string& owner,
                          const std::vector<Migration>& migrations, absl::Time deadline) {
  AppliedByNumber applied;
  {
    KLYNGE_ASSIGN_OR_RETURN(SessionPool::Lease lease, pool.BeginRead(deadline));
    KLYNGE_ASSIGN_OR_RETURN(applied, ReadApplied(*lease, owner));
  }
  KLYNGE_RETURN_IF_ERROR(
      CheckNewer(owner, migrations.empty() ? 0 : migrations.back().number, applied));
  for (const Migration& migration : migrations) {
    KLYNGE_RETURN_IF_ERROR(CheckEdited(owner, migration, applied));
    if (applied.count(migration.number) > 0) continue;
    const std::string name = NameOf(owner, migration.number, migration.name);
    const absl::Status status = InTurnWhenFree(
        pool, deadline, [&](Session& session) { return Apply(session, owner, migration); });
    telemetry::Log(status.ok() ? telemetry::Level::kInfo : telemetry::Level::kError,
                   status.ok() ? "migrated" : "a migration failed; nothing of it was kept",
                   {{"migration", name}, {"error", status.message()}});
    KLYNGE_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Migrate(SessionPool& pool, const std::vector<Migration>& migrations,
                     absl::Time deadline) {
  size_t columns = 0;
  {
    KLYNGE_ASSIGN_OR_RETURN(SessionPool::Lease lease, pool.BeginRead(deadline));
    KLYNGE_ASSIGN_OR_RETURN(const auto names, Columns(*lease));
    columns = names.size();
  }
  if (columns < 5) KLYNGE_RETURN_IF_ERROR(InTurnWhenFree(pool, deadline, MakeTable));
  KLYNGE_RETURN_IF_ERROR(MigrateOwner(pool, "platform", Migrations(), deadline));
  return MigrateOwner(pool, "service", migrations, deadline);
}

std::vector<std::string> Statements(const std::string& sql) {
  std::vector<std::string> kept;
  for (absl::string_view line : absl::StrSplit(sql, '\n')) {
    if (!absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), "--")) kept.emplace_back(line);
  }
  std::vector<std::string> statements;
  for (absl::string_view part : absl::StrSplit(absl::StrJoin(kept, "\n"), ";\n")) {
    part = absl::StripSuffix(absl::StripAsciiWhitespace(part), ";");
    if (!part.empty()) statements.emplace_back(part);
  }
  return statements;
}

}  // namespace klynge::sql
