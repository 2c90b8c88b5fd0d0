#include "services/platform/process_metrics.h"

#include "services/platform/telemetry/build_info.h"
#include "services/platform/telemetry/log.h"

namespace klynge {
namespace {

// One value of a struct of figures that is asked for as a whole.
template <class Owner, class Stats, class Value>
std::function<double()> Figure(const Owner& owner, Stats (Owner::*stats)() const,
                               Value Stats::*value) {
  return [&owner, stats, value] { return static_cast<double>((owner.*stats)().*value); };
}

}  // namespace

void AddStateMetrics(const operations::ProcessState& state, telemetry::Metrics& metrics) {
  metrics.AddGauge("klynge_build_info", "Always 1; the labels say which build runs",
                   [] { return 1; },
                   {{"version", telemetry::kVersion}, {"commit", telemetry::kCommit}});
  metrics.AddGauge("klynge_process_start_time_seconds", "When the process started, Unix time",
                   [&state] { return absl::ToDoubleSeconds(state.started() - absl::UnixEpoch()); });
  metrics.AddGauge("klynge_process_draining", "1 once the process was told to stop",
                   [&state] { return state.draining() ? 1 : 0; });
  metrics.AddGauge("klynge_revision_known",
                   "Newest committed revision of the service that this process has heard of",
                   [&state] { return static_cast<double>(state.known_revision()); });
  metrics.AddAskedCounter("klynge_log_lines_dropped_total",
                          "Log lines not written because nobody read standard error",
                          [] { return static_cast<double>(telemetry::DroppedLogLines()); });
  const auto dependencies = state.dependencies();
  for (size_t place = 0; place < dependencies.size(); ++place) {
    metrics.AddGauge("klynge_dependency_available",
                     "1 while the database, Redis or another service answers",
                     [&state, place] { return state.dependencies()[place].available ? 1 : 0; },
                     {{"dependency", dependencies[place].name}});
  }
}

void AddExecutorMetrics(const rpc::Executor& executor, int threads, telemetry::Metrics& metrics) {
  using Stats = rpc::Executor::Stats;
  const auto figure = [&](auto value) { return Figure(executor, &rpc::Executor::stats, value); };
  metrics.AddGauge("klynge_executor_threads", "Threads for work that may block",
                   [threads] { return threads; });
  metrics.AddGauge("klynge_executor_busy_threads", "Of these, threads that work",
                   figure(&Stats::busy));
  metrics.AddGauge("klynge_executor_queue_length", "Calls that wait for a thread",
                   figure(&Stats::queued));
  metrics.AddGauge("klynge_executor_queue_limit", "Calls that may wait",
                   [&executor] { return static_cast<double>(executor.max_queued()); });
  metrics.AddAskedCounter("klynge_executor_started_total", "Calls that got a thread",
                          figure(&Stats::started));
  metrics.AddAskedCounter("klynge_executor_refused_total",
                          "Calls that were refused: the queue was full or too long for their "
                          "deadline",
                          figure(&Stats::refused));
}

void AddDatabaseMetrics(const sql::Database& database, telemetry::Metrics& metrics) {
  using Pool = sql::PoolStats;
  using Writer = sql::WriterStats;
  const auto pool = [&](auto value) { return Figure(database, &sql::Database::pool_stats, value); };
  const auto writer = [&](auto value) {
    return Figure(database.writer(), &sql::Writer::stats, value);
  };
  metrics.AddGauge("klynge_database_sessions_limit", "Sessions for reading at most",
                   pool(&Pool::size));
  metrics.AddGauge("klynge_database_sessions_in_use", "Sessions in a transaction",
                   pool(&Pool::leased));
  metrics.AddGauge("klynge_database_sessions_idle", "Sessions connected and free",
                   pool(&Pool::idle));
  metrics.AddGauge("klynge_database_sessions_waiting", "Reads that wait for a session",
                   pool(&Pool::waiting));
  metrics.AddAskedCounter("klynge_database_leases_total", "Sessions given to reads",
                          pool(&Pool::leases));
  metrics.AddAskedCounter("klynge_database_lease_wait_seconds_total",
                          "Time all reads together have waited for a session",
                          pool(&Pool::seconds_waited));
  metrics.AddAskedCounter("klynge_database_lease_timeouts_total",
                          "Reads that got no session before their deadline",
                          pool(&Pool::gave_up_waiting));
  metrics.AddAskedCounter("klynge_database_connects_total", "Connections made",
                          pool(&Pool::connects));
  metrics.AddAskedCounter("klynge_database_connect_failures_total",
                          "Connections that could not be made", pool(&Pool::failed_connects));
  const auto replica = [&](auto value) {
    return Figure(database, &sql::Database::replica_stats, value);
  };
  const auto read = [&](const char* outcome, auto value) {
    metrics.AddAskedCounter("klynge_database_replica_reads_total",
                            "Reads that may be answered by the replica: it was (served), was too "
                            "old (behind) or away (failed)",
                            replica(value), {{"outcome", outcome}});
  };
  read("served", &sql::ReplicaStats::served);
  read("behind", &sql::ReplicaStats::behind);
  read("failed", &sql::ReplicaStats::failed);
  metrics.AddAskedCounter("klynge_database_commits_total", "Write transactions committed",
                          writer(&Writer::commits));
  metrics.AddAskedCounter("klynge_database_writes_total",
                          "Writes in them; several are committed together",
                          writer(&Writer::writes));
  metrics.AddAskedCounter("klynge_database_writes_alone_total",
                          "Writes run anew by themselves after their group had failed",
                          writer(&Writer::ran_alone));
  metrics.AddAskedHistogram("klynge_database_group_size", "Writes committed together",
                            database.writer().group_sizes());
  metrics.AddAskedCounters("klynge_changes_total",
                           "Things changed, as the audit log has them, by kind and action",
                           [&database] {
                             std::vector<std::pair<telemetry::Labels, double>> values;
                             for (const auto& [what, count] : database.writer().changes()) {
                               values.push_back({{{"entity", what.first}, {"action", what.second}},
                                                 static_cast<double>(count)});
                             }
                             return values;
                           });
  metrics.AddGauge("klynge_revision_held",
                   "Revision of what is held in memory; it follows with the next read",
                   [&database] { return static_cast<double>(database.held_revision()); });
  metrics.AddGauge("klynge_database_writes_waiting", "Writes that wait for the writer",
                   writer(&Writer::waiting));
}

}  // namespace klynge
