#include "services/organisation/client/lineage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/client/test_support.h"

namespace klynge::organisation {
namespace {

using testing::D;
using testing::OrganisationBuilder;

OrganisationBuilder Area() {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("omr", "area", "buf").Unit("omr-2", "area", "buf");
  return city;
}

std::string StandsFor(const OrganisationBuilder& city, absl::string_view unit_id,
                      absl::string_view on) {
  const auto tree = city.BuildTree();
  const UnitVersion* unit = tree->Indexed<Lineage>().StandsFor(unit_id, D(on));
  return unit == nullptr ? "nothing" : unit->unit_id;
}

OrganisationBuilder Merge() {
  OrganisationBuilder city = Area();
  city.Unit("kl-1", "cluster", "omr", "2020-01-01", "2024-01-01");
  city.Unit("kl-2", "cluster", "omr", "2020-01-01", "2024-01-01");
  city.Unit("kl-3", "cluster", "omr", "2024-01-01");
  city.Succeed("kl-1", "kl-3", "2024-01-01").Succeed("kl-2", "kl-3", "2024-01-01");
  return city;
}

TEST(LineageTest, AUnitStandsForItself) {
  EXPECT_EQ(StandsFor(Merge(), "kl-1", "2023-12-31"), "kl-1");
  EXPECT_EQ(StandsFor(Merge(), "kl-9", "2023-12-31"), "nothing");
}

TEST(LineageTest, TheMergedUnitStandsForEachAndTheOneAboveForItBefore) {
  EXPECT_EQ(StandsFor(Merge(), "kl-1", "2024-01-01"), "kl-3");
  EXPECT_EQ(StandsFor(Merge(), "kl-2", "2030-01-01"), "kl-3");
  EXPECT_EQ(StandsFor(Merge(), "kl-3", "2023-12-31"), "omr");
}

OrganisationBuilder Split(bool carried, const std::string& second_parent = "omr") {
  OrganisationBuilder city = Area();
  city.Unit("kl-1", "cluster", "omr", "2020-01-01", "2024-01-01");
  city.Unit("kl-2", "cluster", "omr", "2024-01-01");
  city.Unit("kl-3", "cluster", second_parent, "2024-01-01");
  city.Succeed("kl-1", "kl-2", "2024-01-01").Succeed("kl-1", "kl-3", "2024-01-01", carried);
  return city;
}

TEST(LineageTest, OfASplitTheCarrierStandsForTheUnitElseTheNearestAboveAll) {
  EXPECT_EQ(StandsFor(Split(true), "kl-1", "2024-06-01"), "kl-3");
  EXPECT_EQ(StandsFor(Split(false), "kl-1", "2024-06-01"), "omr");
  EXPECT_EQ(StandsFor(Split(false, "omr-2"), "kl-1", "2024-06-01"), "buf");
  EXPECT_EQ(StandsFor(Split(false), "kl-2", "2023-06-01"), "kl-1");
}

TEST(LineageTest, FollowsSeveralSuccessions) {
  OrganisationBuilder city = Area();
  city.Unit("kl-1", "cluster", "omr", "2020-01-01", "2022-01-01");
  city.Unit("kl-2", "cluster", "omr", "2020-01-01", "2024-01-01");
  city.Unit("kl-3", "cluster", "omr-2", "2024-01-01");
  city.Succeed("kl-1", "kl-2", "2022-01-01").Succeed("kl-2", "kl-3", "2024-01-01");
  EXPECT_EQ(StandsFor(city, "kl-1", "2023-01-01"), "kl-2");
  EXPECT_EQ(StandsFor(city, "kl-1", "2025-01-01"), "kl-3");
  EXPECT_EQ(StandsFor(city, "kl-3", "2023-01-01"), "kl-2");
}

TEST(LineageTest, APartThatGoesOnElsewhereTakesNothingAlongWhileTheUnitLives) {
  OrganisationBuilder city = Area();
  city.Unit("kl-1", "cluster", "omr", "2020-01-01", "2025-01-01");
  city.Unit("kl-2", "cluster", "omr", "2022-01-01");
  city.Succeed("kl-1", "kl-2", "2022-01-01", true);
  EXPECT_EQ(StandsFor(city, "kl-1", "2023-01-01"), "kl-1");
  EXPECT_EQ(StandsFor(city, "kl-1", "2026-01-01"), "omr");
}

TEST(LineageTest, WithoutSuccessionsTheUnitAboveStandsForIt) {
  OrganisationBuilder city = Area();
  city.Unit("kl-1", "cluster", "omr", "2020-01-01", "2022-01-01");
  EXPECT_EQ(StandsFor(city, "kl-1", "2023-01-01"), "omr");
  EXPECT_EQ(StandsFor(city, "kl-1", "2019-01-01"), "nothing");
}

TEST(LineageTest, EndsInDataThatGoInACircle) {
  OrganisationBuilder city = Area();
  city.Unit("kl-1", "cluster", "omr", "2020-01-01", "2022-01-01");
  city.Unit("kl-2", "cluster", "omr", "2020-01-01", "2022-01-01");
  city.Succeed("kl-1", "kl-2", "2022-01-01").Succeed("kl-2", "kl-1", "2022-01-01");
  EXPECT_EQ(StandsFor(city, "kl-1", "2023-01-01"), "nothing");
}

TEST(LineageTest, ListsSuccessionsByDay) {
  const auto tree = Split(false).BuildTree();
  const Lineage& lineage = tree->Indexed<Lineage>();
  EXPECT_THAT(lineage.SuccessionsFrom("kl-1"), ::testing::SizeIs(2));
  EXPECT_THAT(lineage.SuccessionsTo("kl-3"), ::testing::SizeIs(1));
  EXPECT_THAT(lineage.SuccessionsTo("kl-1"), ::testing::IsEmpty());
}

}  // namespace
}  // namespace klynge::organisation
