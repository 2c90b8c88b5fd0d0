#include "services/platform/telemetry/metrics.h"

#include <absl/strings/str_cat.h>

namespace klynge::telemetry {

// Gauges whose value is asked for when Prometheus scrapes.
class Metrics::Asked final : public prometheus::Collectable {
 public:
  void Add(std::string name, std::string help, std::function<double()> value) {
    MutexLock lock(&mutex_);
    gauges_.push_back({std::move(name), std::move(help), std::move(value)});
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    MutexLock lock(&mutex_);
    std::vector<prometheus::MetricFamily> families;
    for (const auto& [name, help, value] : gauges_) {
      prometheus::MetricFamily family{name, help, prometheus::MetricType::Gauge, {}};
      family.metric.emplace_back();
      family.metric.back().gauge.value = value();
      families.push_back(std::move(family));
    }
    return families;
  }

 private:
  struct Gauge {
    std::string name;
    std::string help;
    std::function<double()> value;
  };
  mutable Mutex mutex_;
  std::vector<Gauge> gauges_ ABSL_GUARDED_BY(mutex_);
};

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      asked_(std::make_shared<Asked>()),
      rpcs_(prometheus::BuildCounter()
                .Name("klynge_rpcs_total")
                .Help("Finished RPCs by method and status code")
                .Register(*registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("klynge_rpc_seconds")
                   .Help("Time from start to finish of an RPC")
                   .Register(*registry_)),
      in_flight_(prometheus::BuildGauge()
                     .Name("klynge_rpcs_in_flight")
                     .Help("RPCs started and not finished")
                     .Register(*registry_)
                     .Add({})) {}

Metrics::~Metrics() = default;

absl::Status Metrics::Expose(const std::string& address) {
  try {
    exposer_ = std::make_unique<prometheus::Exposer>(address, 1);
    exposer_->RegisterCollectable(registry_);
    exposer_->RegisterCollectable(asked_);
  } catch (const std::exception& error) {
    return absl::UnavailableError(
        absl::StrCat("--metrics_listen=", address, ": cannot listen there: ", error.what()));
  }
  return absl::OkStatus();
}

void Metrics::CountRpc(const std::string& method, const std::string& code, absl::Duration took) {
  static const prometheus::Histogram::BucketBoundaries kBounds = {
      0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  rpcs_.Add({{"method", method}, {"code", code}}).Increment();
  seconds_.Add({{"method", method}}, kBounds).Observe(absl::ToDoubleSeconds(took));
}

void Metrics::AddGauge(const std::string& name, const std::string& help,
                       std::function<double()> value) {
  asked_->Add(name, help, std::move(value));
}

}  // namespace klynge::telemetry
