// What a process tells Prometheus, on a port of its own.
#pragma once

#include <absl/status/status.h>
#include <absl/time/time.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/platform/mutex.h"

namespace klynge::telemetry {

// Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // Serves /metrics on "host:port". kUnavailable when the port is taken.
  absl::Status Expose(const std::string& address);

  // One finished RPC.
  void CountRpc(const std::string& method, const std::string& code, absl::Duration took);
  prometheus::Gauge& in_flight() { return in_flight_; }

  // A value asked for at each scrape: "klynge_redis_connected".
  void AddGauge(const std::string& name, const std::string& help, std::function<double()> value);

 private:
  class Asked;

  std::shared_ptr<prometheus::Registry> registry_;
  std::shared_ptr<Asked> asked_;
  prometheus::Family<prometheus::Counter>& rpcs_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Gauge& in_flight_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace klynge::telemetry
