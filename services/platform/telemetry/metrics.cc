#include "services/platform/telemetry/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <sstream>

namespace klynge::telemetry {
namespace {

using prometheus::ClientMetric;

std::vector<ClientMetric::Label> ToLabels(const Labels& labels) {
  std::vector<ClientMetric::Label> out;
  for (const auto& [name, value] : labels) out.push_back({name, value});
  return out;
}

ClientMetric::Histogram ToHistogram(const Histogram& histogram) {
  ClientMetric::Histogram out;
  uint64_t so_far = 0;
  for (size_t i = 0; i <= histogram.bounds().size(); ++i) {
    so_far += static_cast<uint64_t>(histogram.count(i));
    out.bucket.push_back({so_far, i < histogram.bounds().size()
                                      ? histogram.bounds()[i]
                                      : std::numeric_limits<double>::infinity()});
  }
  out.sample_count = so_far;
  out.sample_sum = histogram.sum();
  return out;
}

}  // namespace

struct Metrics::Family {
  // One series of a family: exactly one of these tells its value.
  struct Series {
    Labels labels;
    std::unique_ptr<Counter> counter = nullptr;
    std::unique_ptr<Histogram> histogram = nullptr;
    std::function<double()> asked_gauge = nullptr;
    std::function<double()> asked_counter = nullptr;
    const Histogram* asked_histogram = nullptr;

    ClientMetric Collect() const {
      ClientMetric metric;
      metric.label = ToLabels(labels);
      if (counter) metric.counter.value = static_cast<double>(counter->value());
      if (asked_counter) metric.counter.value = asked_counter();
      if (asked_gauge) metric.gauge.value = asked_gauge();
      if (histogram) metric.histogram = ToHistogram(*histogram);
      if (asked_histogram) metric.histogram = ToHistogram(*asked_histogram);
      return metric;
    }
  };

  std::string name;
  std::string help;
  prometheus::MetricType type = prometheus::MetricType::Gauge;
  std::deque<Series> series = {};
  // Tells further series, all counters.
  std::function<std::vector<std::pair<Labels, double>>()> asked_counters = nullptr;

  Series* Find(const Labels& labels) {
    for (Series& one : series) {
      if (one.labels == labels) return &one;
    }
    return nullptr;
  }
};

Histogram::Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)) {}

void Histogram::Observe(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::vector<double> DurationBounds() {
  return {0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05,
          0.1,    0.25,   0.5,    1,     2.5,   5,     10,   30};
}

std::vector<double> CountBounds() { return {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}; }

Metrics::Metrics() = default;

Metrics::~Metrics() = default;

RpcMetrics::RpcMetrics(Metrics& metrics, absl::string_view method)
    : series_(&metrics.SeriesOf(method)) {}

RpcMetrics::Series& Metrics::SeriesOf(absl::string_view method) {
  MutexLock lock(&mutex_);
  for (auto& series : methods_) {
    if (series.method == method) return series;
  }
  methods_.emplace_back().method = std::string(method);
  return methods_.back();
}

Metrics::Family& Metrics::FamilyNamed(const std::string& name, const std::string& help) {
  for (auto& family : families_) {
    if (family->name == name) return *family;
  }
  families_.push_back(std::make_unique<Family>(Family{name, help}));
  return *families_.back();
}

Counter& Metrics::AddCounter(const std::string& name, const std::string& help, Labels labels) {
  MutexLock lock(&mutex_);
  Family& family = FamilyNamed(name, help);
  family.type = prometheus::MetricType::Counter;
  if (Family::Series* known = family.Find(labels)) return *known->counter;
  family.series.push_back({.labels = std::move(labels), .counter = std::make_unique<Counter>()});
  return *family.series.back().counter;
}

Histogram& Metrics::AddHistogram(const std::string& name, const std::string& help,
                                 std::vector<double> bounds, Labels labels) {
  MutexLock lock(&mutex_);
  Family& family = FamilyNamed(name, help);
  family.type = prometheus::MetricType::Histogram;
  if (Family::Series* known = family.Find(labels)) return *known->histogram;
  family.series.push_back(
      {.labels = std::move(labels), .histogram = std::make_unique<Histogram>(std::move(bounds))});
  return *family.series.back().histogram;
}

void Metrics::AddGauge(const std::string& name, const std::string& help,
                       std::function<double()> value, Labels labels) {
  MutexLock lock(&mutex_);
  Family& family = FamilyNamed(name, help);
  family.series.push_back({.labels = std::move(labels), .asked_gauge = std::move(value)});
}

void Metrics::AddAskedCounter(const std::string& name, const std::string& help,
                              std::function<double()> value, Labels labels) {
  MutexLock lock(&mutex_);
  Family& family = FamilyNamed(name, help);
  family.type = prometheus::MetricType::Counter;
  family.series.push_back({.labels = std::move(labels), .asked_counter = std::move(value)});
}

void Metrics::AddAskedCounters(const std::string& name, const std::string& help,
                               std::function<std::vector<std::pair<Labels, double>>()> values) {
  MutexLock lock(&mutex_);
  Family& family = FamilyNamed(name, help);
  family.type = prometheus::MetricType::Counter;
  family.asked_counters = std::move(values);
}

void Metrics::AddAskedHistogram(const std::string& name, const std::string& help,
                                const Histogram& histogram) {
  MutexLock lock(&mutex_);
  Family& family = FamilyNamed(name, help);
  family.type = prometheus::MetricType::Histogram;
  family.series.push_back({.labels = {}, .asked_histogram = &histogram});
}

void Metrics::ForgetAsked() {
  MutexLock lock(&mutex_);
  for (auto& family : families_) {
    family->asked_counters = nullptr;
    std::erase_if(family->series, [](const Family::Series& one) {
      return one.asked_gauge || one.asked_counter || one.asked_histogram;
    });
  }
}

std::string Metrics::Text() const {
  using prometheus::MetricType;
  std::vector<prometheus::MetricFamily> families(3);
  families[0] = {"klynge_rpcs_total", "RPCs that have ended", MetricType::Counter, {}};
  families[1] = {"klynge_rpc_duration_seconds",
                 "Time from the acceptance of an RPC to its end",
                 MetricType::Histogram,
                 {}};
  families[2] = {"klynge_rpcs_in_flight", "RPCs that have not ended", MetricType::Gauge, {}};
  families[2].metric.emplace_back().gauge.value = static_cast<double>(in_flight_.value());
  MutexLock lock(&mutex_);
  for (const auto& method : methods_) {
    for (size_t code = 0; code < method.codes.size(); ++code) {
      const int64_t count = method.codes[code].value();
      // Successes always, so that a rate is known from the start.
      if (count == 0 && code != 0) continue;
      auto& metric = families[0].metric.emplace_back();
      metric.label = {{"method", method.method},
                      {"code", CodeName(static_cast<absl::StatusCode>(code))}};
      metric.counter.value = static_cast<double>(count);
    }
    auto& metric = families[1].metric.emplace_back();
    metric.label = {{"method", method.method}};
    metric.histogram = ToHistogram(method.seconds);
  }
  for (const auto& family : families_) {
    auto& out = families.emplace_back();
    out = {family->name, family->help, family->type, {}};
    for (const Family::Series& one : family->series) out.metric.push_back(one.Collect());
    if (!family->asked_counters) continue;
    for (const auto& [labels, value] : family->asked_counters()) {
      auto& metric = out.metric.emplace_back();
      metric.label = ToLabels(labels);
      metric.counter.value = value;
    }
  }
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return text.str();
}

const char* CodeName(absl::StatusCode code) {
  static const char* const kNames[] = {"OK",
                                       "CANCELLED",
                                       "UNKNOWN",
                                       "INVALID_ARGUMENT",
                                       "DEADLINE_EXCEEDED",
                                       "NOT_FOUND",
                                       "ALREADY_EXISTS",
                                       "PERMISSION_DENIED",
                                       "RESOURCE_EXHAUSTED",
                                       "FAILED_PRECONDITION",
                                       "ABORTED",
                                       "OUT_OF_RANGE",
                                       "UNIMPLEMENTED",
                                       "INTERNAL",
                                       "UNAVAILABLE",
                                       "DATA_LOSS",
                                       "UNAUTHENTICATED"};
  const auto index = static_cast<size_t>(code);
  return index < std::size(kNames) ? kNames[index] : "UNKNOWN";
}

}  // namespace klynge::telemetry
