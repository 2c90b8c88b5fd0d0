#include "services/organisation/import_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "services/organisation/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::shared_ptr<const Tree> City() { return SmallCity().BuildTree(); }
std::shared_ptr<const Tree> NoUnits() { return OrganisationBuilder().BuildTree(); }

// Over the small city.
class SingleRowRule : public ::testing::TestWithParam<RuleCase> {};

TEST_P(SingleRowRule, IsRejectedWithItsReasonAndField) { ExpectRejected(*City(), GetParam()); }

Message Named(Message message, std::string name) {
  if (message.has_unit()) message.mutable_unit()->set_name(name);
  if (message.has_person()) message.mutable_person()->set_name(name);
  return message;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, SingleRowRule,
    ::testing::Values(
        RuleCase{"UnknownKind", UnitMessage("e-x", "castle", "kl-vvk-01"), "UNIT_KIND_NOT_FOUND",
                 "unit.kind"},
        RuleCase{"UnknownParent", UnitMessage("e-x", "nursery", "kl-none"), "PARENT_NOT_FOUND",
                 "unit.parent_id"},
        RuleCase{"NonContainer", UnitMessage("e-x", "nursery", "e-vvk-01-01"),
                 "PARENT_KIND_NOT_ALLOWED", "unit.parent_id"},
        RuleCase{"InstitutionUnderArea", UnitMessage("e-x", "club", "omr-vvk"),
                 "PARENT_KIND_NOT_ALLOWED", "unit.parent_id"},
        RuleCase{"RootUnderSomething", UnitMessage("buf-2", "administration", "buf"),
                 "PARENT_KIND_NOT_ALLOWED", "unit.parent_id"},
        RuleCase{"NoParent", UnitMessage("e-x", "nursery", ""), "INVALID_FIELDS", "unit.parent_id"},
        RuleCase{"SelfParent", UnitMessage("e-x", "nursery", "e-x"), "TREE_CYCLE",
                 "unit.parent_id"},
        RuleCase{"UnderOwnChild", UnitMessage("omr-vvk", "area", "kl-vvk-01"), "TREE_CYCLE",
                 "unit.parent_id"},
        RuleCase{"BeforeParent", UnitMessage("e-x", "nursery", "kl-vvk-01", "2019-12-31"),
                 "OUTSIDE_PARENT_LIFE", "unit.valid_from"},
        RuleCase{"ParentClosedTooEarly",
                 UnitMessage("kl-vvk-01", "cluster", "omr-vvk", "2020-01-01", "2022-01-01"),
                 "UNIT_IN_USE", "unit.valid_to"},
        RuleCase{"ParentBecomesNonContainer", UnitMessage("kl-vvk-01", "area", "buf", "2022-01-01"),
                 "PARENT_KIND_NOT_ALLOWED", "unit.kind"},
        RuleCase{"UnitClosedUnderAssignment",
                 UnitMessage("e-vvk-01-01", "nursery", "kl-vvk-01", "2020-01-01", "2022-01-01"),
                 "UNIT_IN_USE", "unit.valid_to"},
        RuleCase{"DatesReversed",
                 UnitMessage("e-x", "nursery", "kl-vvk-01", "2021-01-02", "2021-01-01"),
                 "DATES_REVERSED", "unit.valid_to"},
        RuleCase{"EmptyPeriod",
                 UnitMessage("e-x", "nursery", "kl-vvk-01", "2021-01-01", "2021-01-01"),
                 "DATES_REVERSED", "unit.valid_to"},
        RuleCase{"NoSuchDate", UnitMessage("e-x", "nursery", "kl-vvk-01", "2021-02-30"),
                 "INVALID_FIELDS", "unit.valid_from"},
        RuleCase{"BadId", UnitMessage("E X", "nursery", "kl-vvk-01"), "INVALID_FIELDS",
                 "unit.unit_id"},
        RuleCase{"NoName", Named(PersonMessage("p-x"), ""), "INVALID_FIELDS", "person.name"},
        RuleCase{"ControlCharacterInName", Named(PersonMessage("p-x"), std::string("a\0b", 3)),
                 "INVALID_FIELDS", "person.name"},
        RuleCase{"UnknownPerson",
                 AssignmentMessage("a-x", "p-none", "pedagogical_leader", "e-vvk-02-01"),
                 "PERSON_NOT_FOUND", "assignment.person_id"},
        RuleCase{"UnknownRole", AssignmentMessage("a-x", "p-pl-1", "king", "e-vvk-02-01"),
                 "ROLE_NOT_FOUND", "assignment.role"},
        RuleCase{"UnknownUnit", AssignmentMessage("a-x", "p-pl-1", "pedagogical_leader", "e-none"),
                 "UNIT_NOT_FOUND", "assignment.unit_id"},
        RuleCase{"RoleAtWrongKind",
                 AssignmentMessage("a-x", "p-pl-1", "cluster_leader", "e-vvk-02-01"),
                 "ROLE_NOT_ALLOWED", "assignment.role"},
        RuleCase{"ClusterLeaderOfNetwork",
                 AssignmentMessage("a-x", "p-kl-1", "cluster_leader", "net-vvk-01"),
                 "ROLE_NOT_ALLOWED", "assignment.role"},
        RuleCase{
            "BeforeUnit",
            AssignmentMessage("a-x", "p-pl-1", "pedagogical_leader", "e-vvk-02-01", "2019-01-01"),
            "OUTSIDE_UNIT_LIFE", "assignment.valid_from"},
        RuleCase{"SecondClusterLeader",
                 AssignmentMessage("a-x", "p-pl-1", "cluster_leader", "kl-vvk-01", "2022-01-01"),
                 "EXCLUSIVE_ROLE_OVERLAP", "assignment.valid_from"}),
    [](const auto& tested) { return tested.param.name; });

TEST(ImportPlan, ListsEveryWrongFieldOfARow) {
  Message row = UnitMessage("E!", "Castle", "?", "yesterday", "2021-13-01");
  row.mutable_unit()->clear_name();
  EXPECT_THAT(Fields(Plan(*City(), {row}).verdicts[0]),
              ElementsAre("unit.unit_id", "unit.kind", "unit.name", "unit.parent_id",
                          "unit.valid_from", "unit.valid_to"));
}

TEST(ImportPlan, TellsOfUnknownReferencesOfARowThatIsAlsoMalformed) {
  const ImportPlan plan =
      Plan(*City(), {UnitMessage("e-x", "castle", "kl-none", "2021-01-02", "2021-01-01"),
                     AssignmentMessage("a-x", "p-none", "king", "e-x", "2021-02-30")});
  EXPECT_THAT(Fields(plan.verdicts[0]),
              ElementsAre("unit.valid_to", "unit.kind", "unit.parent_id"));
  EXPECT_THAT(Fields(plan.verdicts[1]), ElementsAre("assignment.valid_from", "assignment.person_id",
                                                    "assignment.role", "assignment.unit_id"));
  EXPECT_EQ(plan.verdicts[1].problems[3].reason, v1::ERROR_REASON_DEPENDS_ON_REJECTED_ROW);
}

TEST(ImportPlan, TakesRowsInAnyOrder) {
  std::vector<Message> messages = Messages(SmallCity().Build());
  std::reverse(messages.begin(), messages.end());
  const ImportPlan plan = Plan(*NoUnits(), messages);
  EXPECT_THAT(Outcomes(plan), Each("CREATED"));
  EXPECT_EQ(Applied(*NoUnits(), plan)->organisation().units,
            SmallCity().BuildTree()->organisation().units);
}

TEST(ImportPlan, ChangesNothingTheSecondTime) {
  const std::vector<Message> messages = Messages(SmallCity().Build());
  const auto after = Applied(*NoUnits(), Plan(*NoUnits(), messages));
  const ImportPlan again = Plan(*after, messages);
  EXPECT_THAT(Outcomes(again), Each("UNCHANGED"));
  EXPECT_TRUE(again.ChangesNothing());
}

TEST(ImportPlan, EndsAVersionWhereTheNextBegins) {
  const auto before = City();
  const ImportPlan plan =
      Plan(*before, {UnitMessage("e-vvk-01-01", "nursery", "kl-vvk-02", "2022-08-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("CREATED"));
  ASSERT_THAT(plan.units, SizeIs(2));
  EXPECT_EQ(plan.units[0].thing.valid, (DateRange{D("2020-01-01"), D("2022-08-01")}));
  EXPECT_EQ(plan.units[1].thing.parent_id, "kl-vvk-02");
}

TEST(ImportPlan, LeavesAMovedUnitUnchangedWhenItsWholeHistoryIsSentAgain) {
  const std::vector<Message> history = {
      UnitMessage("e-x", "club", "kl-vvk-01", "2021-01-01"),
      UnitMessage("e-x", "club", "kl-vvk-02", "2022-01-01", "2023-01-01")};
  const auto after = Applied(*City(), Plan(*City(), history));
  EXPECT_THAT(Outcomes(Plan(*after, history)), ElementsAre("UNCHANGED", "UNCHANGED"));
}

TEST(ImportPlan, RejectsAGapBetweenVersions) {
  const auto closed =
      SmallCity().Unit("e-x", "club", "kl-vvk-01", "2021-01-01", "2022-01-01").BuildTree();
  const ImportPlan plan = Plan(*closed, {UnitMessage("e-x", "club", "kl-vvk-01", "2022-02-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("VERSIONS_NOT_CONTIGUOUS"));
}

TEST(ImportPlan, BlamesTheShortenedVersionForTheGapItOpens) {
  const auto moved = SmallCity()
                         .Unit("e-x", "club", "kl-vvk-01", "2021-01-01", "2022-01-01")
                         .Unit("e-x", "club", "kl-vvk-02", "2022-01-01")
                         .BuildTree();
  const ImportPlan plan =
      Plan(*moved, {UnitMessage("e-x", "club", "kl-vvk-01", "2021-01-01", "2021-06-01"),
                    UnitMessage("e-x", "club", "kl-vvk-02", "2022-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("VERSIONS_NOT_CONTIGUOUS", "UNCHANGED"));
}

TEST(ImportPlan, StoresTheRightRowsBesideAWrongOne) {
  const ImportPlan plan = Plan(*City(), {UnitMessage("e-1", "nursery", "kl-vvk-01"),
                                         UnitMessage("e-2", "castle", "kl-vvk-01"),
                                         UnitMessage("e-3", "club", "kl-vvk-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("CREATED", "UNIT_KIND_NOT_FOUND", "CREATED"));
  EXPECT_THAT(plan.units, SizeIs(2));
}

TEST(ImportPlan, SaysThatARowDependsOnARejectedOne) {
  const ImportPlan plan =
      Plan(*City(), {UnitMessage("kl-9", "cluster", "omr-none"), UnitMessage("e-9", "club", "kl-9"),
                     Named(PersonMessage("p-9"), ""),
                     AssignmentMessage("a-9", "p-9", "pedagogical_leader", "e-vvk-02-01"),
                     AssignmentMessage("a-10", "p-pl-1", "pedagogical_leader", "e-9")});
  EXPECT_THAT(Outcomes(plan),
              ElementsAre("PARENT_NOT_FOUND", "DEPENDS_ON_REJECTED_ROW", "INVALID_FIELDS",
                          "DEPENDS_ON_REJECTED_ROW", "DEPENDS_ON_REJECTED_ROW"));
  EXPECT_TRUE(plan.ChangesNothing());
}

TEST(ImportPlan, RejectsBothSidesOfACycle) {
  const auto nested = SmallCity()
                          .Kind("district", {"area", "district"})
                          .Unit("d-1", "district", "omr-vvk")
                          .BuildTree();
  const ImportPlan plan =
      Plan(*nested, {UnitMessage("d-2", "district", "d-3"), UnitMessage("d-3", "district", "d-2"),
                     UnitMessage("d-4", "district", "d-1")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("TREE_CYCLE", "TREE_CYCLE", "CREATED"));
}

TEST(ImportPlan, FindsACycleThatExistsOnlyOnSomeDays) {
  const auto nested = SmallCity()
                          .Kind("district", {"area", "district"})
                          .Unit("d-1", "district", "omr-vvk")
                          .Unit("d-2", "district", "d-1", "2020-01-01", "2021-01-01")
                          .Unit("d-2", "district", "omr-vvk", "2021-01-01")
                          .BuildTree();
  EXPECT_THAT(Outcomes(Plan(*nested, {UnitMessage("d-1", "district", "d-2", "2020-12-31")})),
              ElementsAre("TREE_CYCLE"));
  EXPECT_THAT(Outcomes(Plan(*nested, {UnitMessage("d-1", "district", "d-2", "2021-01-01")})),
              ElementsAre("CREATED"));
}

TEST(ImportPlan, HandsAClusterFromOneLeaderToTheNextInOneImport) {
  const std::string first = "a-p-kl-1-kl-vvk-01-2020-01-01";
  const ImportPlan plan = Plan(
      *City(), {AssignmentMessage("a-next", "p-pl-1", "cluster_leader", "kl-vvk-01", "2022-01-01"),
                AssignmentMessage(first, "p-kl-1", "cluster_leader", "kl-vvk-01", "2020-01-01",
                                  "2022-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("CREATED", "UPDATED"));
}

TEST(ImportPlan, ClosesAClusterTogetherWithEverythingInIt) {
  const ImportPlan plan = Plan(
      *City(), {UnitMessage("kl-vvk-02", "cluster", "omr-vvk", "2020-01-01", "2022-01-01"),
                UnitMessage("e-vvk-02-01", "kindergarten", "kl-vvk-02", "2020-01-01", "2022-01-01"),
                AssignmentMessage("a-p-kl-2-kl-vvk-02-2020-01-01", "p-kl-2", "cluster_leader",
                                  "kl-vvk-02", "2020-01-01", "2022-01-01")});
  EXPECT_THAT(Outcomes(plan), Each("UPDATED"));
}

TEST(ImportPlan, DoesNotBlameAnUnchangedChildForItsParentsEnd) {
  const ImportPlan plan =
      Plan(*City(), {UnitMessage("e-vvk-02-01", "kindergarten", "kl-vvk-02"),
                     UnitMessage("kl-vvk-02", "cluster", "omr-vvk", "2020-01-01", "2022-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("UNCHANGED", "UNIT_IN_USE"));
}

TEST(ImportPlan, CountsARepeatedRowOnce) {
  const Message row = UnitMessage("e-x", "club", "kl-vvk-01");
  EXPECT_THAT(Outcomes(Plan(*City(), {row, row})), ElementsAre("CREATED", "UNCHANGED"));
}

TEST(ImportPlan, RejectsARepeatedRowWithTheRowItRepeats) {
  const Message row = UnitMessage("e-x", "club", "kl-none");
  EXPECT_THAT(Outcomes(Plan(*City(), {row, row})),
              ElementsAre("PARENT_NOT_FOUND", "PARENT_NOT_FOUND"));
}

TEST(ImportPlan, RejectsRowsThatContradictEachOther) {
  const ImportPlan plan = Plan(
      *City(), {UnitMessage("e-x", "club", "kl-vvk-01"), UnitMessage("e-x", "club", "kl-vvk-02")});
  EXPECT_THAT(Outcomes(plan), Each("CONFLICTING_ROWS"));
  EXPECT_THAT(plan.verdicts[1].problems[0].description, HasSubstr("row 1"));
}

TEST(ImportPlan, LetsARowGiveWayOnlyToRowsThatStand) {
  const auto row = [](std::string id, std::string from, std::string to) {
    return AssignmentMessage(id, "p-pl-1", "cluster_leader", "kl-x", from, to);
  };
  const auto city = SmallCity().Unit("kl-x", "cluster", "omr-vvk").BuildTree();
  EXPECT_THAT(Outcomes(Plan(*city, {row("a-1", "2021-01-01", "2021-10-01"),
                                    row("a-2", "2021-05-01", "2021-12-01"),
                                    row("a-3", "2021-10-01", "2022-02-01")})),
              ElementsAre("CREATED", "EXCLUSIVE_ROLE_OVERLAP", "CREATED"));
}

}  // namespace
}  // namespace klynge::organisation
