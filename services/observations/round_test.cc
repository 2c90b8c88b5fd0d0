#include "services/observations/round.h"

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
using ::testing::ElementsAre;
using testing::TestRound;
using ::testing::UnorderedElementsAre;

std::vector<std::string> UnitsOf(const analytics::ReportingTree& tree) {
  std::vector<std::string> ids;
  for (const auto& node : tree.nodes()) ids.push_back(node.unit.unit_id);
  return ids;
}

TEST(Round, ListsEveryWrongFieldAtOnce) {
  v1::Round round = TestRound("No Id");
  round.set_opens_on("2021-13-01");
  round.set_closes_on("soon");
  round.clear_root_unit_ids();
  round.clear_purpose();
  round.clear_label();
  const absl::Status status = CheckNewRound(round);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status),
              UnorderedElementsAre("round.round_id", "round.opens_on", "round.closes_on",
                                   "round.root_unit_ids", "round.purpose", "round.label.da"));
}

TEST(Round, MayLastOneDayButNotEndBeforeItOpens) {
  v1::Round round = TestRound();
  round.set_closes_on(round.opens_on());
  EXPECT_THAT(CheckNewRound(round), IsOk());
  round.set_closes_on("2021-09-30");
  EXPECT_THAT(WrongFields(CheckNewRound(round)), ElementsAre("round.closes_on"));
}

TEST(Round, MayNotLastLongerThanAYear) {
  v1::Round round = TestRound();
  round.set_closes_on("2022-10-02");
  EXPECT_THAT(CheckNewRound(round), IsOk());
  round.set_closes_on("2022-10-03");
  EXPECT_THAT(WrongFields(CheckNewRound(round)), ElementsAre("round.closes_on"));
}

TEST(Round, CountsTheMonthsItTouches) {
  Round round;
  round.opens = Date(2021, 11, 30);
  round.closes = Date(2022, 2, 1);
  EXPECT_EQ(round.months(), 4);
  EXPECT_EQ(round.MonthOf(Date(2022, 1, 31)), 2);
  EXPECT_EQ(round.MonthName(0), "2021-11");
  EXPECT_EQ(round.MonthName(2), "2022-01");
}

TEST(TreeOfRound, HasEverythingBelowTheRootsAndTheirWayUp) {
  v1::Round round = TestRound();
  round.clear_root_unit_ids();
  round.add_root_unit_ids("kl-vvk-01");
  const auto tree = TreeOfRound(round, *SmallCity().BuildTree());
  ASSERT_THAT(tree, IsOk());
  EXPECT_THAT(UnitsOf(*tree),
              ElementsAre("buf", "omr-vvk", "kl-vvk-01", "e-vvk-01-01", "e-vvk-01-02"));
}

TEST(TreeOfRound, TakesAUnitOnceWhenRootsOverlap) {
  v1::Round round = TestRound();
  round.add_root_unit_ids("kl-vvk-01");
  round.add_root_unit_ids("e-vvk-01-01");
  const auto tree = TreeOfRound(round, *SmallCity().BuildTree());
  ASSERT_THAT(tree, IsOk());
  EXPECT_EQ(tree->leaf_count(), 4);
}

TEST(TreeOfRound, IsThatOfTheOpeningDay) {
  auto city = SmallCity();
  city.Unit("e-new", "nursery", "kl-vvk-02", "2021-10-02");
  EXPECT_EQ(TreeOfRound(TestRound(), *city.BuildTree())->Find("e-new"), -1);
  v1::Round later = TestRound();
  later.set_opens_on("2021-10-02");
  EXPECT_GE(TreeOfRound(later, *city.BuildTree())->Find("e-new"), 0);
}

TEST(TreeOfRound, LeavesOutAClusterWithoutUnits) {
  auto city = SmallCity();
  city.Unit("kl-empty", "cluster", "omr-vvk");
  EXPECT_EQ(TreeOfRound(TestRound(), *city.BuildTree())->Find("kl-empty"), -1);
}

TEST(TreeOfRound, NeedsASingleUnit) {
  auto city = SmallCity();
  city.Unit("kl-empty", "cluster", "omr-vvk");
  v1::Round round = TestRound();
  round.clear_root_unit_ids();
  round.add_root_unit_ids("kl-empty");
  EXPECT_THAT(TreeOfRound(round, *city.BuildTree()),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ROUND_WITHOUT_UNITS"));
}

TEST(TreeOfRound, NamesEveryUnknownRoot) {
  v1::Round round = TestRound();
  round.add_root_unit_ids("nowhere");
  round.add_root_unit_ids("neither");
  const auto tree = TreeOfRound(round, *SmallCity().BuildTree());
  EXPECT_THAT(tree, StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
  EXPECT_THAT(WrongFields(tree.status()),
              ElementsAre("round.root_unit_ids[1]", "round.root_unit_ids[2]"));
}

}  // namespace
}  // namespace klynge::observations
