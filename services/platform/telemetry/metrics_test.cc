#include "services/platform/telemetry/metrics.h"

#include <gmock/gmock.h>

#include <thread>

namespace klynge::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, CountsCallsByMethodAndCode) {
  Metrics metrics;
  RpcMetrics rpc(metrics, "/klynge.goals.v1.GoalsService/CheckIn");
  RpcMetrics same(metrics, "/klynge.goals.v1.GoalsService/CheckIn");
  rpc.Count(absl::StatusCode::kOk, absl::Milliseconds(1));
  rpc.Count(absl::StatusCode::kNotFound, absl::Milliseconds(3));
  same.Count(absl::StatusCode::kOk, absl::Seconds(60));
  const std::string text = metrics.Text();
  const std::string method = "method=\"/klynge.goals.v1.GoalsService/CheckIn\"";
  EXPECT_THAT(text, HasSubstr("klynge_rpcs_total{" + method + ",code=\"OK\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("klynge_rpcs_total{" + method + ",code=\"NOT_FOUND\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("INTERNAL")));
  EXPECT_THAT(text,
              HasSubstr("klynge_rpc_duration_seconds_bucket{" + method + ",le=\"0.001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("klynge_rpc_duration_seconds_bucket{" + method + ",le=\"30\"} 2\n"));
  EXPECT_THAT(text,
              HasSubstr("klynge_rpc_duration_seconds_bucket{" + method + ",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("klynge_rpc_duration_seconds_count{" + method + "} 3\n"));
}

TEST(Metrics, TellsOfAMethodBeforeItsFirstCall) {
  Metrics metrics;
  RpcMetrics(metrics, "/a/B");
  EXPECT_THAT(metrics.Text(), HasSubstr("klynge_rpcs_total{method=\"/a/B\",code=\"OK\"} 0\n"));
}

TEST(Metrics, CountsAnUnheardOfCodeAsUnknown) {
  Metrics metrics;
  RpcMetrics(metrics, "/a/B").Count(static_cast<absl::StatusCode>(99), absl::ZeroDuration());
  EXPECT_THAT(metrics.Text(), HasSubstr("code=\"UNKNOWN\"} 1\n"));
}

TEST(Metrics, GivesTheSameCounterForTheSameNameAndLabels) {
  Metrics metrics;
  metrics.AddCounter("klynge_rows_total", "Rows", {{"outcome", "created"}}).Increment();
  metrics.AddCounter("klynge_rows_total", "Rows", {{"outcome", "created"}}).Increment(2);
  metrics.AddCounter("klynge_rows_total", "Rows", {{"outcome", "rejected"}});
  EXPECT_THAT(metrics.Text(), HasSubstr("# HELP klynge_rows_total Rows\n"
                                        "# TYPE klynge_rows_total counter\n"
                                        "klynge_rows_total{outcome=\"created\"} 3\n"
                                        "klynge_rows_total{outcome=\"rejected\"} 0\n"));
}

TEST(Metrics, AsksForValuesWhenTheyAreRead) {
  Metrics metrics;
  double value = 1;
  metrics.AddGauge("klynge_queued", "Queued", [&] { return value; });
  EXPECT_THAT(metrics.Text(), HasSubstr("klynge_queued 1\n"));
  value = 2;
  EXPECT_THAT(metrics.Text(), HasSubstr("klynge_queued 2\n"));
}

TEST(Metrics, AsksForCountersWhoseLabelsComeByAndBy) {
  Metrics metrics;
  std::vector<std::pair<Labels, double>> values;
  metrics.AddAskedCounters("klynge_changes_total", "Changes", [&] { return values; });
  EXPECT_THAT(metrics.Text(), HasSubstr("# TYPE klynge_changes_total counter\n"));
  values.push_back({{{"entity", "goal"}, {"action", "agree"}}, 2});
  EXPECT_THAT(metrics.Text(),
              HasSubstr("klynge_changes_total{entity=\"goal\",action=\"agree\"} 2\n"));
}

TEST(Metrics, AsksForAHistogramOfAnother) {
  Metrics metrics;
  Histogram histogram({1, 2});
  metrics.AddAskedHistogram("klynge_sizes", "Sizes", histogram);
  histogram.Observe(2);
  EXPECT_THAT(metrics.Text(), HasSubstr("klynge_sizes_bucket{le=\"2\"} 1\n"));
}

TEST(Metrics, AsksNobodyAfterForgetAsked) {
  Metrics metrics;
  metrics.AddGauge("klynge_queued", "Queued", []() -> double { throw std::logic_error("asked"); });
  metrics.AddAskedCounter("klynge_seen_total", "Seen",
                          []() -> double { throw std::logic_error("asked"); });
  metrics.AddAskedCounters(
      "klynge_known_total", "Known",
      []() -> std::vector<std::pair<Labels, double>> { throw std::logic_error("asked"); });
  metrics.AddCounter("klynge_kept_total", "Kept").Increment();
  metrics.ForgetAsked();
  EXPECT_THAT(metrics.Text(), HasSubstr("klynge_kept_total 1\n"));
}

TEST(Histogram, CountsAValueOnABoundBelowIt) {
  Histogram histogram({1, 2});
  for (const double value : {1.0, 1.5, 2.0, 9.0}) histogram.Observe(value);
  EXPECT_EQ(histogram.count(0), 1);
  EXPECT_EQ(histogram.count(1), 2);
  EXPECT_EQ(histogram.count(2), 1);
  EXPECT_EQ(histogram.sum(), 13.5);
}

TEST(Histogram, LosesNothingWhenManyCount) {
  Histogram histogram(DurationBounds());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 10'000; ++j) histogram.Observe(absl::Milliseconds(1));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(histogram.count(3), 40'000);
  EXPECT_NEAR(histogram.sum(), 40, 1e-6);
}

}  // namespace
}  // namespace klynge::telemetry
