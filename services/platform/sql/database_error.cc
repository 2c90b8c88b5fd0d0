#include "services/platform/sql/database_error.h"

#include <absl/strings/str_cat.h>
#include <sqlite3.h>

#include "services/platform/rpc/status.h"

namespace klynge::sql {
namespace {

using absl::StatusCode;

constexpr absl::Duration kRetryAfter = absl::Milliseconds(300);

// What the database says of an error may quote what was to be stored, which is nobody's business
// but the sender's: neither answers nor logs repeat it. The code, with the statement's own text in
// the log, tells a developer enough.
absl::Status Unexpected(std::string code) {
  return MakeStatus(
      StatusCode::kInternal, "DATABASE_ERROR",
      absl::StrCat("the database refused a statement (", code, "); the log has its text"));
}

absl::Status Duplicate() {
  return MakeStatus(StatusCode::kAlreadyExists, "DUPLICATE", "a row with this key exists");
}

absl::Status BrokenConstraint() {
  return MakeStatus(StatusCode::kFailedPrecondition, "CONSTRAINT",
                    "the change breaks a rule that the database keeps");
}

absl::Status Full() {
  return MakeRetryableStatus(StatusCode::kResourceExhausted, "DATABASE_FULL",
                             "the database has no room left, or its disk fails; nothing was "
                             "written",
                             kRetryAfter);
}

absl::Status Busy() {
  return MakeRetryableStatus(StatusCode::kUnavailable, "DATABASE_BUSY",
                             "the database is busy; try again", kRetryAfter);
}

absl::Status ReadOnly() {
  return MakeRetryableStatus(StatusCode::kUnavailable, "DATABASE_READ_ONLY",
                             "the database can only be read just now; try again", kRetryAfter);
}

absl::Status Lost() {
  return MakeRetryableStatus(StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                             "the connection to the database was lost; try again", kRetryAfter);
}

absl::Status Corrupt() {
  return MakeStatus(StatusCode::kDataLoss, "DATABASE_CORRUPT",
                    "the database's files are damaged: restore them from a backup");
}

}  // namespace

absl::Status DatabaseUnreachable(absl::string_view why, absl::Duration retry_after) {
  return MakeRetryableStatus(StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                             absl::StrCat("the database cannot be reached: ", why), retry_after);
}

absl::Status SchemaChanged() {
  return MakeRetryableStatus(StatusCode::kUnavailable, "SCHEMA_CHANGED",
                             "the database's schema changed meanwhile; try again", kRetryAfter);
}

absl::Status DatabaseTimeout() {
  return MakeStatus(StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT",
                    "the database did not answer before the deadline");
}

bool EndsConnection(absl::string_view state) {
  const absl::string_view group = state.substr(0, 2);
  // 57014 cancels one statement; all others of 57 come as the server ends or is not up yet. 25P03
  // and 25P04 end a connection whose transaction took too long.
  return state.empty() || group == "08" || (group == "57" && state != "57014") ||
         state == "25006" || state == "25P03" || state == "25P04";
}

absl::Status FromSqlState(absl::string_view state) {
  const absl::string_view group = state.substr(0, 2);
  if (state == "23505") return Duplicate();
  if (group == "23") return BrokenConstraint();
  if (state == "40001" || state == "40P01") {
    return MakeRetryableStatus(StatusCode::kAborted, "SERIALIZATION_FAILURE",
                               "another write came between; try again", kRetryAfter);
  }
  if (state == "57014") return DatabaseTimeout();
  if (state == "25006") return ReadOnly();
  if (state == "55P03") return Busy();  // lock_timeout
  // Too many connections, until some close.
  if (state == "53300") return DatabaseUnreachable("it has no connections left", kRetryAfter);
  if (group == "53") return Full();
  if (EndsConnection(state) || group == "58") return Lost();  // 58: the server's own disk
  if (state == "XX001" || state == "XX002") return Corrupt();
  return Unexpected(absl::StrCat("SQLSTATE ", state));
}

absl::Status FromSqliteCode(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return Busy();
    case SQLITE_INTERRUPT:
      return DatabaseTimeout();
    case SQLITE_READONLY:
      return ReadOnly();
    case SQLITE_CANTOPEN:
      return DatabaseUnreachable("its file cannot be opened", kRetryAfter);
    case SQLITE_FULL:
    case SQLITE_IOERR:  // a full disk shows itself as either
    case SQLITE_NOMEM:
      return Full();
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Corrupt();
    case SQLITE_CONSTRAINT:
      return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
                     code == SQLITE_CONSTRAINT_ROWID
                 ? Duplicate()
                 : BrokenConstraint();
    default:
      return Unexpected(absl::StrCat("SQLite code ", code));
  }
}

}  // namespace klynge::sql
