// What is made of measurements: rates, percentiles, the ratio of what alternates, and the table.
#pragma once

#include <absl/time/time.h>
#include <absl/types/optional.h>

#include <cstdint>
#include <string>
#include <vector>

namespace klynge::bench {

// One run of a load.
struct Run {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  // All calls that were answered, those of the warm-up and the end too.
  int64_t answered = 0;
};

// The run in which these latencies, in milliseconds, were measured for `duration`. Fails without
// any.
Run MakeRun(const std::vector<double>& latencies, absl::Duration duration, int64_t answered);

// Of at least one value. `part` 0.99: the smallest value that 99 % are not above.
double Percentile(std::vector<double> values, double part);
double Median(std::vector<double> values);

// One line of the table: a figure, what it is held against, and what it is to reach.
struct Row {
  enum class Better { kHigher, kLower };
  // What the numbers are, for how they are written: 24.1 k/s, 1.93 ms, 3.2×.
  enum class Unit { kPerSecond, kMilliseconds, kNumber };

  std::string what = "";
  Unit unit = Unit::kPerSecond;
  // One value a run. Run i of the one and run i of the other followed each other.
  std::vector<double> measured = {};
  std::vector<double> ceiling = {};  // empty: none
  Better better = Better::kHigher;
  // What the ratio of the two is to reach; the figure itself where there is no ceiling.
  absl::optional<double> bar = absl::nullopt;
  absl::optional<double> goal = absl::nullopt;
};

// One value of each of the runs.
std::vector<double> Rates(const std::vector<Run>& runs);
std::vector<double> P50s(const std::vector<Run>& runs);  // milliseconds
std::vector<double> P99s(const std::vector<Run>& runs);  // milliseconds

// measured / ceiling, run by run.
std::vector<double> Ratios(const Row& row);
// "bar missed", "bar met", "goal met", "bar met, goal missed" …; "" when nothing is to be reached.
std::string Verdict(const Row& row);
// The rows with their medians, ratios and the lowest and highest of these, under a heading.
std::string Table(const std::vector<Row>& rows);

// Ends the benchmark: what was measured would mean nothing. main says why and exits with 1.
[[noreturn]] void Fail(const std::string& why);

}  // namespace klynge::bench
