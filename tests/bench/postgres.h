// PostgreSQL asked directly: as the ceiling of durable writes, and to see what was written.
#pragma once

#include <absl/time/time.h>
#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/figures.h"

namespace klynge::bench {

class PostgresConnection {
 public:
  // Fails when there is no answer.
  explicit PostgresConnection(const std::string& url);

  // Fails with PostgreSQL's own words.
  void Execute(const std::string& sql);
  void Execute(const std::string& sql, const std::vector<const char*>& values);
  // The first column of all rows; nothing is NULL.
  std::vector<std::string> Column(const std::string& sql);
  // The first column of the only row.
  int64_t Number(const std::string& sql);

  PGconn* handle() { return connection_.get(); }

 private:
  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

// Makes the table that RunCommits writes to.
void MakePlainTable(const std::string& url);
// What PostgreSQL commits by itself: `connections` threads, each with a connection and a prepared
// INSERT of one small row, committed and waited for before the next.
Run RunCommits(const std::string& url, int connections, absl::Duration duration);

}  // namespace klynge::bench
