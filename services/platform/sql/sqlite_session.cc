#include "services/platform/sql/sqlite_session.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>

#include "services/platform/rpc/status.h"
#include "services/platform/sql/database_error.h"
#include "services/platform/steady_clock.h"
#include "services/platform/telemetry/log.h"

namespace klynge::sql {
namespace {

constexpr size_t kStatements = 200;
// How many steps of SQLite's machine pass between two looks at the deadline: about a millisecond.
constexpr int kStepsBetweenLooks = 50'000;
// For another process's lock, even without a deadline.
constexpr absl::Duration kLongestWait = absl::Minutes(1);

constexpr absl::Duration kPause = absl::Milliseconds(5);

// Sets something that SQLite refuses at once, without its busy timeout, while another process opens
// the same file.
absl::Status Configure(SqliteSession& session, const char* setting, absl::Time deadline) {
  while (true) {
    absl::Status set = session.Execute(setting);
    if (ReasonOf(set) != "DATABASE_BUSY" || absl::Now() + kPause > deadline) return set;
    absl::SleepFor(kPause);
  }
}

// SOCI does not export what the sanitizer would check the type with.
__attribute__((no_sanitize("vptr"))) sqlite_api::sqlite3* Handle(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

Value ColumnOf(const soci::row& row, size_t column) {
  if (row.get_indicator(column) == soci::i_null) return nullptr;
  switch (row.get_properties(column).get_data_type()) {
    case soci::dt_string:
      return row.get<std::string>(column);
    case soci::dt_double:
      return row.get<double>(column);
    case soci::dt_integer:
      return static_cast<int64_t>(row.get<int>(column));
    case soci::dt_long_long:
      return static_cast<int64_t>(row.get<long long>(column));
    case soci::dt_unsigned_long_long:
      return static_cast<int64_t>(row.get<unsigned long long>(column));
    default:
      return nullptr;
  }
}

// A null is bound as text: SOCI wants a type.
char TypeOf(const Value& value) {
  if (absl::holds_alternative<int64_t>(value)) return 'i';
  return absl::holds_alternative<double>(value) ? 'd' : 't';
}

char TypeOf(ColumnType type) {
  switch (type) {
    case ColumnType::kBigint:
      return 'i';
    case ColumnType::kDouble:
      return 'd';
    case ColumnType::kText:
      return 't';
  }
  return 't';
}

std::string BulkStatement(const BulkTable& table) {
  const auto placeholder = [](std::string* out, const BulkTable::Column& column) {
    absl::StrAppend(out, ":", column.name);
  };
  return absl::StrCat(InsertInto(table), "VALUES (",
                      absl::StrJoin(table.columns, ", ", placeholder), ") ", table.suffix);
}

absl::Status CannotOpen(const std::string& path, absl::string_view why) {
  telemetry::Log(telemetry::Level::kWarning, "cannot open the database",
                 {{"file", path}, {"error", why}});
  return DatabaseUnreachable("its file cannot be opened");
}

}  // namespace

// A prepared statement with the variables it is bound to, which each run fills anew.
class SqliteSession::Statement {
 public:
  // `types`: one letter a parameter, see TypeOf.
  Statement(soci::session& session, absl::string_view sql, absl::string_view types)
      : bound_(types.size()), statement_(session) {
    for (size_t i = 0; i < types.size(); ++i) {
      Variable& bound = bound_[i];
      bound.type = types[i];
      if (types[i] == 'i') statement_.exchange(soci::use(bound.integer, bound.indicator));
      if (types[i] == 'd') statement_.exchange(soci::use(bound.real, bound.indicator));
      if (types[i] == 't') statement_.exchange(soci::use(bound.text, bound.indicator));
    }
    statement_.alloc();
    statement_.prepare(std::string(sql));
    statement_.define_and_bind();
    statement_.exchange_for_rowset(soci::into(row_));
  }

  // Converts to the type that the parameter was bound as.
  void Bind(size_t i, const Value& value) {
    Variable& bound = bound_[i];
    bound.indicator = soci::i_ok;
    if (const auto* text = absl::get_if<std::string>(&value); text && bound.type == 't') {
      bound.text = *text;
      return;
    }
    const Row one({value});
    if (one.IsNull(0)) bound.indicator = soci::i_null;
    if (bound.type == 'i') bound.integer = one.Int(0);
    if (bound.type == 'd') bound.real = one.Double(0);
    if (bound.type == 't') bound.text = one.Text(0);
  }

  // All rows, if it has any to give.
  std::vector<Row> Run() {
    std::vector<Row> rows;
    statement_.execute(false);
    while (statement_.fetch()) {
      std::vector<Value> values;
      values.reserve(row_.size());
      for (size_t i = 0; i < row_.size(); ++i) values.push_back(ColumnOf(row_, i));
      rows.emplace_back(std::move(values));
    }
    return rows;
  }

 private:
  struct Variable {
    char type = 't';
    soci::indicator indicator = soci::i_ok;
    long long integer = 0;
    double real = 0;
    std::string text;
  };

  std::vector<Variable> bound_;
  soci::row row_;
  soci::statement statement_;
};

absl::StatusOr<std::unique_ptr<Session>> OpenSqliteSession(const std::string& path,
                                                           absl::Time deadline) {
  try {
    auto connection =
        std::make_unique<soci::session>(soci::sqlite3, absl::StrCat("db=", path, " timeout=10"));
    sqlite_api::sqlite3_extended_result_codes(Handle(*connection), 1);
    auto session = std::make_unique<SqliteSession>(std::move(connection));
    session->SetDeadline(deadline);
    for (const char* const setting :
         {"PRAGMA journal_mode = WAL",
          "PRAGMA synchronous = FULL",  // acknowledged means on the disk
          "PRAGMA foreign_keys = ON"}) {
      KLYNGE_RETURN_IF_ERROR(Configure(*session, setting, deadline));
    }
    return session;
  } catch (const std::exception& error) {
    return CannotOpen(path, error.what());
  }
}

SqliteSession::SqliteSession(std::unique_ptr<soci::session> connection)
    : Session(Engine::kSqlite), connection_(std::move(connection)), statements_(kStatements) {
  sqlite_api::sqlite3_progress_handler(Handle(*connection_), kStepsBetweenLooks, &PastDeadline,
                                       this);
}

SqliteSession::~SqliteSession() = default;

int SqliteSession::PastDeadline(void* session) {
  return SteadyNow() > static_cast<SqliteSession*>(session)->deadline_ ? 1 : 0;
}

void SqliteSession::SetDeadline(absl::Time deadline) {
  const absl::Duration left = deadline - absl::Now();
  deadline_ = SteadyNow() + left;
  const absl::Duration wait = std::clamp(left, absl::ZeroDuration(), kLongestWait);
  sqlite_api::sqlite3_busy_timeout(Handle(*connection_),
                                   static_cast<int>(absl::ToInt64Milliseconds(wait)));
}

absl::Status SqliteSession::Begin(Access access, absl::Time deadline) {
  SetDeadline(deadline);
  return Execute(access == Access::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

absl::Status SqliteSession::Commit() {
  // What is done is kept, late or not.
  deadline_ = absl::InfiniteFuture();
  return Execute("COMMIT");
}

void SqliteSession::Rollback() {
  // Some errors (disk full) have rolled back already.
  if (sqlite_api::sqlite3_get_autocommit(Handle(*connection_)) != 0) return;
  deadline_ = absl::InfiniteFuture();
  if (!Execute("ROLLBACK").ok()) GiveUp();
}

template <class Body>
absl::Status SqliteSession::Guarded(absl::string_view sql, Body body) {
  absl::Status status;
  try {
    body();
    return absl::OkStatus();
  } catch (const soci::sqlite3_soci_error& error) {
    status = FromSqliteCode(error.result());
  } catch (const std::exception&) {
    GiveUp();  // SOCI does not say what state it is in
    status = FromSqliteCode(SQLITE_ERROR);
  }
  if (status.code() == absl::StatusCode::kInternal) statements_.Clear();
  if (status.code() == absl::StatusCode::kDataLoss || ReasonOf(status) == "DATABASE_READ_ONLY") {
    GiveUp();
  }
  if (status.code() == absl::StatusCode::kInternal ||
      status.code() == absl::StatusCode::kDataLoss) {
    telemetry::Log(telemetry::Level::kError, "statement failed",
                   {{"sql", sql.substr(0, 300)}, {"error", status.message()}});
  }
  return status;
}

SqliteSession::Statement& SqliteSession::Prepared(absl::string_view sql, absl::string_view types) {
  const std::string key = absl::StrCat(types, " ", sql);
  if (auto* kept = statements_.Find(key)) return **kept;
  statements_.MakeRoom();
  return *statements_.Add(key, std::make_unique<Statement>(*connection_, sql, types));
}

SqliteSession::Statement& SqliteSession::Bound(absl::string_view sql,
                                               const std::vector<Value>& params) {
  std::string types;
  for (const Value& param : params) types += TypeOf(param);
  Statement& statement = Prepared(sql, types);
  for (size_t i = 0; i < params.size(); ++i) statement.Bind(i, params[i]);
  return statement;
}

absl::Status SqliteSession::Execute(absl::string_view sql, const std::vector<Value>& params) {
  return Guarded(sql, [&] {
    if (params.empty() && !WorthPreparing(sql)) {
      *connection_ << std::string(sql);
      return;
    }
    Bound(sql, params).Run();
  });
}

absl::StatusOr<std::vector<Row>> SqliteSession::Query(absl::string_view sql,
                                                      const std::vector<Value>& params) {
  std::vector<Row> rows;
  KLYNGE_RETURN_IF_ERROR(Guarded(sql, [&] { rows = Bound(sql, params).Run(); }));
  return rows;
}

absl::Status SqliteSession::BulkInsert(const BulkTable& table,
                                       const std::vector<std::vector<Value>>& rows) {
  const std::string sql = BulkStatement(table);
  std::string types;
  for (const auto& column : table.columns) types += TypeOf(column.type);
  for (const auto& row : rows) {
    if (row.size() != types.size()) return absl::InternalError("a row of another width");
  }
  return Guarded(sql, [&] {
    Statement& statement = Prepared(sql, types);
    for (const auto& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) statement.Bind(i, row[i]);
      statement.Run();
    }
  });
}

}  // namespace klynge::sql
