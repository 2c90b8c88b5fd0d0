#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/goals/observation_figures.h"

namespace klynge::goals {
namespace {

namespace observed = observations::v1;
using ::testing::HasSubstr;

observed::Aggregate Shown(const std::string& round, int64_t n, double mean, double green,
                          const std::string& scale = "traffic_light") {
  observed::Aggregate aggregate;
  aggregate.set_round_id(round);
  aggregate.set_unit_id("kl-vvk-01");
  aggregate.set_scale_id(scale);
  aggregate.mutable_figure()->set_n(n);
  aggregate.mutable_figure()->set_mean(mean);
  aggregate.mutable_figure()->set_share_favourable(green);
  aggregate.mutable_figure()->set_suppression(observed::SUPPRESSION_NONE);
  return aggregate;
}

observed::Aggregate Hidden(const std::string& round, observed::Suppression why) {
  observed::Aggregate aggregate = Shown(round, 0, 0, 0);
  aggregate.mutable_figure()->Clear();
  aggregate.mutable_figure()->set_suppression(why);
  return aggregate;
}

Binding Bound(Statistic statistic) {
  Binding binding;
  binding.instrument_id = "kk-observation";
  binding.item_id = "sr-1";
  binding.unit_id = "kl-vvk-01";
  binding.statistic = statistic;
  return binding;
}

TEST(ChooseFigure, TakesTheStatisticOfTheBinding) {
  EXPECT_EQ(ChooseFigure(Bound(Statistic::kMean), {Shown("r1", 20, 2.5, 0.4)}).value, 2.5);
  const Figure share = ChooseFigure(Bound(Statistic::kShareOfGreen), {Shown("r1", 20, 2.5, 0.4)});
  EXPECT_EQ(share.value, 0.4);
  EXPECT_EQ(share.sample_size, 20);
  EXPECT_EQ(share.outcome, Figure::Outcome::kShown);
}

TEST(ChooseFigure, TakesTheLatestRoundThatHasRatings) {
  const Figure figure =
      ChooseFigure(Bound(Statistic::kMean),
                   {Shown("r1", 20, 2.5, 0), Shown("r2", 30, 3.5, 0), Shown("r3", 0, 0, 0)});
  EXPECT_EQ(figure.value, 3.5);
}

TEST(ChooseFigure, DoesNotGoBackBehindASuppressedRound) {
  const Figure figure =
      ChooseFigure(Bound(Statistic::kMean),
                   {Shown("r1", 20, 2.5, 0), Hidden("r2", observed::SUPPRESSION_SMALL_GROUP)});
  EXPECT_EQ(figure.outcome, Figure::Outcome::kSuppressed);
  EXPECT_THAT(figure.message, HasSubstr("kl-vvk-01"));
}

TEST(ChooseFigure, HasNoDataWhileTheRoundIsOpenOrEmpty) {
  EXPECT_EQ(ChooseFigure(Bound(Statistic::kMean), {}).outcome, Figure::Outcome::kNoData);
  EXPECT_EQ(ChooseFigure(Bound(Statistic::kMean), {Hidden("r1", observed::SUPPRESSION_ROUND_OPEN)})
                .outcome,
            Figure::Outcome::kNoData);
}

TEST(ChooseFigure, PoolsMonthsByTheirNumberOfRatings) {
  Binding binding = Bound(Statistic::kMean);
  binding.from_month = "2021-10";
  binding.to_month = "2021-11";
  const Figure figure = ChooseFigure(binding, {Shown("r1", 10, 2, 0), Shown("r1", 30, 4, 0)});
  EXPECT_DOUBLE_EQ(figure.value, 3.5);
  EXPECT_EQ(figure.sample_size, 40);
  EXPECT_EQ(ChooseFigure(binding,
                         {Shown("r1", 10, 2, 0), Hidden("r1", observed::SUPPRESSION_SMALL_GROUP)})
                .outcome,
            Figure::Outcome::kSuppressed);
}

TEST(ChooseFigure, NeverMixesScales) {
  Binding binding = Bound(Statistic::kMean);
  binding.item_id.clear();
  binding.guidepost_code = "language";
  const std::vector<observed::Aggregate> both = {Shown("r1", 10, 2, 0),
                                                 Shown("r1", 30, 5, 0, "seven_points")};
  const Figure unclear = ChooseFigure(binding, both);
  EXPECT_EQ(unclear.outcome, Figure::Outcome::kUnavailable);
  EXPECT_THAT(unclear.message, HasSubstr("scale_id"));
  binding.scale_id = "seven_points";
  EXPECT_EQ(ChooseFigure(binding, both).value, 5);
}

}  // namespace
}  // namespace klynge::goals
