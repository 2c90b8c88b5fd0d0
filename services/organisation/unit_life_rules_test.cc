// That a unit is there as long as anything needs it, and that what does is told together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/body_test_support.h"
#include "services/organisation/partner_test_support.h"
#include "services/organisation/unit_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Message Closing(const std::string& unit, const std::string& kind, const std::string& parent) {
  return UnitMessage(unit, kind, parent, "2020-01-01", "2022-01-01");
}

TEST(UnitLives, ListAllThatIsStillThereWhenAUnitCloses) {
  const auto tree =
      SmallCity()
          .Position("pos-kl-1", "cluster_leader", "kl-vvk-01")
          .With(Body{"b-1", "board", "Board", "kl-vvk-01", {D("2020-01-01"), kOpenEnd}})
          .With(Partnership{"ps-1",
                            "support",
                            "omr-vvk",
                            "",
                            "kl-vvk-01",
                            "",
                            {D("2021-01-01"), D("2023-01-01")}})
          .With(Handover{
              "ho-1", "upward", "kl-vvk-01", "kl-vvk-02", "", "", "", {D("2021-01-01"), kOpenEnd}})
          .BuildTree();
  const ImportPlan plan = Plan(*tree, {Closing("kl-vvk-01", "cluster", "omr-vvk")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("UNIT_IN_USE"));
  ASSERT_THAT(plan.verdicts[0].problems, SizeIs(1)) << "one error, whatever there is";
  EXPECT_EQ(
      plan.verdicts[0].problems[0].description,
      "the unit would end on 2022-01-01, and is needed longer; first, or in the same import, move "
      "or end 2 units under it (\"e-vvk-01-01\" from "
      "2020-01-01, \"e-vvk-01-02\" from 2020-01-01); end 1 assignment "
      "(\"a-p-kl-1-kl-vvk-01-2020-01-01\" from 2020-01-01); end 1 position (\"pos-kl-1\" from "
      "2020-01-01); dissolve 1 body (\"b-1\" from 2020-01-01); end 1 partnership (\"ps-1\" from "
      "2021-01-01 to 2023-01-01); end 1 handover (\"ho-1\" from 2021-01-01)");
}

TEST(UnitLives, CloseAUnitWithEverythingThatNeedsItInOneImport) {
  const ImportPlan plan =
      Plan(*SmallCity().BuildTree(),
           {Closing("kl-vvk-02", "cluster", "omr-vvk"),
            Closing("e-vvk-02-01", "kindergarten", "kl-vvk-02"),
            AssignmentMessage("a-p-kl-2-kl-vvk-02-2020-01-01", "p-kl-2", "cluster_leader",
                              "kl-vvk-02", "2020-01-01", "2022-01-01")});
  EXPECT_FALSE(plan.HasRejected());
}

TEST(UnitLives, CountWhatWouldMakeTheErrorTooLong) {
  OrganisationBuilder city = SmallCity();
  const std::string long_id(50, 'x');
  for (int i = 100; i < 400; ++i) {
    city.Unit(absl::StrCat("e-", long_id, i), "club", "kl-vvk-02");
    city.With(CodeOf(absl::StrCat("e-", long_id, i), "district", "7"));
  }
  const ImportPlan plan = Plan(*city.BuildTree(), {Closing("kl-vvk-02", "cluster", "omr-vvk")});
  ASSERT_THAT(plan.verdicts[0].problems, SizeIs(1));
  const std::string& said = plan.verdicts[0].problems[0].description;
  EXPECT_LT(said.size(), 2'900u) << "it is sent twice, and details are to be under 6 KB";
  EXPECT_THAT(said, AllOf(HasSubstr("move or end 301 units under it (\"e-vvk-02-01\""),
                          HasSubstr(" more); end 1 assignment")));
}

}  // namespace
}  // namespace klynge::organisation
