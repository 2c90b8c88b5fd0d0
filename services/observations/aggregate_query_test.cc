#include "services/observations/aggregate_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/observations/observations_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::observations {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using organisation::testing::SmallCity;
using testing::CatalogueBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestRound;

class AggregateQueryTest : public ::testing::Test {
 protected:
  AggregateQueryTest() {
    builder_.Closed(TestRound(), *city_,
                    {{"e-vvk-01-01", "a", 0, 1, 6},
                     {"e-vvk-01-01", "b", 0, 3, 6},
                     {"e-vvk-01-02", "a", 1, 3, 5},
                     {"e-vvk-01-02", "c", 1, 4, 2},
                     {"e-vvk-02-01", "a", 1, 2, 8}});
    request_.add_round_ids("autumn");
  }

  std::vector<v1::Aggregate> Ask() {
    v1::QueryAggregatesResponse response;
    status_ = QueryAggregates(builder_.Build(), city_.get(), request_, &response);
    next_page_token_ = response.next_page_token();
    return {response.aggregates().begin(), response.aggregates().end()};
  }
  static std::vector<std::string> Units(const std::vector<v1::Aggregate>& aggregates) {
    std::vector<std::string> units;
    for (const auto& aggregate : aggregates) units.push_back(aggregate.unit_id());
    return units;
  }

  std::shared_ptr<const organisation::Tree> city_ = SmallCity().BuildTree();
  CatalogueBuilder builder_;
  v1::QueryAggregatesRequest request_;
  absl::Status status_;
  std::string next_page_token_;
};

TEST_F(AggregateQueryTest, AnswersAClustersFiguresInOneCall) {
  request_.add_unit_ids("kl-vvk-01");
  const auto aggregates = Ask();
  ASSERT_THAT(status_, IsOk());
  ASSERT_EQ(aggregates.size(), 4);
  const v1::Figure& a = aggregates[0].figure();
  EXPECT_EQ(aggregates[0].item_id(), "a");
  EXPECT_EQ(a.n(), 11);
  EXPECT_DOUBLE_EQ(a.mean(), (6 * 1 + 5 * 3) / 11.0);
  EXPECT_DOUBLE_EQ(a.share_favourable(), 5.0 / 11);
  ASSERT_EQ(a.distribution_size(), 3);
  EXPECT_EQ(a.distribution(1).value(), 2);
  EXPECT_EQ(a.distribution(1).count(), 0);
  EXPECT_EQ(a.suppression(), v1::SUPPRESSION_NONE);
}

TEST_F(AggregateQueryTest, ShowsNothingOfASuppressedFigure) {
  request_.add_unit_ids("e-vvk-01-02");
  request_.add_item_ids("c");
  const auto aggregates = Ask();
  ASSERT_EQ(aggregates.size(), 1);
  v1::Figure expected;
  expected.set_suppression(v1::SUPPRESSION_SMALL_GROUP);
  EXPECT_EQ(aggregates[0].figure().SerializeAsString(), expected.SerializeAsString());
}

TEST_F(AggregateQueryTest, ShowsAnItemThatNobodyRatedAsEmpty) {
  request_.add_unit_ids("e-vvk-02-01");
  request_.add_item_ids("d");
  const auto aggregates = Ask();
  ASSERT_EQ(aggregates.size(), 1);
  EXPECT_EQ(aggregates[0].figure().n(), 0);
  EXPECT_EQ(aggregates[0].figure().suppression(), v1::SUPPRESSION_NONE);
}

TEST_F(AggregateQueryTest, FindsUnitsClustersAreasAndTheWholeBelowAScope) {
  request_.add_unit_ids("omr-vvk");
  request_.add_item_ids("a");
  request_.set_level(v1::AGGREGATE_LEVEL_UNIT);
  EXPECT_THAT(Units(Ask()),
              ElementsAre("e-vvk-01-01", "e-vvk-01-02", "e-vvk-02-01", "e-net-01-01"));
  request_.set_level(v1::AGGREGATE_LEVEL_CLUSTER);
  EXPECT_THAT(Units(Ask()), ElementsAre("kl-vvk-01", "kl-vvk-02", "net-vvk-01"));
  request_.set_level(v1::AGGREGATE_LEVEL_AREA);
  EXPECT_THAT(Units(Ask()), ElementsAre("omr-vvk"));
  request_.set_level(v1::AGGREGATE_LEVEL_WHOLE);
  EXPECT_THAT(Units(Ask()), ElementsAre("buf"));
}

TEST_F(AggregateQueryTest, TakesAUnitOnceWhenScopesOverlap) {
  request_.add_unit_ids("e-vvk-01-02");
  request_.add_unit_ids("kl-vvk-01");
  request_.add_item_ids("a");
  request_.set_level(v1::AGGREGATE_LEVEL_UNIT);
  EXPECT_THAT(Units(Ask()), ElementsAre("e-vvk-01-01", "e-vvk-01-02"));
}

TEST_F(AggregateQueryTest, GathersGuidepostsByScale) {
  request_.add_unit_ids("e-vvk-01-01");
  request_.set_subject(v1::AGGREGATE_SUBJECT_GUIDEPOST);
  const auto aggregates = Ask();
  ASSERT_EQ(aggregates.size(), 2);
  EXPECT_EQ(aggregates[0].guidepost_code(), "g1");
  EXPECT_EQ(aggregates[0].scale_id(), "light");
  EXPECT_EQ(aggregates[0].figure().n(), 12);
  EXPECT_EQ(aggregates[1].scale_id(), "seven");
}

TEST_F(AggregateQueryTest, SuppressesAGuidepostWhereOneOfItsItemsIs) {
  request_.add_unit_ids("e-vvk-01-02");
  request_.set_subject(v1::AGGREGATE_SUBJECT_GUIDEPOST);
  request_.add_item_ids("c");
  const auto aggregates = Ask();
  ASSERT_EQ(aggregates.size(), 1);
  EXPECT_EQ(aggregates[0].figure().suppression(), v1::SUPPRESSION_SMALL_GROUP);
}

TEST_F(AggregateQueryTest, AnItemFilterPicksSubjectsButNeverMakesASmallerSum) {
  request_.add_unit_ids("e-vvk-01-01");
  request_.set_subject(v1::AGGREGATE_SUBJECT_GUIDEPOST);
  request_.add_item_ids("b");
  const auto aggregates = Ask();
  ASSERT_EQ(aggregates.size(), 1);
  EXPECT_EQ(aggregates[0].figure().n(), 12) << "a and b together";
}

TEST_F(AggregateQueryTest, AnswersMonthByMonth) {
  request_.add_unit_ids("e-vvk-01-01");
  request_.add_item_ids("a");
  request_.set_period(v1::AGGREGATE_PERIOD_MONTH);
  const auto aggregates = Ask();
  ASSERT_EQ(aggregates.size(), 2);
  EXPECT_EQ(aggregates[0].month(), "2021-10");
  EXPECT_EQ(aggregates[0].figure().n(), 6);
  EXPECT_EQ(aggregates[1].month(), "2021-11");
  EXPECT_EQ(aggregates[1].figure().n(), 0);
  request_.set_from_month("2021-11");
  EXPECT_EQ(Ask().size(), 1);
}

TEST_F(AggregateQueryTest, GivesAllPagesOnceAndInOrder) {
  const auto all = Ask();
  request_.set_page_size(3);
  std::vector<std::string> paged;
  do {
    for (const auto& aggregate : Ask()) paged.push_back(aggregate.item_id());
    ASSERT_THAT(status_, IsOk());
    request_.set_page_token(next_page_token_);
  } while (!next_page_token_.empty());
  EXPECT_THAT(paged, ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(all.size(), 4);
}

TEST_F(AggregateQueryTest, RefusesATokenOfAnotherQuestion) {
  request_.set_page_size(1);
  Ask();
  request_.set_page_token(next_page_token_);
  request_.add_unit_ids("kl-vvk-01");
  Ask();
  EXPECT_EQ(status_.code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(AggregateQueryTest, SaysThatAnOpenRoundHasNoFiguresYet) {
  builder_.Open(TestRound("later"), *city_);
  request_.set_round_ids(0, "later");
  for (const auto& aggregate : Ask()) {
    EXPECT_EQ(aggregate.figure().suppression(), v1::SUPPRESSION_ROUND_OPEN);
  }
  EXPECT_THAT(status_, IsOk());
}

TEST_F(AggregateQueryTest, FindsTheClosedRoundsOfAnInstrument) {
  builder_.Open(TestRound("later"), *city_);
  request_.clear_round_ids();
  request_.set_instrument_id("form");
  request_.add_item_ids("a");
  const auto aggregates = Ask();
  ASSERT_EQ(aggregates.size(), 1);
  EXPECT_EQ(aggregates[0].round_id(), "autumn");
}

TEST_F(AggregateQueryTest, ListsTheUnitsAClusterHasTodayBackInTime) {
  // e-vvk-01-02 moves to the other cluster after the round.
  auto moved = SmallCity();
  moved.Unit("e-moved", "nursery", "kl-vvk-02", "2020-01-01", "2022-01-01");
  moved.Unit("e-moved", "nursery", "kl-vvk-01", "2022-01-01");
  city_ = moved.BuildTree();
  builder_.Closed(TestRound(), *city_, {{"e-moved", "a", 0, 2, 7}});
  request_.add_unit_ids("kl-vvk-01");
  request_.add_item_ids("a");
  request_.set_level(v1::AGGREGATE_LEVEL_UNIT);
  EXPECT_THAT(Units(Ask()), ElementsAre("e-vvk-01-01", "e-vvk-01-02"));
  request_.set_tree_as_of("2022-06-01");
  EXPECT_THAT(Units(Ask()), ElementsAre("e-moved", "e-vvk-01-01", "e-vvk-01-02"));
}

TEST_F(AggregateQueryTest, AnswersEveryLevelOverAnotherTree) {
  auto moved = SmallCity();
  moved.Unit("e-moved", "nursery", "kl-vvk-02", "2020-01-01", "2022-01-01");
  moved.Unit("e-moved", "nursery", "kl-vvk-01", "2022-01-01");
  city_ = moved.BuildTree();
  builder_.Closed(
      TestRound(), *city_,
      {{"e-moved", "a", 0, 2, 7}, {"e-vvk-01-01", "a", 0, 2, 8}, {"e-vvk-02-01", "a", 0, 2, 9}});
  request_.add_item_ids("a");
  request_.set_tree_as_of("2022-06-01");
  request_.set_level(v1::AGGREGATE_LEVEL_CLUSTER);
  const auto clusters = Ask();
  ASSERT_THAT(status_, IsOk());
  EXPECT_THAT(Units(clusters), ElementsAre("kl-vvk-01", "kl-vvk-02", "net-vvk-01"));
  EXPECT_EQ(clusters[0].figure().n(), 15);
  EXPECT_EQ(clusters[1].figure().n(), 9);
  request_.set_level(v1::AGGREGATE_LEVEL_AREA);
  EXPECT_EQ(Ask().at(0).figure().n(), 24);
  request_.set_level(v1::AGGREGATE_LEVEL_WHOLE);
  EXPECT_EQ(Ask().at(0).figure().n(), 24);
  request_.clear_level();
  request_.add_unit_ids("kl-vvk-01");
  request_.set_period(v1::AGGREGATE_PERIOD_MONTH);
  EXPECT_EQ(Ask().at(0).figure().n(), 15);
}

TEST_F(AggregateQueryTest, NamesUnitsThatTheOtherTreeDoesNotHave) {
  request_.add_unit_ids("kl-vvk-01");
  request_.add_unit_ids("kl-ny");
  request_.set_tree_as_of("2022-06-01");
  Ask();
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
  EXPECT_THAT(WrongFields(status_), ElementsAre("unit_ids[1]"));
}

TEST_F(AggregateQueryTest, NamesUnknownRoundsUnitsAndItems) {
  request_.add_unit_ids("kl-vvk-01");
  request_.add_unit_ids("nowhere");
  Ask();
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_IN_ROUND"));
  EXPECT_THAT(WrongFields(status_), ElementsAre("unit_ids[1]"));
  request_.clear_unit_ids();
  request_.add_item_ids("z");
  Ask();
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kInvalidArgument, "UNKNOWN_ITEM"));
  request_.set_round_ids(0, "never");
  Ask();
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kNotFound, "ROUND_NOT_FOUND"));
}

TEST_F(AggregateQueryTest, ListsEveryWrongField) {
  request_.set_instrument_id("form");
  request_.set_from_month("October");
  request_.set_tree_as_of("today");
  EXPECT_THAT(Ask(), IsEmpty());
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status_), ElementsAre("round_ids", "from_month", "tree_as_of"));
}

}  // namespace
}  // namespace klynge::observations
