#include "services/observations/analytics/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace klynge::observations::analytics {
namespace {

TEST(Statistics, MeanAndDeviationAreThoseOfTheRatings) {
  // 1, 2, 2, 3, 3, 3: mean 14/6, sample variance (36 − 14²/6) / 5.
  const Statistics s = Summarise({1, {1, 2, 3}}, 3);
  EXPECT_EQ(s.n, 6);
  EXPECT_DOUBLE_EQ(s.mean, 14.0 / 6);
  EXPECT_NEAR(s.standard_deviation, std::sqrt((36 - 196.0 / 6) / 5), 1e-12);
  EXPECT_DOUBLE_EQ(s.share_favourable, 0.5);
}

TEST(Statistics, NoRatingsGiveZeros) {
  const Statistics s = Summarise({1, {0, 0, 0}}, 3);
  EXPECT_EQ(s.n, 0);
  EXPECT_EQ(s.mean, 0);
  EXPECT_EQ(s.standard_deviation, 0);
  EXPECT_EQ(s.share_favourable, 0);
}

TEST(Statistics, OneRatingHasNoDeviation) {
  EXPECT_EQ(Summarise({1, {0, 0, 0, 1}}, 3).standard_deviation, 0);
}

TEST(Statistics, EqualRatingsDeviateByExactlyNothing) {
  const Statistics s = Summarise({1, {0, 0, 0, 0, 0, 0, 123'456'789}}, 5);
  EXPECT_EQ(s.mean, 7);
  EXPECT_EQ(s.standard_deviation, 0);
  EXPECT_EQ(s.share_favourable, 1);
}

TEST(Statistics, ValuesStartAtTheScalesMinimum) {
  EXPECT_DOUBLE_EQ(Summarise({0, {1, 1}}, 1).mean, 0.5);
  EXPECT_DOUBLE_EQ(Summarise({4, {1, 1}}, 5).mean, 4.5);
}

TEST(Difference, IsLaterLessEarlierWithWelchsError) {
  const Statistics before = Summarise({1, {2, 2, 0}}, 3);
  const Statistics after = Summarise({1, {0, 3, 3}}, 3);
  const auto difference = Compare(before, after);
  ASSERT_TRUE(difference.has_value());
  EXPECT_DOUBLE_EQ(difference->mean, 1.0);
  // Variances 1/3 of 4 ratings and 3/10 of 6.
  EXPECT_NEAR(difference->standard_error, std::sqrt(1.0 / 12 + 0.3 / 6), 1e-12);
}

TEST(Difference, IsNothingWithoutRatingsOnBothSides) {
  const Statistics none;
  const Statistics some = Summarise({1, {1, 2, 3}}, 3);
  EXPECT_FALSE(Compare(none, some).has_value());
  EXPECT_FALSE(Compare(some, none).has_value());
}

}  // namespace
}  // namespace klynge::observations::analytics
