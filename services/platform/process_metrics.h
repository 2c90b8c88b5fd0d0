// What every process tells Prometheus of its own parts. What the functions are given must live
// until metrics.ForgetAsked().
#pragma once

#include "services/platform/operations/process_state.h"
#include "services/platform/rpc/executor.h"
#include "services/platform/sql/database.h"
#include "services/platform/telemetry/metrics.h"

namespace klynge {

// klynge_build_info, klynge_process_…, klynge_log_…, klynge_dependency_…, klynge_revision_known.
// Call it once all dependencies were added.
void AddStateMetrics(const operations::ProcessState& state, telemetry::Metrics& metrics);

// klynge_executor_…
void AddExecutorMetrics(const rpc::Executor& executor, int threads, telemetry::Metrics& metrics);

// klynge_database_…
void AddDatabaseMetrics(const sql::Database& database, telemetry::Metrics& metrics);

}  // namespace klynge
