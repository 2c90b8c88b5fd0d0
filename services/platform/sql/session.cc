#include "services/platform/sql/session.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "services/platform/rpc/status.h"
#include "services/platform/telemetry/log.h"

namespace klynge::sql {
namespace {

constexpr size_t kBulkChunk = 5'000;

absl::Status DatabaseError(absl::StatusCode code, absl::string_view reason, std::string message) {
  const bool retry = code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kAborted ||
                     code == absl::StatusCode::kResourceExhausted;
  return retry ? MakeRetryableStatus(code, reason, std::move(message), absl::Milliseconds(300))
               : MakeStatus(code, reason, std::move(message));
}

// What the database says of an error may quote what was to be stored, which is nobody's business
// but the sender's: neither answers nor logs repeat it. The code, with the statement's own text in
// the log, tells a developer enough.
absl::Status Unexpected(std::string code) {
  return DatabaseError(
      absl::StatusCode::kInternal, "DATABASE_ERROR",
      absl::StrCat("the database refused a statement (", code, "); the log has its text"));
}

absl::Status BrokenConstraint() {
  return DatabaseError(absl::StatusCode::kFailedPrecondition, "CONSTRAINT",
                       "the change breaks a rule that the database keeps");
}

// https://www.postgresql.org/docs/15/errcodes-appendix.html
absl::Status FromSqlState(const std::string& state) {
  if (state == "23505") {
    return DatabaseError(absl::StatusCode::kAlreadyExists, "DUPLICATE",
                         "a row with this key exists");
  }
  if (state == "40001" || state == "40P01") {
    return DatabaseError(absl::StatusCode::kAborted, "SERIALIZATION_FAILURE",
                         "another write came between; try again");
  }
  if (state == "57014") {
    return DatabaseError(absl::StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT",
                         "the database did not answer before the deadline");
  }
  const absl::string_view group = absl::string_view(state).substr(0, 2);
  if (group == "23") {
    return BrokenConstraint();
  }
  if (group == "53") {
    return DatabaseError(absl::StatusCode::kResourceExhausted, "DATABASE_FULL",
                         "the database has no room or connections left");
  }
  if (state.empty() || group == "08" || group == "57" || group == "XX") {
    return DatabaseError(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                         "the connection to the database was lost; try again");
  }
  return Unexpected(absl::StrCat("SQLSTATE ", state));
}

// Result codes: https://www.sqlite.org/rescode.html
absl::Status FromSqliteCode(int code, const std::string& what) {
  switch (code & 0xff) {
    case 5:  // SQLITE_BUSY
    case 6:  // SQLITE_LOCKED
      return DatabaseError(absl::StatusCode::kUnavailable, "DATABASE_BUSY",
                           "the database is busy; try again");
    case 10:  // SQLITE_IOERR
    case 13:  // SQLITE_FULL
      return DatabaseError(absl::StatusCode::kResourceExhausted, "DATABASE_FULL",
                           "the disk is full or fails; nothing was written");
    case 19:  // SQLITE_CONSTRAINT
      return absl::StrContains(what, "UNIQUE")
                 ? DatabaseError(absl::StatusCode::kAlreadyExists, "DUPLICATE",
                                 "a row with this key exists")
                 : BrokenConstraint();
    default:
      return Unexpected(absl::StrCat("SQLite code ", code));
  }
}

// The value as SOCI binds it; owns what the binding points to until the statement has run.
struct Bound {
  soci::indicator indicator = soci::i_ok;
  long long integer = 0;
  double real = 0;
  std::string text;
};

void Bind(soci::statement& statement, const Value& value, Bound& bound) {
  if (const auto* integer = absl::get_if<int64_t>(&value)) {
    bound.integer = *integer;
    statement.exchange(soci::use(bound.integer, bound.indicator));
  } else if (const auto* real = absl::get_if<double>(&value)) {
    bound.real = *real;
    statement.exchange(soci::use(bound.real, bound.indicator));
  } else {
    if (const auto* text = absl::get_if<std::string>(&value)) {
      bound.text = *text;
    } else {
      bound.indicator = soci::i_null;
    }
    statement.exchange(soci::use(bound.text, bound.indicator));
  }
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

const char* PostgresArrayType(ColumnType type) {
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

void AppendArrayElement(std::string& array, const Value& value) {
  if (array.size() > 1) array += ',';
  if (const auto* integer = absl::get_if<int64_t>(&value)) {
    absl::StrAppend(&array, *integer);
  } else if (const auto* real = absl::get_if<double>(&value)) {
    array += absl::StrFormat("%.17g", *real);
  } else if (const auto* text = absl::get_if<std::string>(&value)) {
    array += '"';
    for (const char c : *text) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  } else {
    array += "NULL";
  }
}

std::string InsertInto(const BulkTable& table) {
  return absl::StrCat("INSERT INTO ", table.name, " (",
                      absl::StrJoin(table.columns, ", ",
                                    [](std::string* out, const BulkTable::Column& column) {
                                      out->append(column.name);
                                    }),
                      ") ");
}

}  // namespace

bool Row::IsNull(size_t column) const {
  return absl::holds_alternative<std::nullptr_t>(values_.at(column));
}

int64_t Row::Int(size_t column) const {
  const Value& value = values_.at(column);
  if (const auto* integer = absl::get_if<int64_t>(&value)) return *integer;
  if (const auto* real = absl::get_if<double>(&value)) return static_cast<int64_t>(*real);
  int64_t parsed = 0;
  if (const auto* text = absl::get_if<std::string>(&value)) {
    if (!absl::SimpleAtoi(*text, &parsed)) return 0;
  }
  return parsed;
}

double Row::Double(size_t column) const {
  const Value& value = values_.at(column);
  if (const auto* real = absl::get_if<double>(&value)) return *real;
  if (const auto* integer = absl::get_if<int64_t>(&value)) return static_cast<double>(*integer);
  double parsed = 0;
  if (const auto* text = absl::get_if<std::string>(&value)) {
    if (!absl::SimpleAtod(*text, &parsed)) return 0;
  }
  return parsed;
}

std::string Row::Text(size_t column) const {
  const Value& value = values_.at(column);
  if (const auto* text = absl::get_if<std::string>(&value)) return *text;
  if (const auto* integer = absl::get_if<int64_t>(&value)) return absl::StrCat(*integer);
  if (const auto* real = absl::get_if<double>(&value)) return absl::StrCat(*real);
  return "";
}

Session::Session(Engine engine, std::unique_ptr<soci::session> connection)
    : engine_(engine), connection_(std::move(connection)) {}

Session::~Session() = default;

template <class Body>
absl::Status Session::Guarded(absl::string_view sql, Body body) {
  absl::Status status;
  try {
    body();
    return absl::OkStatus();
  } catch (const soci::postgresql_soci_error& error) {
    status = FromSqlState(std::string(absl::StripAsciiWhitespace(error.sqlstate())));
  } catch (const soci::sqlite3_soci_error& error) {
    status = FromSqliteCode(error.result(), error.what());
  } catch (const soci::soci_error& error) {
    const bool lost = error.get_error_category() == soci::soci_error::connection_error;
    status = lost ? FromSqlState("") : Unexpected("SOCI");
    healthy_ = false;  // SOCI does not say what state it is in
  }
  if (status.code() == absl::StatusCode::kUnavailable && engine_ == Engine::kPostgres) {
    healthy_ = false;
  }
  if (status.code() == absl::StatusCode::kInternal) {
    telemetry::Log(telemetry::Level::kError, "statement failed",
                   {{"sql", sql.substr(0, 300)}, {"error", status.message()}});
  }
  return status;
}

absl::Status Session::Execute(absl::string_view sql, const std::vector<Value>& params) {
  return Guarded(sql, [&] {
    soci::statement statement(*connection_);
    std::vector<Bound> bound(params.size());
    for (size_t i = 0; i < params.size(); ++i) Bind(statement, params[i], bound[i]);
    statement.alloc();
    statement.prepare(std::string(sql));
    statement.define_and_bind();
    statement.execute(true);
  });
}

absl::StatusOr<std::vector<Row>> Session::Query(absl::string_view sql,
                                                const std::vector<Value>& params) {
  std::vector<Row> rows;
  KLYNGE_RETURN_IF_ERROR(Guarded(sql, [&] {
    soci::statement statement(*connection_);
    std::vector<Bound> bound(params.size());
    for (size_t i = 0; i < params.size(); ++i) Bind(statement, params[i], bound[i]);
    statement.alloc();
    statement.prepare(std::string(sql));
    statement.define_and_bind();
    soci::row row;
    statement.exchange_for_rowset(soci::into(row));
    statement.execute(false);
    while (statement.fetch()) {
      std::vector<Value> values;
      values.reserve(row.size());
      for (size_t i = 0; i < row.size(); ++i) values.push_back(ColumnOf(row, i));
      rows.emplace_back(std::move(values));
    }
  }));
  return rows;
}

absl::Status Session::BulkInsert(const BulkTable& table,
                                 const std::vector<std::vector<Value>>& rows) {
  if (rows.empty()) return absl::OkStatus();
  return engine_ == Engine::kPostgres ? BulkInsertPostgres(table, rows)
                                      : BulkInsertSqlite(table, rows);
}

absl::Status Session::BulkInsertSqlite(const BulkTable& table,
                                       const std::vector<std::vector<Value>>& rows) {
  const std::string sql =
      absl::StrCat(InsertInto(table), "VALUES (",
                   absl::StrJoin(table.columns, ", ",
                                 [](std::string* out, const BulkTable::Column& column) {
                                   absl::StrAppend(out, ":", column.name);
                                 }),
                   ") ", table.suffix);
  return Guarded(sql, [&] {
    // One statement for all rows: it is bound to these variables, which each row fills anew.
    const size_t width = table.columns.size();
    std::vector<Bound> bound(width);
    soci::statement statement(*connection_);
    for (size_t i = 0; i < width; ++i) {
      switch (table.columns[i].type) {
        case ColumnType::kBigint:
          statement.exchange(soci::use(bound[i].integer, bound[i].indicator));
          break;
        case ColumnType::kDouble:
          statement.exchange(soci::use(bound[i].real, bound[i].indicator));
          break;
        case ColumnType::kText:
          statement.exchange(soci::use(bound[i].text, bound[i].indicator));
          break;
      }
    }
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    for (const auto& row : rows) {
      for (size_t i = 0; i < width; ++i) {
        const Row value({row.at(i)});
        bound[i].indicator = value.IsNull(0) ? soci::i_null : soci::i_ok;
        if (table.columns[i].type == ColumnType::kBigint) bound[i].integer = value.Int(0);
        if (table.columns[i].type == ColumnType::kDouble) bound[i].real = value.Double(0);
        if (table.columns[i].type == ColumnType::kText) bound[i].text = value.Text(0);
      }
      statement.execute(true);
    }
  });
}

absl::Status Session::BulkInsertPostgres(const BulkTable& table,
                                         const std::vector<std::vector<Value>>& rows) {
  const size_t width = table.columns.size();
  std::vector<std::string> casts;
  for (const auto& column : table.columns) {
    casts.push_back(
        absl::StrCat("CAST(:", column.name, " AS ", PostgresArrayType(column.type), ")"));
  }
  const std::string sql = absl::StrCat(InsertInto(table), "SELECT * FROM unnest(",
                                       absl::StrJoin(casts, ", "), ") ", table.suffix);
  for (size_t begin = 0; begin < rows.size(); begin += kBulkChunk) {
    const size_t end = std::min(rows.size(), begin + kBulkChunk);
    std::vector<std::string> arrays(width, "{");
    for (size_t r = begin; r < end; ++r) {
      for (size_t i = 0; i < width; ++i) AppendArrayElement(arrays[i], rows[r].at(i));
    }
    for (auto& array : arrays) array += '}';
    KLYNGE_RETURN_IF_ERROR(Execute(sql, {arrays.begin(), arrays.end()}));
  }
  return absl::OkStatus();
}

}  // namespace klynge::sql
