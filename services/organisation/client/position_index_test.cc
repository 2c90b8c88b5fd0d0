#include "services/organisation/client/position_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/client/convert.h"
#include "services/organisation/client/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointee;

// pos-1 exists for the years 2020–2023; p-kl-1 holds it in 2020, p-kl-2 from July 2021 to 2023.
std::shared_ptr<const Tree> OnePosition() {
  return OrganisationBuilder()
      .Unit("buf", "administration", "")
      .Someone("p-kl-1")
      .Someone("p-kl-2")
      .Someone("p-pl-1")
      .Position("pos-1", "board_member", "buf", "2020-01-01", "2024-01-01")
      .Hold("p-kl-2", "pos-1", "2021-07-01", "2023-01-01")
      .Hold("p-kl-1", "pos-1", "2020-01-01", "2021-01-01")
      .StandIn("p-pl-1", "pos-1", "2021-03-01", "2021-08-01")
      .BuildTree();
}

TEST(PositionIndex, KnowsWhoHoldsAPositionOnADay) {
  const auto tree = OnePosition();
  const auto holder = [&](const char* day) {
    const Assignment* held = tree->positions().HolderOn("pos-1", D(day));
    return held == nullptr ? "nobody" : held->person_id;
  };
  EXPECT_EQ(holder("2019-12-31"), "nobody");
  EXPECT_EQ(holder("2020-01-01"), "p-kl-1");
  EXPECT_EQ(holder("2020-12-31"), "p-kl-1");
  EXPECT_EQ(holder("2021-01-01"), "nobody");
  EXPECT_EQ(holder("2021-07-01"), "p-kl-2");
  EXPECT_EQ(holder("2023-01-01"), "nobody");
}

TEST(PositionIndex, CallsThePositionVacantOnAllOtherDaysOfItsLife) {
  const auto tree = OnePosition();
  const PositionIndex& positions = tree->positions();
  const Position& position = *positions.Find("pos-1");
  EXPECT_THAT(positions.Vacancies(position),
              ElementsAre(DateRange{D("2021-01-01"), D("2021-07-01")},
                          DateRange{D("2023-01-01"), D("2024-01-01")}));
  EXPECT_EQ(positions.VacancyOn(position, D("2021-06-30")),
            (DateRange{D("2021-01-01"), D("2021-07-01")}));
  EXPECT_FALSE(positions.VacancyOn(position, D("2021-07-01")).has_value());
  EXPECT_FALSE(positions.VacancyOn(position, D("2024-01-01")).has_value()) << "it is no more";
}

TEST(PositionIndex, KnowsWhoStandsInWhetherSomebodyHoldsThePositionOrNot) {
  const auto tree = OnePosition();
  const PositionIndex& positions = tree->positions();
  EXPECT_EQ(positions.SubstituteOn("pos-1", D("2021-02-28")), nullptr);
  EXPECT_EQ(positions.SubstituteOn("pos-1", D("2021-03-01"))->person_id, "p-pl-1");
  EXPECT_EQ(positions.SubstituteOn("pos-1", D("2021-07-31"))->person_id, "p-pl-1");
  EXPECT_EQ(positions.SubstituteOn("pos-1", D("2021-08-01")), nullptr);
  EXPECT_EQ(positions.SubstitutionsOf("p-pl-1").size(), 1u);
}

TEST(PositionIndex, FindsPositionsByUnitOnADay) {
  const auto tree = OnePosition();
  EXPECT_EQ(tree->positions().At("buf", D("2020-01-01")).size(), 1u);
  EXPECT_THAT(tree->positions().At("buf", D("2024-01-01")), IsEmpty());
  EXPECT_THAT(tree->positions().At("nowhere", D("2020-01-01")), IsEmpty());
  EXPECT_EQ(tree->positions().Find("pos-none"), nullptr);
}

TEST(PositionIndex, IsTheSameFromASnapshot) {
  const auto tree = OnePosition();
  const auto copy = Tree::FromSnapshot(ToSnapshot(tree->organisation(), tree->revision()));
  EXPECT_EQ(copy->organisation().positions, tree->organisation().positions);
  EXPECT_EQ(copy->organisation().substitutions, tree->organisation().substitutions);
  EXPECT_EQ(copy->organisation().assignments, tree->organisation().assignments);
  EXPECT_EQ(copy->organisation().roles, tree->organisation().roles);
}

}  // namespace
}  // namespace klynge::organisation
