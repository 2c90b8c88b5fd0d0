// What Redis and the answer caches tell Prometheus.
#pragma once

#include <string>

#include "services/platform/shared_state/answer_cache.h"
#include "services/platform/shared_state/shared_state.h"
#include "services/platform/telemetry/metrics.h"

namespace klynge::shared_state {

// klynge_redis_…; `shared_state` must live until metrics.ForgetAsked().
void AddMetrics(const SharedState& shared_state, telemetry::Metrics& metrics);

// klynge_answer_cache_…, for the answers of one RPC; `cache` must live until metrics.ForgetAsked().
void AddMetrics(const AnswerCache& cache, const std::string& rpc, telemetry::Metrics& metrics);

}  // namespace klynge::shared_state
