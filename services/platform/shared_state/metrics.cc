#include "services/platform/shared_state/metrics.h"

namespace klynge::shared_state {

void AddMetrics(const SharedState& shared_state, telemetry::Metrics& metrics) {
  metrics.AddGauge("klynge_redis_connected", "1 while Redis answers",
                   [&shared_state] { return shared_state.connected() ? 1 : 0; });
  metrics.AddGauge("klynge_redis_breaker_state", "0 closed, 1 half-open, 2 open",
                   [&shared_state] { return static_cast<double>(shared_state.breaker()); });
  metrics.AddAskedCounter("klynge_redis_commands_total", "Commands sent to Redis", [&shared_state] {
    return static_cast<double>(shared_state.counters().commands);
  });
  const auto failure = [&](const char* kind, int64_t Counters::*count) {
    metrics.AddAskedCounter(
        "klynge_redis_failures_total",
        "Commands that Redis refused, round trips that were not answered in time or lost, and "
        "things that could not be published",
        [&shared_state, count] { return static_cast<double>(shared_state.counters().*count); },
        {{"kind", kind}});
  };
  failure("refused", &Counters::refused);
  failure("timeout", &Counters::timeouts);
  failure("lost", &Counters::losses);
  failure("dropped", &Counters::dropped);
}

void AddMetrics(const AnswerCache& cache, const std::string& rpc, telemetry::Metrics& metrics) {
  const auto result = [&](const char* name, int64_t AnswerCache::Counts::*count) {
    metrics.AddAskedCounter(
        "klynge_answer_cache_total",
        "Questions by where the answer came from: this process (hit), Redis (shared), another "
        "caller's computation (waited), or computed",
        [&cache, count] { return static_cast<double>(cache.counts().*count); },
        {{"rpc", rpc}, {"result", name}});
  };
  result("hit", &AnswerCache::Counts::hits);
  result("shared", &AnswerCache::Counts::shared_hits);
  result("waited", &AnswerCache::Counts::waited);
  result("computed", &AnswerCache::Counts::computed);
  metrics.AddGauge("klynge_answer_cache_bytes", "Bytes of answers held in this process",
                   [&cache] { return static_cast<double>(cache.bytes()); }, {{"rpc", rpc}});
}

}  // namespace klynge::shared_state
