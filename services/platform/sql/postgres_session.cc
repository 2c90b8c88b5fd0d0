#include "services/platform/sql/postgres_session.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>
#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>

#include "services/platform/rpc/status.h"
#include "services/platform/sql/database_error.h"
#include "services/platform/sql/postgres_values.h"
#include "services/platform/steady_clock.h"
#include "services/platform/telemetry/log.h"

namespace klynge::sql {
namespace {

constexpr absl::Duration kConnectTimeout = absl::Seconds(3);
// The server ends a statement at the deadline by itself; its answer gets this long to arrive.
constexpr absl::Duration kGrace = absl::Milliseconds(250);
// Of a transaction that names no deadline.
constexpr absl::Duration kLongestTransaction = absl::Minutes(30);
constexpr size_t kStatements = 200;
constexpr size_t kBulkChunk = 5'000;

// A transaction whose client is gone without a word must not keep its locks. And acknowledged means
// on the disk, whatever a role or database has set; stronger settings stay.
constexpr char kAfterConnect[] =
    "SET idle_in_transaction_session_timeout = '60s'; "
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'";

// False when `until` (of SteadyNow) has passed.
bool WaitForSocket(int socket, short events, absl::Time until) {
  pollfd waiting{socket, events, 0};
  while (true) {
    const absl::Duration left = until - SteadyNow();
    if (left <= absl::ZeroDuration()) return poll(&waiting, 1, 0) > 0;
    // Rounded up, and never so long that int has no room for it.
    const auto ms = static_cast<int>(
        absl::ToInt64Milliseconds(std::min(left, absl::Hours(1)) + absl::Milliseconds(1)));
    const int ready = poll(&waiting, 1, ms);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // libpq will say what is wrong
  }
}

const char* ArrayType(ColumnType type) {
  switch (type) {
    case ColumnType::kBigint:
      return "bigint[]";
    case ColumnType::kDouble:
      return "double precision[]";
    case ColumnType::kText:
      return "text[]";
  }
  return "text[]";
}

std::string BulkStatement(const BulkTable& table) {
  const auto cast = [](std::string* out, const BulkTable::Column& column) {
    absl::StrAppend(out, "CAST(:", column.name, " AS ", ArrayType(column.type), ")");
  };
  return absl::StrCat(InsertInto(table), "SELECT * FROM unnest(",
                      absl::StrJoin(table.columns, ", ", cast), ") ", table.suffix);
}

// libpq ends its messages with a line break, and may give several lines.
std::string MessageOf(const PGconn* connection) {
  std::string message = PQerrorMessage(connection);
  absl::RemoveExtraAsciiWhitespace(&message);
  return message;
}

PostgresSession::Connection StartConnecting(const std::string& url) {
  // What stands before the URL can be changed by it; what stands after, not.
  const char* const keys[] = {
      "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
      "dbname",          "application_name",    "client_encoding",  nullptr};
  const char* const values[] = {"10", "5", "3", "10000", url.c_str(), "klynge", "UTF8", nullptr};
  PostgresSession::Connection connection(PQconnectStartParams(keys, values, /*expand_dbname=*/1));
  // libpq would print them.
  if (connection)
    PQsetNoticeReceiver(
        connection.get(), [](void*, const PGresult*) {}, nullptr);
  return connection;
}

}  // namespace

void PostgresSession::Close::operator()(pg_conn* connection) const { PQfinish(connection); }
void PostgresSession::Clear::operator()(pg_result* result) const { PQclear(result); }

absl::StatusOr<std::unique_ptr<Session>> OpenPostgresSession(const std::string& url,
                                                             absl::Time deadline) {
  const absl::Duration left = deadline - absl::Now();
  const absl::Time until = SteadyNow() + std::min(left, kConnectTimeout);
  PostgresSession::Connection connection = StartConnecting(url);
  if (!connection) return DatabaseUnreachable("no memory for a connection");
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (PQstatus(connection.get()) != CONNECTION_BAD && state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) break;
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!WaitForSocket(PQsocket(connection.get()), events, until)) {
      if (left < kConnectTimeout) return DatabaseTimeout();
      return DatabaseUnreachable("it does not answer");
    }
    state = PQconnectPoll(connection.get());
  }
  if (state != PGRES_POLLING_OK || PQsetnonblocking(connection.get(), 1) != 0) {
    telemetry::Log(telemetry::Level::kWarning, "cannot connect to the database",
                   {{"error", MessageOf(connection.get())}});
    return DatabaseUnreachable("it refuses connections");
  }
  auto session = std::make_unique<PostgresSession>(std::move(connection), until);
  KLYNGE_RETURN_IF_ERROR(session->RunText(kAfterConnect).status());
  return session;
}

PostgresSession::PostgresSession(Connection connection, absl::Time deadline)
    : Session(Engine::kPostgres),
      connection_(std::move(connection)),
      deadline_(deadline),
      statements_(kStatements) {}

PostgresSession::~PostgresSession() = default;

absl::Status PostgresSession::Begin(Access access, absl::Time deadline) {
  const absl::Duration left = std::min(deadline - absl::Now(), kLongestTransaction);
  deadline_ = SteadyNow() + left;
  sending_ahead_ = false;
  // At least 1: 0 would mean no timeout at all.
  const int64_t left_ms = std::max<int64_t>(1, absl::ToInt64Milliseconds(left));
  const char* const begin =
      access == Access::kWrite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  return RunText(absl::StrCat(begin, "; SET LOCAL statement_timeout = ", left_ms)).status();
}

absl::Status PostgresSession::Commit() {
  KLYNGE_ASSIGN_OR_RETURN(const Result done, ahead_.empty() ? RunText("COMMIT") : CommitAhead());
  // PostgreSQL rolls a transaction back in which a statement failed, and does not call it an error.
  if (absl::string_view(PQcmdStatus(done.get())) == "COMMIT") return absl::OkStatus();
  return MakeStatus(absl::StatusCode::kInternal, "DATABASE_ERROR",
                    "a statement of the transaction had failed; nothing was written");
}

absl::StatusOr<PostgresSession::Result> PostgresSession::CommitAhead() {
  KLYNGE_RETURN_IF_ERROR(InTime());
  if (PQsendQueryParams(connection_.get(), "COMMIT", 0, nullptr, nullptr, nullptr, nullptr,
                        /*resultFormat=*/0) == 0) {
    return ConnectionLost();
  }
  ahead_.push_back({"COMMIT", false});
  return HearAll();
}

void PostgresSession::Rollback() {
  deadline_ = std::max(deadline_, SteadyNow());  // the grace that every answer has
  HearAll().status().IgnoreError();
  if (!healthy() || PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) return;
  RunText("ROLLBACK").status().IgnoreError();
}

absl::Status PostgresSession::Execute(absl::string_view sql, const std::vector<Value>& params) {
  if (sending_ahead_ && WorthPreparing(sql)) return SendAhead(std::string(sql), Parameters(params));
  return Run(sql, params).status();
}

absl::StatusOr<std::vector<Row>> PostgresSession::Query(absl::string_view sql,
                                                        const std::vector<Value>& params) {
  KLYNGE_ASSIGN_OR_RETURN(const Result result, Run(sql, params));
  return RowsOf(result.get());
}

absl::Status PostgresSession::BulkInsert(const BulkTable& table,
                                         const std::vector<std::vector<Value>>& rows) {
  const std::string sql = BulkStatement(table);
  const absl::Span<const std::vector<Value>> all(rows);
  for (size_t begin = 0; begin < rows.size(); begin += kBulkChunk) {
    KLYNGE_ASSIGN_OR_RETURN(const Parameters arrays,
                            Parameters::Arrays(table, all.subspan(begin, kBulkChunk)));
    KLYNGE_RETURN_IF_ERROR(sending_ahead_ ? SendAhead(sql, arrays)
                                          : RunPrepared(sql, arrays).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<PostgresSession::Result> PostgresSession::Run(absl::string_view sql,
                                                             const std::vector<Value>& params) {
  KLYNGE_RETURN_IF_ERROR(HearAll().status());
  if (params.empty() && !WorthPreparing(sql)) return RunText(std::string(sql));
  return RunPrepared(std::string(sql), Parameters(params));
}

absl::StatusOr<PostgresSession::Result> PostgresSession::RunPrepared(const std::string& sql,
                                                                     const Parameters& given) {
  KLYNGE_ASSIGN_OR_RETURN(const Prepared statement, Prepare(sql));
  return Answer(Send(statement, given), {sql, statement.kept});
}

absl::Status PostgresSession::SendAhead(const std::string& sql, const Parameters& given) {
  KLYNGE_ASSIGN_OR_RETURN(const Prepared statement, Prepare(sql));
  if (ahead_.empty()) PQenterPipelineMode(connection_.get());
  ahead_.push_back({sql, statement.kept});
  // What does not go out at once goes with the next.
  if (Send(statement, given) == 0 || PQflush(connection_.get()) < 0) return ConnectionLost();
  return absl::OkStatus();
}

int PostgresSession::Send(const Prepared& statement, const Parameters& given) {
  return PQsendQueryPrepared(connection_.get(), statement.name.c_str(), given.size(),
                             given.values(), given.lengths(), given.formats(), /*resultFormat=*/0);
}

absl::StatusOr<PostgresSession::Result> PostgresSession::RunText(const std::string& sql) {
  KLYNGE_RETURN_IF_ERROR(InTime());
  return Answer(PQsendQuery(connection_.get(), sql.c_str()), {sql, false});
}

absl::StatusOr<PostgresSession::Prepared> PostgresSession::Prepare(const std::string& sql) {
  KLYNGE_RETURN_IF_ERROR(InTime());
  if (const std::string* name = statements_.Find(sql)) return Prepared{*name, true};
  KLYNGE_RETURN_IF_ERROR(HearAll().status());
  if (const auto oldest = statements_.MakeRoom()) {
    KLYNGE_RETURN_IF_ERROR(RunText(absl::StrCat("DEALLOCATE ", *oldest)).status());
  }
  std::string name = absl::StrCat("klynge_", ++prepared_);
  KLYNGE_RETURN_IF_ERROR(Answer(PQsendPrepare(connection_.get(), name.c_str(),
                                              NumberPlaceholders(sql).c_str(), 0, nullptr),
                                {sql, false})
                             .status());
  return Prepared{statements_.Add(sql, std::move(name)), false};
}

// What could not be heard to its end is not begun.
absl::Status PostgresSession::InTime() const {
  return SteadyNow() < deadline_ + kGrace ? absl::OkStatus() : DatabaseTimeout();
}

absl::Status PostgresSession::Await(short events) {
  if (WaitForSocket(PQsocket(connection_.get()), events, deadline_ + kGrace)) {
    return absl::OkStatus();
  }
  GiveUp();
  return DatabaseTimeout();
}

absl::Status PostgresSession::SendOut() {
  int unsent = PQflush(connection_.get());
  while (unsent == 1) {
    // The server may want to be heard before it takes more.
    KLYNGE_RETURN_IF_ERROR(Await(POLLIN | POLLOUT));
    if (PQconsumeInput(connection_.get()) == 0) return ConnectionLost();
    unsent = PQflush(connection_.get());
  }
  return unsent < 0 ? ConnectionLost() : absl::OkStatus();
}

absl::StatusOr<PostgresSession::Result> PostgresSession::NextResult() {
  while (PQisBusy(connection_.get())) {
    KLYNGE_RETURN_IF_ERROR(Await(POLLIN));
    if (PQconsumeInput(connection_.get()) == 0) return ConnectionLost();
  }
  return Result(PQgetResult(connection_.get()));
}

absl::StatusOr<PostgresSession::Result> PostgresSession::Heard(const Sent& sent) {
  absl::Status failed;
  Result last;
  while (true) {
    KLYNGE_ASSIGN_OR_RETURN(Result next, NextResult());
    if (!next) break;
    const ExecStatusType status = PQresultStatus(next.get());
    if (status == PGRES_PIPELINE_ABORTED) {
      failed = absl::AbortedError("a statement before it failed");
    } else if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && failed.ok()) {
      failed = ErrorOf(next.get(), sent);
    }
    last = std::move(next);
  }
  KLYNGE_RETURN_IF_ERROR(failed);
  if (!last || PQstatus(connection_.get()) == CONNECTION_BAD) return ConnectionLost();
  return last;
}

absl::StatusOr<PostgresSession::Result> PostgresSession::Answer(int sent, const Sent& statement) {
  if (sent == 0) return ConnectionLost();
  KLYNGE_RETURN_IF_ERROR(SendOut());
  return Heard(statement);
}

absl::StatusOr<PostgresSession::Result> PostgresSession::HearAll() {
  const std::vector<Sent> statements = std::exchange(ahead_, {});
  if (statements.empty()) return Result();
  if (PQpipelineSync(connection_.get()) == 0) return ConnectionLost();
  KLYNGE_RETURN_IF_ERROR(SendOut());
  absl::StatusOr<Result> all = Result();
  for (const Sent& statement : statements) {
    absl::StatusOr<Result> heard = Heard(statement);
    // Those behind one that failed were not run: the first counts.
    if (all.ok()) all = std::move(heard);
    if (!healthy()) return all;
  }
  KLYNGE_ASSIGN_OR_RETURN(const Result synced, NextResult());
  if (PQresultStatus(synced.get()) != PGRES_PIPELINE_SYNC ||
      PQexitPipelineMode(connection_.get()) == 0) {
    return ConnectionLost();
  }
  return all;
}

absl::Status PostgresSession::ConnectionLost() {
  GiveUp();
  return FromSqlState("");
}

absl::Status PostgresSession::ErrorOf(const pg_result* result, const Sent& sent) {
  const char* const field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const absl::string_view state = field == nullptr ? "" : field;
  if (EndsConnection(state)) GiveUp();
  // 0A000 by itself says that PostgreSQL cannot do what was asked; of a statement that it could do
  // before, that its answer would now have other columns.
  if (sent.kept && (state == "0A000" || state == "26000")) {
    statements_.Remove(sent.sql);
    return SchemaChanged();
  }
  absl::Status status = FromSqlState(state);
  if (status.code() == absl::StatusCode::kInternal) {
    telemetry::Log(telemetry::Level::kError, "statement failed",
                   {{"sql", sent.sql.substr(0, 300)}, {"error", status.message()}});
  }
  return status;
}

std::string NumberPlaceholders(absl::string_view sql) {
  std::string numbered;
  int count = 0;
  char quote = 0;
  for (size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (sql.substr(i, 2) == "::") {
      numbered += sql[i++];
    } else if (c == ':' && i + 1 < sql.size() && absl::ascii_isalpha(sql[i + 1])) {
      absl::StrAppend(&numbered, "$", ++count);
      while (i + 1 < sql.size() && (absl::ascii_isalnum(sql[i + 1]) || sql[i + 1] == '_')) ++i;
      continue;
    }
    numbered += sql[i];
  }
  return numbered;
}

}  // namespace klynge::sql
