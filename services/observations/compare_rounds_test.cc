#include "services/observations/compare_rounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "services/observations/observations_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::observations {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using organisation::testing::SmallCity;
using testing::CatalogueBuilder;
using testing::TestInstrument;
using testing::TestRound;

class CompareRoundsTest : public ::testing::Test {
 protected:
  CompareRoundsTest() {
    builder_.Closed(TestRound("before"), *city_,
                    {{"e-vvk-01-01", "a", 0, 1, 6}, {"e-vvk-01-01", "a", 0, 2, 6}});
    request_.set_before_round_id("before");
    request_.set_after_round_id("after");
    request_.add_unit_ids("e-vvk-01-01");
    request_.add_item_ids("a");
  }

  v1::Comparison Only() {
    v1::CompareRoundsResponse response;
    status_ = CompareRounds(builder_.Build(), city_.get(), request_, &response);
    EXPECT_EQ(response.comparisons_size(), status_.ok() ? 1 : 0);
    return response.comparisons_size() > 0 ? response.comparisons(0) : v1::Comparison();
  }

  std::shared_ptr<const organisation::Tree> city_ = SmallCity().BuildTree();
  CatalogueBuilder builder_;
  v1::CompareRoundsRequest request_;
  absl::Status status_;
};

TEST_F(CompareRoundsTest, GivesTheDifferenceOfMeansAndItsError) {
  builder_.Closed(TestRound("after"), *city_,
                  {{"e-vvk-01-01", "a", 0, 2, 6}, {"e-vvk-01-01", "a", 0, 3, 6}});
  const v1::Comparison comparison = Only();
  ASSERT_THAT(status_, IsOk());
  EXPECT_TRUE(comparison.comparable());
  EXPECT_DOUBLE_EQ(comparison.before().mean(), 1.5);
  EXPECT_DOUBLE_EQ(comparison.after().mean(), 2.5);
  EXPECT_DOUBLE_EQ(comparison.difference(), 1.0);
  // Both variances are 12 · ¼ / 11.
  EXPECT_NEAR(comparison.standard_error(), std::sqrt(2 * (3.0 / 11) / 12), 1e-12);
}

TEST_F(CompareRoundsTest, ComparesNothingWhereASideIsSuppressed) {
  builder_.Closed(TestRound("after"), *city_, {{"e-vvk-01-01", "a", 0, 2, 4}});
  const v1::Comparison comparison = Only();
  EXPECT_FALSE(comparison.comparable());
  EXPECT_EQ(comparison.after().suppression(), v1::SUPPRESSION_SMALL_GROUP);
  EXPECT_EQ(comparison.difference(), 0);
  EXPECT_EQ(comparison.before().n(), 12);
}

TEST_F(CompareRoundsTest, LeavesOutTheSideWhoseTreeHasNoSuchUnit) {
  auto later = SmallCity();
  later.Unit("e-new", "nursery", "kl-vvk-01", "2022-01-01");
  v1::Round after = TestRound("after");
  after.set_opens_on("2022-10-01");
  after.set_closes_on("2022-10-31");
  builder_.Closed(after, *later.BuildTree(), {{"e-new", "a", 0, 2, 9}});
  request_.set_unit_ids(0, "e-new");
  const v1::Comparison comparison = Only();
  EXPECT_FALSE(comparison.has_before());
  EXPECT_EQ(comparison.after().n(), 9);
  EXPECT_FALSE(comparison.comparable());
}

TEST_F(CompareRoundsTest, FollowsItemsIntoTheNextVersionUnlessTheirScaleChanged) {
  v1::Instrument next = TestInstrument();
  next.mutable_items(1)->set_scale_id("seven");  // b
  builder_.AddVersion(next);
  builder_.Closed(TestRound("after"), *city_, {{"e-vvk-01-01", "a", 0, 3, 6}});
  EXPECT_DOUBLE_EQ(Only().difference(), 1.5);
  request_.set_item_ids(0, "b");
  v1::CompareRoundsResponse response;
  EXPECT_THAT(CompareRounds(builder_.Build(), city_.get(), request_, &response),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ROUNDS_NOT_COMPARABLE"));
}

// kl-vvk-02 goes on in kl-vvk-01 between the rounds.
TEST_F(CompareRoundsTest, ComparesLikeWithLikeOverOneTree) {
  auto merged = SmallCity();
  merged.Unit("kl-old", "cluster", "omr-vvk", "2020-01-01", "2022-01-01");
  merged.Unit("e-old", "nursery", "kl-old", "2020-01-01", "2022-01-01");
  merged.Unit("e-old", "nursery", "kl-vvk-01", "2022-01-01");
  merged.Succeed("kl-old", "kl-vvk-01", "2022-01-01");
  city_ = merged.BuildTree();
  v1::Round then = TestRound("before");
  builder_.Closed(then, *city_, {{"e-vvk-01-01", "a", 0, 1, 6}, {"e-old", "a", 0, 3, 6}});
  v1::Round now = TestRound("after");
  now.set_opens_on("2022-10-01");
  now.set_closes_on("2022-10-31");
  builder_.Closed(now, *city_, {{"e-vvk-01-01", "a", 0, 1, 6}, {"e-old", "a", 0, 3, 6}});
  request_.set_unit_ids(0, "kl-vvk-01");
  // Nothing has changed anywhere; it only looks so, because the cluster has become larger.
  const v1::Comparison as_was = Only();
  EXPECT_DOUBLE_EQ(as_was.difference(), 1.0);
  EXPECT_FALSE(as_was.same_units());
  request_.set_tree_as_of("2022-10-01");
  const v1::Comparison as_is = Only();
  EXPECT_TRUE(as_is.comparable());
  EXPECT_EQ(as_is.before().n(), 12);
  EXPECT_DOUBLE_EQ(as_is.difference(), 0.0);
  EXPECT_TRUE(as_is.same_units());
  // And back in time.
  request_.set_tree_as_of("2021-10-01");
  EXPECT_EQ(Only().after().n(), 6);
  request_.set_unit_ids(0, "kl-old");
  EXPECT_EQ(Only().after().n(), 6);
  request_.set_tree_as_of("2022-10-01");
  Only();
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
}

TEST_F(CompareRoundsTest, WantsBothRoundsClosed) {
  builder_.Open(TestRound("after"), *city_);
  Only();
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kFailedPrecondition, "ROUND_OPEN"));
}

}  // namespace
}  // namespace klynge::observations
