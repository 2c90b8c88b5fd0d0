// What a process tells Prometheus. Counting is lock-free and allocates nothing; whatever can be
// asked for is asked when Prometheus scrapes. deploy/monitoring/README.md lists every metric.
#pragma once

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/platform/mutex.h"

namespace klynge::telemetry {

// {{"outcome", "created"}}. The values of a label are few and known beforehand, and never personal.
using Labels = std::vector<std::pair<std::string, std::string>>;

// Thread-safe.
class Counter {
 public:
  void Increment(int64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_ = 0;
};

// Thread-safe.
class Gauge {
 public:
  void Increment() { value_.fetch_add(1, std::memory_order_relaxed); }
  void Decrement() { value_.fetch_sub(1, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_ = 0;
};

// How often a value was at most each bound, and what all of them add up to. Thread-safe.
class Histogram {
 public:
  static constexpr size_t kMostBounds = 20;

  // `bounds` rise; at most kMostBounds.
  explicit Histogram(std::vector<double> bounds);
  void Observe(double value);
  // In seconds.
  void Observe(absl::Duration value) { Observe(absl::ToDoubleSeconds(value)); }

  const std::vector<double>& bounds() const { return bounds_; }
  // Values in bucket `i`, between the bound before it and its own; the last bucket has no bound.
  int64_t count(size_t i) const { return counts_[i].load(std::memory_order_relaxed); }
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  const std::vector<double> bounds_;
  std::array<std::atomic<int64_t>, kMostBounds + 1> counts_ = {};
  std::atomic<double> sum_ = 0;
};

// Of durations from 100 µs to 30 s, in seconds.
std::vector<double> DurationBounds();
// Of counts from 1 to 1000.
std::vector<double> CountBounds();

class Metrics;

// The figures of one RPC. A handle: copy it and keep it. Thread-safe.
class RpcMetrics {
 public:
  // `method` is a full name, "/klynge.goals.v1.GoalsService/CheckIn". The same name gets the same
  // figures. `metrics` must outlive this.
  RpcMetrics(Metrics& metrics, absl::string_view method);

  // One call that has ended.
  void Count(absl::StatusCode code, absl::Duration took) {
    series_->codes[static_cast<size_t>(code) < kCodes ? static_cast<size_t>(code) : kUnknown]
        .Increment();
    series_->seconds.Observe(took);
  }

 private:
  friend class Metrics;
  static constexpr size_t kCodes = 17;
  static constexpr size_t kUnknown = static_cast<size_t>(absl::StatusCode::kUnknown);
  struct Series {
    std::string method;
    std::array<Counter, kCodes> codes;
    Histogram seconds{DurationBounds()};
  };

  Series* series_;
};

// Thread-safe. What it gives out lives as long as it does.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // RPCs started and not ended.
  Gauge& in_flight() { return in_flight_; }

  // Names are as Prometheus has them: "klynge_…_total" for what only grows, and units at the end.
  // One name may be added several times with different labels; `help` is that of the first.
  Counter& AddCounter(const std::string& name, const std::string& help, Labels labels = {});
  Histogram& AddHistogram(const std::string& name, const std::string& help,
                          std::vector<double> bounds, Labels labels = {});
  // Values that are asked for at each scrape; `value` must be quick, must not call this object, and
  // may be called until ForgetAsked.
  void AddGauge(const std::string& name, const std::string& help, std::function<double()> value,
                Labels labels = {});
  void AddAskedCounter(const std::string& name, const std::string& help,
                       std::function<double()> value, Labels labels = {});
  // The same for a counter whose labels' values come to be known by and by.
  void AddAskedCounters(const std::string& name, const std::string& help,
                        std::function<std::vector<std::pair<Labels, double>>()> values);
  // A histogram that another object keeps.
  void AddAskedHistogram(const std::string& name, const std::string& help,
                         const Histogram& histogram);
  // No `value` given before is called once this returns; what they told is no longer told.
  void ForgetAsked();

  // All of it in Prometheus's text format.
  std::string Text() const;

 private:
  friend class RpcMetrics;
  struct Family;

  RpcMetrics::Series& SeriesOf(absl::string_view method);
  Family& FamilyNamed(const std::string& name, const std::string& help)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Gauge in_flight_;
  mutable Mutex mutex_;
  std::vector<std::unique_ptr<Family>> families_ ABSL_GUARDED_BY(mutex_);
  std::deque<RpcMetrics::Series> methods_ ABSL_GUARDED_BY(mutex_);
};

// "NOT_FOUND".
const char* CodeName(absl::StatusCode code);

}  // namespace klynge::telemetry
