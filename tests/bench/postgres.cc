#include "tests/bench/postgres.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <thread>

namespace klynge::bench {
namespace {

using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;

void Check(PGconn* connection, const Result& result) {
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    Fail(absl::StrCat("PostgreSQL: ", PQerrorMessage(connection)));
  }
}

// Inserts until the time has come; how long each commit took, in milliseconds. Empty when one
// failed.
std::vector<double> Insert(PGconn* connection, size_t worker, absl::Time until) {
  std::vector<double> latencies;
  const std::string id = absl::StrCat("worker ", worker);
  for (absl::Time now = absl::Now(); now < until;) {
    const char* values[] = {id.c_str(), "as long as the note of a check-in"};
    const Result result(PQexecPrepared(connection, "insert", 2, values, nullptr, nullptr, 0),
                        PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return {};
    const absl::Time done = absl::Now();
    latencies.push_back(absl::ToDoubleMilliseconds(done - now));
    now = done;
  }
  return latencies;
}

}  // namespace

PostgresConnection::PostgresConnection(const std::string& url)
    : connection_(PQconnectdb(url.c_str()), PQfinish) {
  if (PQstatus(handle()) != CONNECTION_OK) {
    Fail(absl::StrCat("PostgreSQL: ", PQerrorMessage(handle())));
  }
}

void PostgresConnection::Execute(const std::string& sql) { Column(sql); }

void PostgresConnection::Execute(const std::string& sql, const std::vector<const char*>& values) {
  Check(handle(), Result(PQexecParams(handle(), sql.c_str(), static_cast<int>(values.size()),
                                      nullptr, values.data(), nullptr, nullptr, 0),
                         PQclear));
}

std::vector<std::string> PostgresConnection::Column(const std::string& sql) {
  const Result result(PQexec(handle(), sql.c_str()), PQclear);
  Check(handle(), result);
  std::vector<std::string> values;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    values.emplace_back(PQgetvalue(result.get(), row, 0));
  }
  return values;
}

int64_t PostgresConnection::Number(const std::string& sql) {
  const auto values = Column(sql);
  int64_t number = 0;
  if (values.size() != 1 || !absl::SimpleAtoi(values[0], &number)) Fail(sql + ": no number");
  return number;
}

void MakePlainTable(const std::string& url) {
  PostgresConnection(url).Execute(
      "CREATE TABLE plain (id BIGSERIAL PRIMARY KEY, worker TEXT, note TEXT)");
}

Run RunCommits(const std::string& url, int connections, absl::Duration duration) {
  std::vector<PostgresConnection> open;
  for (int i = 0; i < connections; ++i) {
    PGconn* connection = open.emplace_back(url).handle();
    Check(connection,
          Result(PQprepare(connection, "insert", "INSERT INTO plain (worker, note) VALUES ($1, $2)",
                           2, nullptr),
                 PQclear));
  }
  std::vector<std::vector<double>> measured(open.size());
  std::vector<std::thread> workers;
  const absl::Time until = absl::Now() + duration;
  for (size_t i = 0; i < open.size(); ++i) {
    workers.emplace_back([&, i] { measured[i] = Insert(open[i].handle(), i, until); });
  }
  for (auto& worker : workers) worker.join();
  std::vector<double> latencies;
  for (const auto& each : measured) {
    if (each.empty()) Fail("PostgreSQL: a plain INSERT failed");
    latencies.insert(latencies.end(), each.begin(), each.end());
  }
  return MakeRun(latencies, duration, static_cast<int64_t>(latencies.size()));
}

}  // namespace klynge::bench
