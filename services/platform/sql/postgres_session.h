// A session on PostgreSQL, over libpq without blocking: every wait is a poll() with a deadline, so
// that a server that is paused or out of reach holds nobody up.
#pragma once

#include <memory>
#include <string>

#include "services/platform/sql/postgres_values.h"
#include "services/platform/sql/session.h"
#include "services/platform/sql/statement_cache.h"

struct pg_conn;

namespace klynge::sql {

// Connects to "postgresql://user@host/database?…". Errors: kUnavailable (refused, or not answered
// within 3 s, with what libpq says); kDeadlineExceeded. Looking a host name up is the system's and
// not bound by the deadline.
absl::StatusOr<std::unique_ptr<Session>> OpenPostgresSession(const std::string& url,
                                                             absl::Time deadline);

class PostgresSession final : public Session {
 public:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  using Connection = std::unique_ptr<pg_conn, Close>;

  // Takes over an open connection in non-blocking mode. `deadline` (of SteadyNow) holds until a
  // transaction begins.
  PostgresSession(Connection connection, absl::Time deadline);
  ~PostgresSession() override;

  absl::Status Begin(Access access, absl::Time deadline) override;
  absl::Status Commit() override;
  void Rollback() override;
  absl::Status Execute(absl::string_view sql, const std::vector<Value>& params = {}) override;
  absl::StatusOr<std::vector<Row>> Query(absl::string_view sql,
                                         const std::vector<Value>& params = {}) override;
  absl::Status BulkInsert(const BulkTable& table,
                          const std::vector<std::vector<Value>>& rows) override;
  void StartSendingAhead() override { sending_ahead_ = true; }

 private:
  friend absl::StatusOr<std::unique_ptr<Session>> OpenPostgresSession(const std::string& url,
                                                                      absl::Time deadline);
  struct Clear {
    void operator()(pg_result* result) const;
  };
  using Result = std::unique_ptr<pg_result, Clear>;

  // A statement whose answer is to come.
  struct Sent {
    std::string sql;
    bool kept;  // it was prepared by an earlier call
  };

  struct Prepared {
    std::string name;
    bool kept;  // as in Sent
  };

  // Each sends one message and waits for its answer: one round trip.
  absl::StatusOr<Result> Run(absl::string_view sql, const std::vector<Value>& params);
  absl::StatusOr<Result> RunPrepared(const std::string& sql, const Parameters& given);
  absl::StatusOr<Result> RunText(const std::string& sql);
  // No message for what is prepared already.
  absl::StatusOr<Prepared> Prepare(const std::string& sql);
  // The answer is heard by HearAll.
  absl::Status SendAhead(const std::string& sql, const Parameters& given);
  absl::StatusOr<Result> CommitAhead();
  int Send(const Prepared& statement, const Parameters& given);
  // Waits for the answer to what was sent (`sent`: whether libpq took it).
  absl::StatusOr<Result> Answer(int sent, const Sent& statement);
  // Waits for the answers to all that was sent ahead. Returns the last, or the first error.
  absl::StatusOr<Result> HearAll();
  absl::StatusOr<Result> Heard(const Sent& sent);
  absl::StatusOr<Result> NextResult();
  absl::Status SendOut();
  absl::Status InTime() const;
  absl::Status Await(short events);
  absl::Status ErrorOf(const pg_result* result, const Sent& sent);
  absl::Status ConnectionLost();

  const Connection connection_;
  absl::Time deadline_;  // of SteadyNow: nobody can set it back
  // The names they are prepared under.
  StatementCache<std::string> statements_;
  int64_t prepared_ = 0;
  bool sending_ahead_ = false;
  std::vector<Sent> ahead_;  // what was sent and not heard of; libpq is in pipeline mode if any
};

// ":name" → "$1" and so on, outside quotes; "::" stays. Exposed for its test.
std::string NumberPlaceholders(absl::string_view sql);

}  // namespace klynge::sql
