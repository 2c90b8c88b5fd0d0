#include "services/organisation/reorganisation_outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/client/lineage.h"
#include "services/organisation/reorganisation_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kBefore[] = "2023-12-31";
constexpr char kDay[] = "2024-01-01";

std::shared_ptr<const Tree> Done(const Tree& before, const std::vector<Step>& steps) {
  const ReorganisationOutcome outcome = WorkOut(before, Drafted(steps));
  EXPECT_THAT(Obstacles(outcome), IsEmpty());
  return Applied(before, outcome.plan);
}

std::vector<std::string> ObstaclesOf(const OrganisationBuilder& city,
                                     const std::vector<Step>& steps) {
  const auto before = city.BuildTree();
  return Obstacles(WorkOut(*before, Drafted(steps)));
}

std::vector<std::string> PersonsAt(const Tree& tree, absl::string_view unit_id,
                                   absl::string_view on) {
  std::vector<std::string> persons;
  for (const Assignment* held : tree.AssignmentsAt(unit_id, D(on))) {
    persons.push_back(held->person_id);
  }
  return persons;
}

TEST(ReorganisationTest, MovesAndRenamesFromTheDay) {
  const auto before = SmallCity().BuildTree();
  const auto after =
      Done(*before, {MoveStep("e-vvk-01-02", "kl-vvk-02"), RenameStep("e-vvk-01-02", "Klubben"),
                     RenameStep("kl-vvk-02", "Klynge To")});
  EXPECT_EQ(after->FindUnit("e-vvk-01-02", D(kBefore))->parent_id, "kl-vvk-01");
  EXPECT_EQ(after->FindUnit("e-vvk-01-02", D(kDay))->parent_id, "kl-vvk-02");
  EXPECT_EQ(after->FindUnit("e-vvk-01-02", D(kDay))->name, "Klubben");
  EXPECT_EQ(after->FindUnit("kl-vvk-02", D(kDay))->name, "Klynge To");
  EXPECT_THAT(after->Team("kl-vvk-02", D(kDay)).PersonIds(), ElementsAre("p-kl-2", "p-pl-2"));
}

TEST(ReorganisationTest, LaterVersionsFollowWhereTheySayTheSame) {
  OrganisationBuilder city = SmallCity();
  Organisation organisation = city.Build();
  for (UnitVersion& unit : organisation.units.Change()) {
    if (unit.unit_id == "e-vvk-01-02") unit.valid.to = D("2025-01-01");
  }
  organisation.units.push_back(
      {"e-vvk-01-02", "club", "Klub 2025", "kl-vvk-01", {D("2025-01-01"), kOpenEnd}});
  const auto before = std::make_shared<const Tree>(organisation, 1);
  const auto after =
      Done(*before, {MoveStep("e-vvk-01-02", "kl-vvk-02"), RenameStep("e-vvk-01-02", "Klubben")});
  EXPECT_EQ(after->FindUnit("e-vvk-01-02", D("2024-06-01"))->name, "Klubben");
  EXPECT_EQ(after->FindUnit("e-vvk-01-02", D("2025-06-01"))->name, "Klub 2025");
  EXPECT_EQ(after->FindUnit("e-vvk-01-02", D("2025-06-01"))->parent_id, "kl-vvk-02");
}

TEST(ReorganisationTest, MergesAClusterIntoAnother) {
  const auto before = SmallCity().BuildTree();
  const auto after = Done(*before, {MergeStep({"kl-vvk-02"}, NewUnit("kl-vvk-01"))});
  EXPECT_EQ(after->FindUnit("kl-vvk-02", D(kDay)), nullptr);
  EXPECT_THAT(after->Subtree("kl-vvk-01", D(kDay)),
              ElementsAre("kl-vvk-01", "e-vvk-01-01", "e-vvk-01-02", "e-vvk-02-01"));
  EXPECT_EQ(after->Team("kl-vvk-01", D(kDay)).leader->person_id, "p-kl-1");
  EXPECT_THAT(PersonsAt(*after, "kl-vvk-02", kBefore), ElementsAre("p-kl-2"));
  EXPECT_EQ(after->Indexed<Lineage>().StandsFor("kl-vvk-02", D(kDay))->unit_id, "kl-vvk-01");
}

OrganisationBuilder TwoNurseries() {
  OrganisationBuilder city = SmallCity();
  city.Unit("e-a", "nursery", "kl-vvk-01").Unit("e-b", "nursery", "kl-vvk-01");
  city.Someone("p-a").Someone("p-b").Someone("p-c");
  city.Assign("p-a", "pedagogical_leader", "e-a").Assign("p-b", "pedagogical_leader", "e-b");
  city.Position("pos-b", "pedagogical_leader", "e-b").Hold("p-c", "pos-b");
  city.StandIn("p-a", "pos-b", "2023-06-01", "2024-06-01");
  return city;
}

TEST(ReorganisationTest, WhatAUnitMayHaveSeveralOfGoesOnInTheMergedOne) {
  const auto before = TwoNurseries().BuildTree();
  const auto after = Done(*before, {MergeStep({"e-a", "e-b"}, NewUnit("e-ab", "Stjernen"))});
  EXPECT_EQ(after->FindUnit("e-ab", D(kDay))->kind, "nursery");
  EXPECT_EQ(after->FindUnit("e-ab", D(kDay))->parent_id, "kl-vvk-01");
  EXPECT_THAT(PersonsAt(*after, "e-ab", kDay), UnorderedElementsAre("p-a", "p-b", "p-c"));
  const auto positions = after->positions().At("e-ab", D(kDay));
  ASSERT_EQ(positions.size(), 1u);
  EXPECT_EQ(after->positions().HolderOn(positions[0]->position_id, D(kDay))->person_id, "p-c");
  const Substitution* substitute =
      after->positions().SubstituteOn(positions[0]->position_id, D(kDay));
  ASSERT_NE(substitute, nullptr);
  EXPECT_EQ(substitute->valid.to, D("2024-06-01"));
  EXPECT_THAT(after->positions().At("e-b", D(kBefore)), ::testing::SizeIs(1));
  EXPECT_EQ(after->organisation().successions.size(), 2u);
}

TEST(ReorganisationTest, WhatIsRegisteredForLaterMovesAlong) {
  OrganisationBuilder city = TwoNurseries();
  city.Someone("p-d").Assign("p-d", "pedagogical_leader", "e-a", "2024-03-01");
  const auto before = city.BuildTree();
  const auto after = Done(*before, {MergeStep({"e-a"}, NewUnit("e-b"))});
  EXPECT_THAT(PersonsAt(*after, "e-b", "2024-03-01"),
              UnorderedElementsAre("p-a", "p-b", "p-c", "p-d"));
}

TEST(ReorganisationTest, SplitsAClusterWithSeatsAndChildrenAllotted) {
  OrganisationBuilder city = SmallCity();
  city.Position("pos-kl-2", "cluster_leader", "kl-vvk-02", "2022-01-01");
  Organisation organisation = city.Build();
  organisation.units.push_back(
      {"e-vvk-02-02", "club", "Klub", "kl-vvk-02", {D("2020-01-01"), kOpenEnd}});
  for (Assignment& held : organisation.assignments.Change()) {
    if (held.person_id == "p-kl-2") held.valid.to = D("2022-01-01");
  }
  organisation.assignments.push_back(
      {"a-kl-2", "p-kl-2", "cluster_leader", "kl-vvk-02", {D("2022-01-01"), kOpenEnd}, "pos-kl-2"});
  const auto before = std::make_shared<const Tree>(organisation, 1);
  const auto after = Done(
      *before, {SplitStep("kl-vvk-02",
                          {{NewUnit("kl-a", "Klynge A"), {"e-vvk-02-01"}, {"pos-kl-2"}, {}, true},
                           {NewUnit("kl-b", "Klynge B"), {"e-vvk-02-02"}}}),
                ReassignRoleStep("p-pl-2", "cluster_leader", "kl-b", true)});
  EXPECT_EQ(after->FindUnit("kl-vvk-02", D(kDay)), nullptr);
  EXPECT_EQ(after->Team("kl-a", D(kDay)).leader->person_id, "p-kl-2");
  EXPECT_EQ(after->Team("kl-b", D(kDay)).leader->person_id, "p-pl-2");
  EXPECT_THAT(PersonsAt(*after, "e-vvk-01-02", kDay), IsEmpty());
  EXPECT_EQ(after->FindUnit("e-vvk-02-02", D(kDay))->parent_id, "kl-b");
  EXPECT_EQ(after->Indexed<Lineage>().StandsFor("kl-vvk-02", D(kDay))->unit_id, "kl-a");
}

TEST(ReorganisationTest, AUnitThatIsAPartOfItselfLivesOn) {
  OrganisationBuilder city = SmallCity();
  const auto before = city.BuildTree();
  const auto after =
      Done(*before, {SplitStep("kl-vvk-01", {{NewUnit("kl-vvk-01"), {"e-vvk-01-01"}},
                                             {NewUnit("kl-new", "Ny"), {"e-vvk-01-02"}}})});
  EXPECT_EQ(after->Team("kl-vvk-01", D(kDay)).leader->person_id, "p-kl-1");
  EXPECT_THAT(after->Subtree("kl-new", D(kDay)), ElementsAre("kl-new", "e-vvk-01-02"));
  ASSERT_EQ(after->organisation().successions.size(), 1u);
  EXPECT_EQ(after->organisation().successions[0].to_unit_id, "kl-new");
}

TEST(ReorganisationTest, ClosingEndsWhatSitsThere) {
  OrganisationBuilder city = TwoNurseries();
  city.With(Partner{"school", "school", "Skole", {D("2020-01-01"), kOpenEnd}});
  city.Kind(PartnerKind{"school", "Skole", "School"});
  city.Kind(PartnershipKind{"kind", "Sam", "Co", {"nursery"}, {"school"}, {}});
  city.With(Partnership{"ps", "kind", "e-b", "school", "", "", {D("2020-01-01"), kOpenEnd}});
  const auto before = city.BuildTree();
  const auto after = Done(*before, {CloseStep("e-b")});
  EXPECT_EQ(after->FindUnit("e-b", D(kDay)), nullptr);
  EXPECT_THAT(PersonsAt(*after, "e-b", kDay), IsEmpty());
  EXPECT_EQ(after->organisation().partnerships[0].valid.to, D(kDay));
  EXPECT_EQ(after->organisation().positions[0].valid.to, D(kDay));
  EXPECT_EQ(after->organisation().substitutions[0].valid.to, D(kDay));
}

TEST(ReorganisationTest, AnOpenedUnitCanBeUsedByLaterSteps) {
  const auto before = SmallCity().BuildTree();
  const auto after = Done(*before, {OpenStep(NewUnit("kl-3", "Tre", "cluster", "omr-vvk")),
                                    MoveStep("e-vvk-01-01", "kl-3"),
                                    ReassignRoleStep("p-pl-1", "cluster_leader", "kl-3")});
  EXPECT_EQ(after->Team("kl-3", D(kDay)).leader->person_id, "p-pl-1");
}

TEST(ReorganisationTest, ReassigningEndsTheHolderAndEmptyVacates) {
  OrganisationBuilder city = TwoNurseries();
  const auto before = city.BuildTree();
  auto after = Done(*before, {ReassignStep("p-b", "pos-b"),
                              ReassignRoleStep("p-a", "cluster_leader", "kl-vvk-01")});
  EXPECT_EQ(after->positions().HolderOn("pos-b", D(kBefore))->person_id, "p-c");
  EXPECT_EQ(after->positions().HolderOn("pos-b", D(kDay))->person_id, "p-b");
  EXPECT_EQ(after->Team("kl-vvk-01", D(kDay)).leader->person_id, "p-a");
  after = Done(*before, {ReassignStep("", "pos-b")});
  EXPECT_EQ(after->positions().HolderOn("pos-b", D(kDay)), nullptr);
}

TEST(ReorganisationTest, TellsAllThatStandsInTheWayByStep) {
  EXPECT_THAT(
      ObstaclesOf(
          SmallCity(),
          {MoveStep("kl-9", "omr-vvk"), MoveStep("omr-vvk", "kl-vvk-01"), Step(),
           MergeStep({}, NewUnit("kl-vvk-01")), MergeStep({"kl-vvk-01"}, NewUnit("kl-vvk-01")),
           OpenStep(NewUnit("kl-vvk-02", "Igen", "cluster", "omr-vvk")),
           OpenStep(NewUnit("e-x", "X", "nursery", "kl-9")), RenameStep("kl-vvk-02", ""),
           ReassignRoleStep("", "pedagogical_leader", "e-x"), ReassignStep("p-kl-1", "pos-9"),
           ReassignRoleStep("p-9", "club", "")}),
      ElementsAre("1 UNIT_NOT_FOUND move_unit.unit_id", "2 TREE_CYCLE unit.parent_id",
                  "2 PARENT_KIND_NOT_ALLOWED unit.parent_id", "3 INVALID_FIELDS step",
                  "4 INVALID_FIELDS merge_units.from_unit_ids",
                  "5 INVALID_FIELDS merge_units.from_unit_ids",
                  "6 STEP_NOT_POSSIBLE open_unit.unit.unit_id", "7 PARENT_NOT_FOUND unit.parent_id",
                  "8 INVALID_FIELDS unit.name", "9 STEP_NOT_POSSIBLE reassign.person_id",
                  "10 STEP_NOT_POSSIBLE reassign.position_id",
                  "11 STEP_NOT_POSSIBLE reassign.position_id"));
}

TEST(ReorganisationTest, ASplitAllotsEverythingOnce) {
  EXPECT_THAT(
      ObstaclesOf(SmallCity(), {SplitStep("kl-vvk-01", {{NewUnit("a", "A"), {"e-vvk-01-01"}},
                                                        {NewUnit("b", "B"), {"e-vvk-01-01"}}})}),
      ElementsAre("1 STEP_NOT_POSSIBLE split_unit.parts[1].child_unit_ids[0]",
                  "1 STEP_NOT_POSSIBLE split_unit.parts", "1 UNIT_IN_USE unit.valid_to"));
}

TEST(ReorganisationTest, ClosingAUnitWithChildrenNamesThem) {
  EXPECT_THAT(ObstaclesOf(SmallCity(), {CloseStep("kl-vvk-01")}),
              Contains("1 UNIT_IN_USE unit.valid_to"));
}

TEST(ReorganisationTest, AUnitCannotBeChangedAndClosedOnTheSameDay) {
  EXPECT_THAT(ObstaclesOf(SmallCity(), {RenameStep("e-vvk-01-01", "X"), CloseStep("e-vvk-01-01")}),
              Contains("2 STEP_NOT_POSSIBLE close_unit.unit_id"));
}

TEST(ReorganisationTest, WhatOnlyBeginsLaterAtAClosedUnitIsToldNotLost) {
  OrganisationBuilder city = SmallCity();
  city.Someone("p-d").Assign("p-d", "pedagogical_leader", "e-vvk-01-01", "2024-03-01");
  EXPECT_THAT(ObstaclesOf(city, {CloseStep("e-vvk-01-01")}),
              Contains("1 STEP_NOT_POSSIBLE close_unit.unit_id"));
}

TEST(ReorganisationTest, ThePreviewShowsTheDayWithAndWithoutIt) {
  const auto before = SmallCity().BuildTree();
  const ReorganisationOutcome outcome = WorkOut(
      *before, Drafted({MergeStep({"kl-vvk-01", "kl-vvk-02"}, NewUnit("kl-3", "Klynge Tre"))}));
  v1::PreviewReorganisationResponse preview;
  DescribeOutcome(*before, outcome, D(kDay), &preview);
  std::vector<std::string> units, teams, roles, gaps;
  for (const auto& unit : preview.units()) {
    units.push_back(unit.unit_id() + " " + v1::UnitDifferenceKind_Name(unit.kinds(0)).substr(21));
  }
  for (const auto& team : preview.teams()) teams.push_back(team.cluster_id());
  for (const auto& role : preview.roles()) {
    roles.push_back(role.person_id() + (role.begins() ? " begins" : " ends"));
  }
  for (const auto& gap : preview.gaps()) gaps.push_back(gap.text().en());
  EXPECT_THAT(units, ElementsAre("e-vvk-01-01 MOVED", "e-vvk-01-02 MOVED", "e-vvk-02-01 MOVED",
                                 "kl-3 OPENED", "kl-vvk-01 CLOSED", "kl-vvk-02 CLOSED"));
  EXPECT_THAT(teams, ElementsAre("kl-3", "kl-vvk-01", "kl-vvk-02"));
  EXPECT_THAT(roles, ElementsAre("p-kl-1 ends", "p-kl-2 ends"));
  EXPECT_THAT(gaps, ElementsAre("Klynge Tre has no cluster leader"));
  EXPECT_THAT(preview.teams(0).joined_person_ids(), ElementsAre("p-pl-1", "p-pl-2"));
  EXPECT_EQ(preview.successions_size(), 2);
  EXPECT_EQ(preview.rows_size(), static_cast<int>(outcome.rows.size()));
}

TEST(ReorganisationTest, TasksForAUnitEndWhenItComesToStandInAnotherCluster) {
  OrganisationBuilder city = SmallCity();
  city.Position("pos-kl-1", "cluster_leader", "kl-vvk-01", "2023-01-01");
  Organisation organisation = city.Build();
  organisation.tasks.push_back(
      {"songs", "Sange", "Songs", "professional", {"nursery"}, 10, false, {}});
  organisation.responsibilities.push_back(
      {"r-1", "songs", "e-vvk-01-01", "pos-kl-1", 10, {D("2023-01-01"), kOpenEnd}});
  const auto before = std::make_shared<const Tree>(organisation, 1);
  EXPECT_EQ(Done(*before, {MoveStep("e-vvk-01-01", "kl-vvk-02")})
                ->organisation()
                .responsibilities[0]
                .valid.to,
            D(kDay));
  EXPECT_EQ(
      Done(*before, {RenameStep("e-vvk-01-01", "Ny")})->organisation().responsibilities[0].valid.to,
      kOpenEnd);
}

TEST(ReorganisationTest, TasksGoAlongWithTheirPositionsAndWhatIsLeftIsAGap) {
  OrganisationBuilder city = TwoNurseries();
  Organisation organisation = city.Build();
  organisation.substitutions = {};
  organisation.leadership_kinds.push_back({"professional", "Faglig", "Professional", "", true});
  organisation.tasks.push_back(
      {"songs", "Sange", "Songs", "professional", {"nursery"}, 10, false, {}});
  organisation.responsibilities.push_back(
      {"r-1", "songs", "e-b", "pos-b", 10, {D("2020-01-01"), kOpenEnd}});
  const auto before = std::make_shared<const Tree>(organisation, 1);
  const auto gaps = [&](const std::vector<Step>& steps) {
    const ReorganisationOutcome outcome = WorkOut(*before, Drafted(steps));
    EXPECT_THAT(Obstacles(outcome), IsEmpty());
    v1::PreviewReorganisationResponse preview;
    DescribeOutcome(*before, outcome, D(kDay), &preview);
    std::vector<std::string> tasks;
    for (const auto& gap : preview.gaps()) {
      if (!gap.task().empty()) tasks.push_back(gap.unit_id() + " " + gap.task());
    }
    return tasks;
  };
  EXPECT_THAT(gaps({MergeStep({"e-b"}, NewUnit("e-ab", "Stjernen"))}), IsEmpty());
  EXPECT_THAT(gaps({MoveStep("e-b", "kl-vvk-02")}), IsEmpty());
  EXPECT_THAT(gaps({ReassignStep("", "pos-b")}), ElementsAre("e-b songs"));
  EXPECT_THAT(gaps({OpenStep(NewUnit("e-c", "C", "nursery", "kl-vvk-01"))}),
              ElementsAre("e-c songs"));
}

}  // namespace
}  // namespace klynge::organisation
