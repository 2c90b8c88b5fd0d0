// What an error of the database means to a caller. The tables stand in sql/README.md.
#pragma once

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

namespace klynge::sql {

// From PostgreSQL's five characters; "" = the connection broke before there was an answer.
// https://www.postgresql.org/docs/15/errcodes-appendix.html
absl::Status FromSqlState(absl::string_view state);

// True when after this error the connection is of no more use: it is broken, or its server has
// become a standby, and a new connection may find the one that writes.
bool EndsConnection(absl::string_view state);

// From SQLite's extended result code. https://www.sqlite.org/rescode.html
absl::Status FromSqliteCode(int code);

// The database cannot be reached: kUnavailable, reason DATABASE_UNAVAILABLE, with the time after
// which to try again. `why` may be told to anybody: no addresses.
absl::Status DatabaseUnreachable(absl::string_view why,
                                 absl::Duration retry_after = absl::Seconds(1));

// A statement prepared before the schema changed, which is prepared anew next time: kUnavailable,
// reason SCHEMA_CHANGED.
absl::Status SchemaChanged();

// The database did not answer in time: kDeadlineExceeded, reason STATEMENT_TIMEOUT.
absl::Status DatabaseTimeout();

}  // namespace klynge::sql
