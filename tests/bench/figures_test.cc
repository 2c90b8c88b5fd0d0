#include "tests/bench/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klynge::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Figures, TakeTheMiddleOfAnOddAndBetweenTheMiddlesOfAnEvenNumber) {
  EXPECT_EQ(Median({5, 1, 3}), 3);
  EXPECT_EQ(Median({4, 1, 2, 3}), 2.5);
}

TEST(Figures, TakeTheSmallestValueThatThePartIsNotAbove) {
  std::vector<double> hundred;
  for (int i = 100; i > 0; --i) hundred.push_back(i);
  EXPECT_EQ(Percentile(hundred, 0.99), 99);
  EXPECT_EQ(Percentile(hundred, 0.5), 50);
  EXPECT_EQ(Percentile({7}, 0.99), 7);
}

TEST(Figures, CountWhatWasMeasuredAndKeepWhatWasAnswered) {
  const auto run = MakeRun({1, 2, 3, 4}, absl::Seconds(2), 10);
  EXPECT_EQ(run.per_second, 2);
  EXPECT_EQ(run.p50_ms, 2);
  EXPECT_EQ(run.p99_ms, 4);
  EXPECT_EQ(run.answered, 10);
}

TEST(Figures, FailWithoutASingleAnswer) {
  EXPECT_THROW(MakeRun({}, absl::Seconds(1), 0), std::runtime_error);
}

TEST(Row, HasTheRatioOfEachRunToTheOneBesideIt) {
  // The machine was half as fast in the second round, for both.
  const Row row{.what = "reads", .measured = {800, 400}, .ceiling = {1000, 500}};
  EXPECT_THAT(Ratios(row), ElementsAre(0.8, 0.8));
}

TEST(Row, MeetsItsBarWithTheMedianOfTheRatios) {
  Row row{.what = "reads", .measured = {9, 8, 1}, .ceiling = {10, 10, 10}, .bar = 0.8};
  EXPECT_EQ(Verdict(row), "bar met");
  row.goal = 0.9;
  EXPECT_EQ(Verdict(row), "bar met, goal missed");
  row.bar = 0.85;
  EXPECT_EQ(Verdict(row), "bar MISSED, goal missed");
}

TEST(Row, IsJudgedByTheFigureItselfWhenItHasNoCeiling) {
  const Row row{.what = "delay", .measured = {90}, .better = Row::Better::kLower, .bar = 100};
  EXPECT_EQ(Verdict(row), "bar met");
}

TEST(Table, ShowsFiguresRatiosAndTheirSpread) {
  const std::string table = Table(
      {{.what = "reads", .measured = {24'000, 20'000, 22'000}, .ceiling = {30'000, 30'000, 30'000}},
       {.what = "delay", .unit = Row::Unit::kMilliseconds, .measured = {1.5}}});
  EXPECT_THAT(table, HasSubstr("22.0 k/s"));
  EXPECT_THAT(table, HasSubstr("30.0 k/s"));
  EXPECT_THAT(table, HasSubstr("0.73 (0.67–0.80)"));
  EXPECT_THAT(table, HasSubstr("1.50 ms"));
}

}  // namespace
}  // namespace klynge::bench
