#include "services/platform/sql/database.h"

#include <absl/cleanup/cleanup.h>
#include <absl/random/random.h>
#include <absl/strings/match.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <absl/time/clock.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <set>

#include "klynge/migrations/sql.h"
#include "services/platform/rpc/status.h"
#include "services/platform/telemetry/log.h"

namespace klynge::sql {
namespace {

constexpr int kWriteAttempts = 5;
constexpr char kWriteBegin[] = "BEGIN";
constexpr char kSqliteWriteBegin[] = "BEGIN IMMEDIATE";
constexpr char kReadBegin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr char kNextRevision[] =
    "UPDATE klynge_revision SET revision = revision + 1 RETURNING revision";

absl::Status Unreachable(absl::string_view what) {
  return MakeRetryableStatus(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                             absl::StrCat("the database cannot be reached: ", what),
                             absl::Seconds(1));
}

// Statements end with ";" at the end of a line, so ";" inside a statement does no harm.
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

// PostgreSQL stops a statement by itself when the caller has stopped waiting.
absl::Status SetStatementTimeout(Session& session, absl::Time deadline) {
  if (session.engine() != Engine::kPostgres || deadline == absl::InfiniteFuture()) {
    return absl::OkStatus();
  }
  const int64_t left = std::max<int64_t>(1, absl::ToInt64Milliseconds(deadline - absl::Now()));
  return session.Execute(absl::StrCat("SET LOCAL statement_timeout = ", left));
}

absl::Status StoreAudit(Session& session, const std::vector<AuditEntry>& entries,
                        const WriteContext& context, int64_t revision, absl::Time now) {
  static const BulkTable* const kTable = new BulkTable{"klynge_audit",
                                                       {{"revision", ColumnType::kBigint},
                                                        {"ordinal", ColumnType::kBigint},
                                                        {"at_us", ColumnType::kBigint},
                                                        {"actor", ColumnType::kText},
                                                        {"method", ColumnType::kText},
                                                        {"entity_kind", ColumnType::kText},
                                                        {"entity_id", ColumnType::kText},
                                                        {"action", ColumnType::kText},
                                                        {"change_json", ColumnType::kText}},
                                                       ""};
  std::vector<std::vector<Value>> rows;
  rows.reserve(entries.size());
  for (const auto& entry : entries) {
    rows.push_back({revision, static_cast<int64_t>(rows.size()), absl::ToUnixMicros(now),
                    context.actor, context.method, entry.entity_kind, entry.entity_id, entry.action,
                    entry.change_json});
  }
  return session.BulkInsert(*kTable, rows);
}

}  // namespace

// A session for one transaction. Whatever was not committed is rolled back at the end.
class Database::Lease {
 public:
  Lease(Database* database, std::unique_ptr<Session> session)
      : database_(database), session_(std::move(session)) {}
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (!session_) return;
    if (open_) session_->Execute("ROLLBACK").IgnoreError();
    MutexLock lock(&database_->mutex_);
    --database_->leased_;
    if (session_->healthy()) database_->idle_.push_back(std::move(session_));
  }

  absl::Status Commit() {
    open_ = false;
    absl::Status committed = session_->Execute("COMMIT");
    // A commit that failed (disk full) leaves SQLite's transaction open.
    if (!committed.ok()) session_->Execute("ROLLBACK").IgnoreError();
    return committed;
  }
  Session& operator*() { return *session_; }

 private:
  Database* database_;
  std::unique_ptr<Session> session_;
  bool open_ = true;
};

Database::Database(const DatabaseOptions& options, Engine engine, const Clock* clock)
    : options_(options), engine_(engine), clock_(clock) {}

Database::~Database() = default;

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const DatabaseOptions& options,
                                                         const std::vector<Migration>& migrations,
                                                         const Clock* clock) {
  const bool sqlite = absl::StartsWith(options.url, "sqlite:");
  if (!sqlite && !absl::StartsWith(options.url, "postgresql://")) {
    return absl::InvalidArgumentError(
        "database: write sqlite:PATH or postgresql://user@host/database");
  }
  std::unique_ptr<Database> database(
      new Database(options, sqlite ? Engine::kSqlite : Engine::kPostgres, clock));
  KLYNGE_RETURN_IF_ERROR(database->Migrate(migrations));
  return database;
}

absl::StatusOr<std::unique_ptr<Session>> Database::Connect() const {
  try {
    std::unique_ptr<soci::session> connection;
    if (engine_ == Engine::kSqlite) {
      const std::string path(absl::StripPrefix(options_.url, "sqlite:"));
      connection =
          std::make_unique<soci::session>(soci::sqlite3, absl::StrCat("db=", path, " timeout=10"));
      *connection << "PRAGMA busy_timeout = 10000";
      *connection << "PRAGMA journal_mode = WAL";
      *connection << "PRAGMA synchronous = FULL";  // acknowledged means on the disk
      *connection << "PRAGMA foreign_keys = ON";
    } else {
      // SOCI takes the text apart at "=" and " ": a URL passes whole only if it has a "=" in it.
      const char* joint = absl::StrContains(options_.url, "?") ? "&" : "?";
      connection = std::make_unique<soci::session>(
          soci::postgresql,
          absl::StrCat(options_.url, joint, "connect_timeout=3&application_name=klynge"));
      *connection << "SET client_min_messages = warning";
    }
    return std::make_unique<Session>(engine_, std::move(connection));
  } catch (const std::exception& error) {
    return Unreachable(error.what());
  }
}

absl::Status Database::WaitForSlot(absl::Time deadline) {
  MutexLock lock(&mutex_);
  const auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return leased_ < options_.pool_size;
  };
  if (!mutex_.AwaitWithDeadline(absl::Condition(&free), deadline)) {
    return MakeStatus(absl::StatusCode::kDeadlineExceeded, "DATABASE_POOL_BUSY",
                      "no database session was free before the deadline");
  }
  ++leased_;
  return absl::OkStatus();
}

absl::StatusOr<Database::Lease> Database::Begin(absl::Time deadline, absl::string_view begin) {
  KLYNGE_RETURN_IF_ERROR(WaitForSlot(deadline));
  auto give_back = absl::MakeCleanup([this] {
    MutexLock lock(&mutex_);
    --leased_;
  });
  std::unique_ptr<Session> session;
  {
    MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      session = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  // The first statement shows whether a pooled connection still lives.
  absl::Status begun = session ? session->Execute(begin) : Unreachable("not connected yet");
  if (!begun.ok() && (!session || !session->healthy())) {
    KLYNGE_ASSIGN_OR_RETURN(session, Connect());
    begun = session->Execute(begin);
  }
  KLYNGE_RETURN_IF_ERROR(begun);
  std::move(give_back).Cancel();
  Lease lease(this, std::move(session));
  KLYNGE_RETURN_IF_ERROR(SetStatementTimeout(*lease, deadline));
  return lease;
}

absl::Status Database::Read(absl::Time deadline,
                            const std::function<absl::Status(Session&)>& body) {
  KLYNGE_ASSIGN_OR_RETURN(Lease lease,
                          Begin(deadline, engine_ == Engine::kSqlite ? "BEGIN" : kReadBegin));
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

absl::StatusOr<int64_t> Database::Write(const WriteContext& context, const WriteBody& body) {
  {
    const auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(turn_mutex_) { return !writing_; };
    MutexLock lock(&turn_mutex_);
    if (!turn_mutex_.AwaitWithDeadline(absl::Condition(&free), context.deadline)) {
      return MakeStatus(absl::StatusCode::kDeadlineExceeded, "WRITES_QUEUED",
                        "other writes were not done before the deadline; nothing was written");
    }
    writing_ = true;
  }
  auto next = absl::MakeCleanup([this] {
    MutexLock lock(&turn_mutex_);
    writing_ = false;
  });
  absl::BitGen random;
  for (int attempt = 1;; ++attempt) {
    auto revision = WriteOnce(context, body);
    const bool again = revision.status().code() == absl::StatusCode::kAborted &&
                       ReasonOf(revision.status()) == "SERIALIZATION_FAILURE";
    if (!again || attempt == kWriteAttempts || absl::Now() > context.deadline) return revision;
    absl::SleepFor(absl::Milliseconds(absl::Uniform(random, 1, 10 << attempt)));
  }
}

absl::StatusOr<int64_t> Database::WriteOnce(const WriteContext& context, const WriteBody& body) {
  int64_t committed = 0;
  {
    KLYNGE_ASSIGN_OR_RETURN(
        Lease lease,
        Begin(context.deadline, engine_ == Engine::kSqlite ? kSqliteWriteBegin : kWriteBegin));
    KLYNGE_ASSIGN_OR_RETURN(auto rows, (*lease).Query(kNextRevision));
    if (rows.size() != 1) return absl::DataLossError("klynge_revision has not exactly one row");
    WriteTransaction transaction(*lease, rows[0].Int(0), clock_->Now());
    KLYNGE_RETURN_IF_ERROR(body(transaction));
    const int64_t before = transaction.revision_ - 1;
    if (transaction.discarded() || context.dry_run) return before;
    if (transaction.ending_ == WriteTransaction::Ending::kKeepRevision) {
      KLYNGE_RETURN_IF_ERROR(
          (*lease).Execute("UPDATE klynge_revision SET revision = :revision", {before}));
      KLYNGE_RETURN_IF_ERROR(lease.Commit());
      return before;
    }
    KLYNGE_RETURN_IF_ERROR(
        StoreAudit(*lease, transaction.audit_, context, transaction.revision_, transaction.now_));
    KLYNGE_RETURN_IF_ERROR(lease.Commit());
    committed = transaction.revision_;
  }
  if (on_commit_) on_commit_(committed);
  return committed;
}

absl::Status Database::Migrate(const std::vector<Migration>& migrations) {
  KLYNGE_ASSIGN_OR_RETURN(Lease lease,
                          Begin(absl::Now() + absl::Seconds(60),
                                engine_ == Engine::kSqlite ? kSqliteWriteBegin : kWriteBegin));
  Session& session = *lease;
  if (engine_ == Engine::kPostgres) {
    // Replicas that start together migrate in turn.
    KLYNGE_RETURN_IF_ERROR(session.Execute("SELECT pg_advisory_xact_lock(1802271086)"));
  }
  KLYNGE_RETURN_IF_ERROR(session.Execute(
      "CREATE TABLE IF NOT EXISTS klynge_migration (owner TEXT NOT NULL, number BIGINT NOT NULL, "
      "name TEXT NOT NULL, PRIMARY KEY (owner, number))"));
  KLYNGE_ASSIGN_OR_RETURN(auto rows, session.Query("SELECT owner, number FROM klynge_migration"));
  std::set<std::pair<std::string, int64_t>> done;
  for (const auto& row : rows) done.emplace(row.Text(0), row.Int(1));
  for (const auto& [owner, list] :
       {std::pair<std::string, const std::vector<Migration>*>{"platform", &Migrations()},
        {"service", &migrations}}) {
    for (const auto& migration : *list) {
      if (done.count({owner, migration.number}) > 0) continue;
      for (const auto& statement : Statements(migration.sql)) {
        KLYNGE_RETURN_IF_ERROR(session.Execute(statement));
      }
      KLYNGE_RETURN_IF_ERROR(session.Execute(
          "INSERT INTO klynge_migration (owner, number, name) VALUES (:owner, :number, :name)",
          {owner, static_cast<int64_t>(migration.number), migration.name}));
      telemetry::Log(telemetry::Level::kInfo, "migrated",
                     {{"owner", owner}, {"number", migration.number}, {"name", migration.name}});
    }
  }
  return lease.Commit();
}

}  // namespace klynge::sql
