#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/import_plan.h"
#include "services/organisation/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The small city with a position for the leader of each cluster. That of kl-vvk-01 is held by
// p-kl-1 until 2022-06-01, with p-pl-2 standing in during May; that of kl-vvk-02 is vacant.
// p-pl-3 holds one at e-vvk-02-01, until 2022-06-01 too.
std::shared_ptr<const Tree> CityWithPositions() {
  OrganisationBuilder city = SmallCity();
  Organisation made = city.Build();
  std::erase_if(made.assignments.Change(),
                [](const Assignment& held) { return held.role == "cluster_leader"; });
  const Organisation positions =
      OrganisationBuilder()
          .Position("pos-1", "cluster_leader", "kl-vvk-01")
          .Position("pos-2", "cluster_leader", "kl-vvk-02", "2020-01-01", "2024-01-01")
          .Hold("p-kl-1", "pos-1", "2020-01-01", "2022-06-01")
          .Position("pos-3", "pedagogical_leader", "e-vvk-02-01")
          .Hold("p-pl-3", "pos-3", "2020-01-01", "2022-06-01")
          .StandIn("p-pl-2", "pos-1", "2022-05-01", "2022-06-01")
          .Build();
  made.positions = positions.positions;
  made.substitutions = positions.substitutions;
  for (const Assignment& held : positions.assignments) made.assignments.push_back(held);
  return std::make_shared<const Tree>(made, 1);
}

Message LeaderOf(std::string position, std::string person, std::string from, std::string to = "") {
  return Filling(AssignmentMessage("a-x", person, "cluster_leader",
                                   position == "pos-1" ? "kl-vvk-01" : "kl-vvk-02", from, to),
                 position);
}

class PositionRule : public ::testing::TestWithParam<RuleCase> {};

TEST_P(PositionRule, RejectsTheRowWithItsReasonAndField) {
  ExpectRejected(*CityWithPositions(), GetParam());
}

Message WithResponsibility(Message message, std::string line) {
  message.mutable_position()->add_responsibilities(line);
  return message;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, PositionRule,
    ::testing::Values(
        RuleCase{"UnknownUnit", PositionMessage("pos-x", "cluster_leader", "kl-none"),
                 "UNIT_NOT_FOUND", "position.unit_id"},
        RuleCase{"UnknownRole", PositionMessage("pos-x", "king", "kl-vvk-01"), "ROLE_NOT_FOUND",
                 "position.role"},
        RuleCase{"RoleAtWrongKind", PositionMessage("pos-x", "cluster_leader", "e-vvk-01-01"),
                 "ROLE_NOT_ALLOWED", "position.role"},
        RuleCase{"BeforeUnit",
                 PositionMessage("pos-x", "pedagogical_leader", "e-vvk-01-01", "2019-01-01"),
                 "OUTSIDE_UNIT_LIFE", "position.valid_from"},
        RuleCase{"SecondOfAnExclusiveRole",
                 PositionMessage("pos-x", "cluster_leader", "kl-vvk-01", "2022-01-01"),
                 "EXCLUSIVE_ROLE_OVERLAP", "position.valid_from"},
        RuleCase{"BlankResponsibility",
                 WithResponsibility(PositionMessage("pos-x", "cluster_leader", "kl-vvk-01"), " "),
                 "INVALID_FIELDS", "position.responsibilities[0]"},
        RuleCase{"ResponsibilityOfTwoLines",
                 WithResponsibility(PositionMessage("pos-x", "cluster_leader", "kl-vvk-01"),
                                    "Økonomi\nBygninger"),
                 "INVALID_FIELDS", "position.responsibilities[0]"},
        RuleCase{
            "EndsUnderItsHolder",
            PositionMessage("pos-1", "cluster_leader", "kl-vvk-01", "2020-01-01", "2022-01-01"),
            "OUTSIDE_POSITION_LIFE", "position.valid_to"},
        RuleCase{"MovesUnderItsHolder",
                 PositionMessage("pos-1", "cluster_leader", "kl-vvk-02", "2024-01-01"),
                 "POSITION_MISMATCH", "position.unit_id"},
        RuleCase{
            "UnitEndsUnderIt",
            UnitMessage("e-vvk-02-01", "kindergarten", "kl-vvk-02", "2020-01-01", "2023-01-01"),
            "UNIT_IN_USE", "unit.valid_to"},
        RuleCase{
            "UnknownPosition",
            Filling(AssignmentMessage("a-x", "p-kl-2", "cluster_leader", "kl-vvk-02"), "pos-none"),
            "POSITION_NOT_FOUND", "assignment.position_id"},
        RuleCase{
            "PositionOfAnotherUnit",
            Filling(AssignmentMessage("a-x", "p-kl-2", "cluster_leader", "kl-vvk-02"), "pos-1"),
            "POSITION_MISMATCH", "assignment.position_id"},
        RuleCase{"HeldAlready",
                 Filling(AssignmentMessage("a-x", "p-kl-2", "pedagogical_leader", "e-vvk-02-01",
                                           "2022-05-31"),
                         "pos-3"),
                 "POSITION_TAKEN", "assignment.position_id"},
        RuleCase{"OutlivesThePosition", LeaderOf("pos-2", "p-kl-2", "2023-01-01"),
                 "OUTSIDE_POSITION_LIFE", "assignment.valid_to"},
        RuleCase{"HoldsTheRoleBesideThePosition",
                 AssignmentMessage("a-x", "p-kl-2", "cluster_leader", "kl-vvk-02", "2023-06-01",
                                   "2023-07-01"),
                 "POSITION_NOT_NAMED", "assignment.position_id"},
        RuleCase{"StandsInForThemself",
                 SubstitutionMessage("s-x", "pos-1", "p-kl-1", "2022-01-01", "2022-02-01"),
                 "SUBSTITUTE_IS_HOLDER", "substitution.person_id"},
        RuleCase{"SecondSubstitute",
                 SubstitutionMessage("s-x", "pos-1", "p-kl-2", "2022-05-31", "2022-06-02"),
                 "SUBSTITUTION_OVERLAP", "substitution.valid_from"},
        RuleCase{"StandsInWithoutEndAtAPositionThatEnds",
                 SubstitutionMessage("s-x", "pos-2", "p-kl-2"), "OUTSIDE_POSITION_LIFE",
                 "substitution.valid_to"},
        RuleCase{"StandsInNowhere", SubstitutionMessage("s-x", "pos-none", "p-kl-2"),
                 "POSITION_NOT_FOUND", "substitution.position_id"},
        RuleCase{"NobodyStandsIn",
                 SubstitutionMessage("s-x", "pos-2", "p-none", "2023-01-01", "2023-02-01"),
                 "PERSON_NOT_FOUND", "substitution.person_id"}),
    [](const auto& tested) { return tested.param.name; });

TEST(PositionRules, LetOneHolderFollowAnother) {
  const ImportPlan plan = Plan(*CityWithPositions(), {LeaderOf("pos-1", "p-kl-2", "2022-06-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("CREATED"));
}

TEST(PositionRules, LetASubstituteTakeThePositionOver) {
  const ImportPlan plan = Plan(*CityWithPositions(), {LeaderOf("pos-1", "p-pl-2", "2022-06-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("CREATED"));
  const ImportPlan too_early =
      Plan(*Applied(*CityWithPositions(),
                    Plan(*CityWithPositions(),
                         {SubstitutionMessage("s-x", "pos-1", "p-pl-2", "2022-06-01")})),
           {LeaderOf("pos-1", "p-pl-2", "2022-09-01")});
  EXPECT_THAT(Outcomes(too_early), ElementsAre("SUBSTITUTE_IS_HOLDER"));
}

TEST(PositionRules, KeepExistingAssignmentsOfARoleWithoutPositions) {
  const auto city = SmallCity().BuildTree();
  EXPECT_THAT(
      Outcomes(Plan(*city, {PositionMessage("pos-x", "pedagogical_leader", "e-vvk-01-01")})),
      ElementsAre("CREATED"))
      << "a role that several may hold can have a position beside an assignment without one";
}

TEST(PositionRules, AskThatTheHolderOfAnExclusiveRoleMovesIntoItsPosition) {
  const auto city = SmallCity().BuildTree();
  const Message position = PositionMessage("pos-1", "cluster_leader", "kl-vvk-01");
  const ImportPlan alone = Plan(*city, {position});
  EXPECT_THAT(Outcomes(alone), ElementsAre("POSITION_NOT_NAMED"));
  EXPECT_THAT(alone.verdicts[0].problems[0].description,
              HasSubstr("a-p-kl-1-kl-vvk-01-2020-01-01"));
  EXPECT_THAT(
      Outcomes(
          Plan(*city, {position, Filling(AssignmentMessage("a-p-kl-1-kl-vvk-01-2020-01-01",
                                                           "p-kl-1", "cluster_leader", "kl-vvk-01"),
                                         "pos-1")})),
      ElementsAre("CREATED", "UPDATED"));
}

TEST(PositionRules, SayThatAnAssignmentDependsOnARejectedPosition) {
  const ImportPlan plan = Plan(
      *SmallCity().BuildTree(),
      {WithResponsibility(PositionMessage("pos-x", "pedagogical_leader", "e-vvk-01-01"), ""),
       Filling(AssignmentMessage("a-x", "p-kl-2", "pedagogical_leader", "e-vvk-01-01"), "pos-x"),
       SubstitutionMessage("s-x", "pos-x", "p-kl-1")});
  EXPECT_THAT(Outcomes(plan),
              ElementsAre("INVALID_FIELDS", "DEPENDS_ON_REJECTED_ROW", "DEPENDS_ON_REJECTED_ROW"));
}

TEST(PositionRules, TakeRowsInAnyOrderAndChangeNothingTheSecondTime) {
  std::vector<Message> messages = Messages(CityWithPositions()->organisation());
  std::reverse(messages.begin(), messages.end());
  const auto nothing = OrganisationBuilder().BuildTree();
  const ImportPlan plan = Plan(*nothing, messages);
  EXPECT_THAT(Outcomes(plan), Each("CREATED"));
  EXPECT_THAT(Outcomes(Plan(*Applied(*nothing, plan), messages)), Each("UNCHANGED"));
}

TEST(PositionRules, KeepResponsibilitiesWhenTheHolderChanges) {
  auto tree = CityWithPositions();
  tree = Applied(
      *tree,
      Plan(*tree, {WithResponsibility(PositionMessage("pos-1", "cluster_leader", "kl-vvk-01"),
                                      "Økonomi for hele klyngen")}));
  tree = Applied(*tree, Plan(*tree, {LeaderOf("pos-1", "p-kl-2", "2022-06-01")}));
  EXPECT_EQ(tree->positions().HolderOn("pos-1", D("2022-06-01"))->person_id, "p-kl-2");
  EXPECT_THAT(tree->positions().Find("pos-1")->responsibilities,
              ElementsAre("Økonomi for hele klyngen"));
}

}  // namespace
}  // namespace klynge::organisation
