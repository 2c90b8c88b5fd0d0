#include "services/organisation/client/passing_units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/client/test_support.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PassingUnits, AreCountedInWhatStandsForThemThatDay) {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("kept", "cluster", "buf");
  city.Unit("old-1", "cluster", "buf", "2020-01-01", "2022-01-01");
  city.Unit("old-2", "cluster", "buf", "2020-01-01", "2022-01-01");
  city.Unit("new", "cluster", "buf", "2022-01-01");
  city.Unit("closed", "cluster", "buf", "2020-01-01", "2021-01-01");
  city.Succeed("old-1", "new", "2022-01-01").Succeed("old-2", "new", "2022-01-01");
  const auto tree = city.BuildTree();
  const auto& passing = tree->Indexed<PassingUnits>();
  EXPECT_THAT(passing.CountedIn({"new"}, D("2022-01-01")), ElementsAre("old-1", "old-2"));
  EXPECT_THAT(passing.CountedIn({"new", "old-1"}, D("2021-12-31")), IsEmpty());
  EXPECT_THAT(passing.CountedIn({"buf"}, D("2021-12-31")), ElementsAre("closed", "new"));
  EXPECT_THAT(passing.CountedIn({"buf", "new"}, D("2022-01-01")),
              ElementsAre("closed", "old-1", "old-2"));
  EXPECT_THAT(passing.CountedIn({"kept"}, D("2022-01-01")), IsEmpty());
}

TEST(PassingUnits, AreThoseWithABreakToo) {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "");
  city.Unit("rebuilt", "nursery", "buf", "2020-01-01", "2021-01-01");
  city.Unit("rebuilt", "nursery", "buf", "2022-01-01");
  const auto tree = city.BuildTree();
  EXPECT_THAT(tree->Indexed<PassingUnits>().CountedIn({"buf"}, D("2021-06-01")),
              ElementsAre("rebuilt"));
  EXPECT_THAT(tree->Indexed<PassingUnits>().CountedIn({"buf"}, D("2022-06-01")), IsEmpty());
}

}  // namespace
}  // namespace klynge::organisation::testing
