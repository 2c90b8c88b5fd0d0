#include "services/organisation/client/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/client/convert.h"
#include "services/organisation/client/test_support.h"

namespace klynge::organisation {
namespace {

using testing::D;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::IsNull;
using ::testing::NotNull;
using testing::OrganisationBuilder;
using ::testing::Pointee;
using testing::SmallCity;

TEST(Tree, FindsAUnitAsItWasThatDay) {
  auto tree = SmallCity()
                  .Unit("e-new", "nursery", "kl-vvk-01", "2021-01-01", "2022-01-01")
                  .Unit("e-new", "integrated_day_care", "kl-vvk-02", "2022-01-01")
                  .BuildTree();
  ASSERT_THAT(tree->FindUnit("e-new", D("2021-12-31")), NotNull());
  EXPECT_EQ(tree->FindUnit("e-new", D("2021-12-31"))->parent_id, "kl-vvk-01");
  EXPECT_EQ(tree->FindUnit("e-new", D("2022-01-01"))->kind, "integrated_day_care");
  EXPECT_EQ(tree->Versions("e-new").size(), 2u);
}

TEST(Tree, DoesNotFindAUnitBeforeItBeginsOrAfterItEnds) {
  auto tree =
      SmallCity().Unit("e-new", "nursery", "kl-vvk-01", "2021-01-01", "2022-01-01").BuildTree();
  EXPECT_THAT(tree->FindUnit("e-new", D("2020-12-31")), IsNull());
  EXPECT_THAT(tree->FindUnit("e-new", D("2022-01-01")), IsNull());
  EXPECT_TRUE(tree->Exists("e-new"));
  EXPECT_FALSE(tree->Exists("e-old"));
}

TEST(Tree, ListsASubtreeParentsBeforeChildrenAndSiblingsById) {
  auto tree = SmallCity().BuildTree();
  EXPECT_THAT(tree->Subtree("omr-vvk", D("2021-09-01")),
              ElementsAre("omr-vvk", "kl-vvk-01", "e-vvk-01-01", "e-vvk-01-02", "kl-vvk-02",
                          "e-vvk-02-01", "net-vvk-01", "e-net-01-01"));
  EXPECT_THAT(tree->Subtree("nowhere", D("2021-09-01")), IsEmpty());
}

TEST(Tree, MovesAUnitOnTheDayOfTheMove) {
  auto tree = SmallCity()
                  .Unit("e-moving", "club", "kl-vvk-01", "2020-01-01", "2022-08-01")
                  .Unit("e-moving", "club", "kl-vvk-02", "2022-08-01")
                  .BuildTree();
  EXPECT_TRUE(tree->IsWithin("e-moving", "kl-vvk-01", D("2022-07-31")));
  EXPECT_FALSE(tree->IsWithin("e-moving", "kl-vvk-01", D("2022-08-01")));
  EXPECT_THAT(tree->Subtree("kl-vvk-02", D("2022-08-01")),
              ElementsAre("kl-vvk-02", "e-moving", "e-vvk-02-01"));
}

TEST(Tree, ListsAncestorsNearestFirst) {
  auto tree = SmallCity().BuildTree();
  EXPECT_THAT(tree->AncestorVersions("e-vvk-01-01", D("2021-09-01")),
              ElementsAre(Pointee(Field(&UnitVersion::unit_id, "kl-vvk-01")),
                          Pointee(Field(&UnitVersion::unit_id, "omr-vvk")),
                          Pointee(Field(&UnitVersion::unit_id, "buf"))));
  EXPECT_THAT(tree->AncestorVersions("buf", D("2021-09-01")), IsEmpty());
}

TEST(Tree, AnswersEvenWhenItsUnitsFormACycle) {
  auto tree = OrganisationBuilder().Unit("a", "area", "b").Unit("b", "area", "a").BuildTree();
  EXPECT_EQ(tree->Subtree("a", D("2021-01-01")).size(), 2u);
  EXPECT_EQ(tree->AncestorVersions("a", D("2021-01-01")).size(), 2u);
}

TEST(Tree, IsTheSameButForNamesOfPersonsAfterATripThroughItsSnapshot) {
  const Organisation city = SmallCity().BuildTree()->organisation();
  auto tree = Tree::FromSnapshot(ToSnapshot(city, 42));
  EXPECT_EQ(tree->revision(), 42);
  EXPECT_EQ(tree->organisation().units, city.units);
  std::vector<Person> nameless = city.persons.all();
  for (Person& person : nameless) person.name.clear();
  EXPECT_EQ(tree->organisation().persons.all(), nameless);
  EXPECT_EQ(tree->organisation().assignments, city.assignments);
  EXPECT_EQ(tree->organisation().unit_kinds, city.unit_kinds);
  EXPECT_EQ(tree->organisation().roles, city.roles);
}

TEST(LeadershipTeam, IsTheClusterLeaderAndThePedagogicalLeadersOfItsUnits) {
  const LeadershipTeam team = SmallCity().BuildTree()->Team("kl-vvk-01", D("2021-09-01"));
  EXPECT_THAT(team.PersonIds(), ElementsAre("p-kl-1", "p-pl-1", "p-pl-2"));
  EXPECT_THAT(team.unled_unit_ids, IsEmpty());
}

TEST(LeadershipTeam, HasNoLeaderBetweenTwoAssignments) {
  auto tree = OrganisationBuilder(SmallCity())
                  .Unit("kl-x", "cluster", "omr-vvk")
                  .Assign("p-kl-1", "cluster_leader", "kl-x", "2021-01-01", "2021-06-01")
                  .Assign("p-kl-2", "cluster_leader", "kl-x", "2021-08-01")
                  .BuildTree();
  EXPECT_EQ(tree->Team("kl-x", D("2021-05-31")).leader->person_id, "p-kl-1");
  EXPECT_FALSE(tree->Team("kl-x", D("2021-06-01")).leader);
  EXPECT_FALSE(tree->Team("kl-x", D("2021-07-31")).leader);
  EXPECT_EQ(tree->Team("kl-x", D("2021-08-01")).leader->person_id, "p-kl-2");
}

TEST(LeadershipTeam, OfASelfOwnedNetworkHasMembersAndNoLeader) {
  auto tree = SmallCity().BuildTree();
  const LeadershipTeam team = tree->Team("net-vvk-01", D("2021-09-01"));
  EXPECT_TRUE(tree->HasTeam("net-vvk-01", D("2021-09-01")));
  EXPECT_FALSE(team.leader);
  EXPECT_THAT(team.PersonIds(), ElementsAre("p-pl-3"));
}

TEST(LeadershipTeam, ListsAPersonWhoLeadsTwoUnitsOnce) {
  auto tree = SmallCity().Assign("p-pl-1", "pedagogical_leader", "e-vvk-01-02").BuildTree();
  const LeadershipTeam team = tree->Team("kl-vvk-01", D("2021-09-01"));
  ASSERT_EQ(team.members.size(), 2u);
  EXPECT_THAT(team.members[0].unit_ids, ElementsAre("e-vvk-01-01", "e-vvk-01-02"));
}

TEST(LeadershipTeam, ListsALeaderWhoAlsoLeadsAUnitOnlyAsLeader) {
  auto tree = SmallCity().Assign("p-kl-1", "pedagogical_leader", "e-vvk-01-02").BuildTree();
  EXPECT_THAT(tree->Team("kl-vvk-01", D("2021-09-01")).PersonIds(),
              ElementsAre("p-kl-1", "p-pl-1", "p-pl-2"));
}

TEST(LeadershipTeam, ShowsInstitutionsWithoutAPedagogicalLeader) {
  EXPECT_THAT(SmallCity().BuildTree()->Team("kl-vvk-02", D("2021-09-01")).unled_unit_ids,
              ElementsAre("e-vvk-02-01"));
}

TEST(LeadershipTeam, IsEmptyForAUnitThatHasNone) {
  auto tree = SmallCity().BuildTree();
  EXPECT_TRUE(tree->Team("omr-vvk", D("2021-09-01")).empty());
  EXPECT_TRUE(tree->Team("nowhere", D("2021-09-01")).empty());
}

}  // namespace
}  // namespace klynge::organisation
