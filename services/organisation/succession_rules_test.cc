#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/import_plan.h"
#include "services/organisation/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::ElementsAre;

// e-1 and e-2 are merged into e-3 on 2024-01-01.
OrganisationBuilder City() {
  OrganisationBuilder city = SmallCity();
  city.Unit("e-1", "nursery", "kl-vvk-01", "2020-01-01", "2024-01-01");
  city.Unit("e-2", "nursery", "kl-vvk-01", "2020-01-01", "2024-01-01");
  city.Unit("e-3", "nursery", "kl-vvk-01", "2024-01-01");
  city.Succeed("e-1", "e-3", "2024-01-01", true);
  return city;
}

class SuccessionRuleTest : public ::testing::TestWithParam<RuleCase> {};

TEST_P(SuccessionRuleTest, IsKept) { ExpectRejected(*City().BuildTree(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, SuccessionRuleTest,
    ::testing::Values(
        RuleCase{"UnknownUnit", SuccessionMessage("s", "e-9", "e-3", "2024-01-01"),
                 "UNIT_NOT_FOUND", "succession.from_unit_id"},
        RuleCase{"Itself", SuccessionMessage("s", "e-3", "e-3", "2024-06-01"), "INVALID_FIELDS",
                 "succession.to_unit_id"},
        RuleCase{"NoDay", SuccessionMessage("s", "e-2", "e-3", ""), "INVALID_FIELDS",
                 "succession.valid_from"},
        RuleCase{"SuccessorNotThereYet", SuccessionMessage("s", "e-2", "e-3", "2023-06-01"),
                 "SUCCESSION_OUTSIDE_LIFE", "succession.valid_from"},
        RuleCase{"PredecessorLongOver", SuccessionMessage("s", "e-2", "e-3", "2024-01-02"),
                 "SUCCESSION_OUTSIDE_LIFE", "succession.valid_from"},
        RuleCase{"Repeated", SuccessionMessage("s", "e-1", "e-3", "2024-01-01"),
                 "SUCCESSION_REPEATED", "succession.succession_id"},
        RuleCase{"CarriedTwice", SuccessionMessage("s", "e-1", "e-vvk-01-02", "2024-01-01", true),
                 "FIGURES_CARRIED_TWICE", "succession.carries_figures"},
        RuleCase{"UnitBeginsLater",
                 UnitMessage("e-1", "nursery", "kl-vvk-01", "2020-01-01", "2023-12-01"),
                 "SUCCESSION_OUTSIDE_LIFE", "unit.valid_to"}),
    [](const auto& rule) { return rule.param.name; });

TEST(SuccessionTest, TakesAMergeAndASplitAndTheSameAgain) {
  const auto before = City().BuildTree();
  const std::vector<Message> rows = {SuccessionMessage("s-2", "e-2", "e-3", "2024-01-01"),
                                     SuccessionMessage("s-3", "e-2", "e-vvk-01-01", "2024-01-01")};
  const ImportPlan plan = Plan(*before, rows);
  EXPECT_THAT(Outcomes(plan), Each("CREATED"));
  EXPECT_THAT(Outcomes(Plan(*Applied(*before, plan), rows)), Each("UNCHANGED"));
}

TEST(SuccessionTest, MayComeWithItsUnits) {
  const auto before = SmallCity().BuildTree();
  EXPECT_THAT(Outcomes(Plan(*before, {SuccessionMessage("s", "e-vvk-01-01", "e-new", "2024-01-01"),
                                      UnitMessage("e-new", "nursery", "kl-vvk-01", "2024-01-01")})),
              ElementsAre("CREATED", "CREATED"));
}

}  // namespace
}  // namespace klynge::organisation
