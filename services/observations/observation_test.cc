#include "services/observations/observation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/observations/observations_test_support.h"

namespace klynge::observations {
namespace {

using organisation::testing::SmallCity;
using testing::CatalogueBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Observed;
using testing::TestRound;

class JudgeTest : public ::testing::Test {
 protected:
  Judgement JudgeIt(const v1::Observation& record) {
    return Judge(record, builder_.Build(), city_.get());
  }
  static std::vector<std::string> Fields(const Judgement& judgement) {
    std::vector<std::string> fields;
    for (const auto& problem : judgement.rejection.problems) fields.push_back(problem.field);
    return fields;
  }

  std::shared_ptr<const organisation::Tree> city_ = SmallCity().BuildTree();
  CatalogueBuilder builder_ = CatalogueBuilder().Open(TestRound(), *city_);
};

TEST_F(JudgeTest, AcceptsARightRecordAndEncodesItsRatings) {
  const Judgement judgement =
      JudgeIt(Observed("o-1", "e-vvk-01-01", {{"c", 7}, {"a", 1}}, "2021-11-02"));
  ASSERT_TRUE(judgement.accepted()) << judgement.rejection.message;
  EXPECT_EQ(judgement.observation.ratings, "0.6.");
  EXPECT_EQ(judgement.observation.month, 1);
  EXPECT_EQ(judgement.observation.unit,
            builder_.Build().FindRound("autumn")->tree->Find("e-vvk-01-01"));
}

TEST_F(JudgeTest, TakesTheFirstAndTheLastDayOfTheRoundButNoOther) {
  EXPECT_TRUE(JudgeIt(Observed("o-1", "e-vvk-01-01", {{"a", 1}}, "2021-10-01")).accepted());
  EXPECT_TRUE(JudgeIt(Observed("o-1", "e-vvk-01-01", {{"a", 1}}, "2021-11-30")).accepted());
  for (const char* day : {"2021-09-30", "2021-12-01"}) {
    const Judgement judgement = JudgeIt(Observed("o-1", "e-vvk-01-01", {{"a", 1}}, day));
    EXPECT_EQ(judgement.rejection.reason, v1::ERROR_REASON_DATE_OUTSIDE_ROUND) << day;
    EXPECT_THAT(Fields(judgement), ElementsAre("observed_on"));
  }
}

TEST_F(JudgeTest, ListsEveryRatingOutOfScaleWithWhatIsAllowed) {
  const Judgement judgement =
      JudgeIt(Observed("o-1", "e-vvk-01-01", {{"a", 0}, {"b", 2}, {"c", 8}, {"d", -1}}));
  EXPECT_EQ(judgement.rejection.reason, v1::ERROR_REASON_RATING_OUT_OF_SCALE);
  EXPECT_THAT(Fields(judgement),
              ElementsAre("ratings[0].value", "ratings[2].value", "ratings[3].value"));
  EXPECT_THAT(judgement.rejection.problems[1].description, HasSubstr("from 1 to 7"));
}

TEST_F(JudgeTest, NamesUnknownItemsAndTwins) {
  EXPECT_EQ(JudgeIt(Observed("o-1", "e-vvk-01-01", {{"z", 1}})).rejection.reason,
            v1::ERROR_REASON_UNKNOWN_ITEM);
  EXPECT_THAT(Fields(JudgeIt(Observed("o-1", "e-vvk-01-01", {{"a", 1}, {"a", 1}}))),
              ElementsAre("ratings[1].item_id"));
}

TEST_F(JudgeTest, TellsAnUnknownUnitFromOneOutsideTheRoundAndFromACluster) {
  auto wider = SmallCity();
  wider.Unit("e-later", "nursery", "kl-vvk-01", "2022-01-01");
  city_ = wider.BuildTree();
  EXPECT_EQ(JudgeIt(Observed("o-1", "e-nowhere")).rejection.reason,
            v1::ERROR_REASON_UNIT_NOT_FOUND);
  EXPECT_EQ(JudgeIt(Observed("o-1", "e-later")).rejection.reason,
            v1::ERROR_REASON_UNIT_NOT_IN_ROUND);
  EXPECT_EQ(JudgeIt(Observed("o-1", "kl-vvk-01")).rejection.reason,
            v1::ERROR_REASON_UNIT_HAS_UNITS_BELOW);
}

TEST_F(JudgeTest, ListsEveryWrongFieldOfARecordAndGivesTheFirstAsReason) {
  v1::Observation record = Observed("No Id", "e-vvk-01-01", {}, "yesterday", "no-round");
  record.clear_observer_role();
  record.set_perspective("");
  const Judgement judgement = JudgeIt(record);
  EXPECT_EQ(judgement.rejection.reason, v1::ERROR_REASON_INVALID_FIELDS);
  EXPECT_THAT(Fields(judgement), ElementsAre("observation_id", "round_id", "observed_on",
                                             "observer_role", "perspective", "ratings"));
}

TEST_F(JudgeTest, WantsRolesAndPerspectivesOfTheInstrument) {
  v1::Observation record = Observed("o-1", "e-vvk-01-01");
  record.set_observer_role("neighbour");
  record.set_perspective("dog");
  EXPECT_THAT(Fields(JudgeIt(record)), ElementsAre("observer_role", "perspective"));
}

TEST_F(JudgeTest, TakesNothingInAClosedRound) {
  builder_.Closed(TestRound(), *city_, {});
  const Judgement judgement = JudgeIt(Observed("o-1", "e-vvk-01-01"));
  EXPECT_EQ(judgement.rejection.reason, v1::ERROR_REASON_ROUND_CLOSED);
}

TEST(RatingCode, IsReadAsItWasWritten) {
  for (int minimum : {0, 1, 50}) {
    for (int value = minimum; value < minimum + 20; ++value) {
      EXPECT_EQ(RatingOf(RatingCode(value, minimum), minimum), value);
    }
  }
}

}  // namespace
}  // namespace klynge::observations
