#include "services/organisation/client/leadership_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/client/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

const Date kDay = D("2022-03-01");

// "p-1" or "p-1 for p-2" or "p-1 at pos-1", one for each leader; "@unit" where they were found.
std::string Led(const Leadership& leadership) {
  std::string text;
  for (const ResponsibleLeader& leader : leadership.leaders) {
    text += leader.person_id;
    if (leader.substitution != nullptr) {
      text += leader.stands_in_for.empty() ? " at " + leader.position_id
                                           : " for " + leader.stands_in_for;
    }
    text += " ";
  }
  return text + (leadership.found_at == nullptr ? "nobody" : "@" + leadership.found_at->unit_id);
}

std::string Led(const OrganisationBuilder& city, const char* unit_id, Date on = kDay) {
  const auto tree = city.BuildTree();
  return Led(FindLeadership(*tree, unit_id, on));
}

TEST(LeadershipChain, FindsTheUnitsOwnLeader) {
  EXPECT_EQ(Led(SmallCity(), "e-vvk-01-01"), "p-pl-1 @e-vvk-01-01");
  EXPECT_EQ(Led(SmallCity(), "kl-vvk-01"), "p-kl-1 @kl-vvk-01");
}

TEST(LeadershipChain, InheritsTheLeaderOfTheUnitAbove) {
  const auto tree = SmallCity().BuildTree();
  const Leadership leadership = FindLeadership(*tree, "e-vvk-02-01", kDay);
  EXPECT_EQ(Led(leadership), "p-kl-2 @kl-vvk-02");
  ASSERT_EQ(leadership.passed_over.size(), 1u);
  EXPECT_EQ(leadership.passed_over[0].unit->unit_id, "e-vvk-02-01");
  EXPECT_TRUE(leadership.passed_over[0].can_have_leader);
  EXPECT_THAT(leadership.passed_over[0].vacancies, IsEmpty());
}

TEST(LeadershipChain, GoesThroughANetworkWhichHasNoLeaderOfItsOwn) {
  OrganisationBuilder city = SmallCity();
  city.Someone("p-chief").Assign("p-chief", "area_chief", "omr-vvk");
  const auto tree = city.BuildTree();
  const Leadership leadership = FindLeadership(*tree, "net-vvk-01", kDay);
  EXPECT_EQ(Led(leadership), "p-chief @omr-vvk");
  ASSERT_EQ(leadership.passed_over.size(), 1u);
  EXPECT_FALSE(leadership.passed_over[0].can_have_leader);
}

TEST(LeadershipChain, IsSharedByAllWhoLeadTheSameUnit) {
  OrganisationBuilder city = SmallCity();
  city.Assign("p-pl-2", "pedagogical_leader", "e-vvk-01-01");
  EXPECT_EQ(Led(city, "e-vvk-01-01"), "p-pl-1 p-pl-2 @e-vvk-01-01");
}

TEST(LeadershipChain, ListsOnceWhoLeadsAUnitInTwoWays) {
  OrganisationBuilder city = SmallCity();
  city.Position("pos-x", "pedagogical_leader", "e-vvk-01-01").Hold("p-pl-1", "pos-x");
  EXPECT_EQ(Led(city, "e-vvk-01-01"), "p-pl-1 @e-vvk-01-01");
}

TEST(LeadershipChain, HasTheSubstituteWhileTheHolderIsAway) {
  OrganisationBuilder city = SmallCity();
  city.Someone("p-chief")
      .Position("pos-chief", "area_chief", "omr-vvk")
      .Hold("p-chief", "pos-chief");
  city.StandIn("p-kl-1", "pos-chief", "2022-03-01", "2022-04-01");
  EXPECT_EQ(Led(city, "omr-vvk", D("2022-02-28")), "p-chief @omr-vvk");
  EXPECT_EQ(Led(city, "omr-vvk", D("2022-03-01")), "p-kl-1 for p-chief @omr-vvk");
  EXPECT_EQ(Led(city, "omr-vvk", D("2022-04-01")), "p-chief @omr-vvk");
}

TEST(LeadershipChain, HasTheSubstituteAtAVacantPosition) {
  OrganisationBuilder city = SmallCity();
  city.Position("pos-chief", "area_chief", "omr-vvk").StandIn("p-kl-1", "pos-chief", "2022-03-01");
  EXPECT_EQ(Led(city, "omr-vvk"), "p-kl-1 at pos-chief @omr-vvk");
}

TEST(LeadershipChain, PassesAVacancyOverAndSaysWhich) {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("omr", "area", "buf").Unit("kl", "cluster", "omr");
  city.Someone("p-1").Someone("p-2").Assign("p-1", "board_member", "buf");
  city.Position("pos-chief", "area_chief", "omr");
  city.Position("pos-kl", "cluster_leader", "kl").Hold("p-2", "pos-kl", "2020-01-01", "2022-01-01");
  const auto tree = city.BuildTree();
  const Leadership leadership = FindLeadership(*tree, "kl", kDay);
  EXPECT_EQ(Led(leadership), "p-1 @buf");
  ASSERT_EQ(leadership.passed_over.size(), 2u);
  ASSERT_EQ(leadership.passed_over[0].vacancies.size(), 1u);
  EXPECT_EQ(leadership.passed_over[0].vacancies[0].position->position_id, "pos-kl");
  EXPECT_EQ(leadership.passed_over[0].vacancies[0].vacancy.from, D("2022-01-01"));
  EXPECT_EQ(leadership.passed_over[1].vacancies[0].position->position_id, "pos-chief");
}

TEST(LeadershipChain, TakesNoConsultantForALeader) {
  OrganisationBuilder city = SmallCity();
  city.Someone("p-consultant").Assign("p-consultant", "pedagogical_consultant", "omr-vvk");
  EXPECT_EQ(Led(city, "omr-vvk"), "nobody");
}

TEST(LeadershipChain, IsEmptyForAUnitThatDoesNotExistThatDay) {
  EXPECT_EQ(Led(SmallCity(), "kl-vvk-01", D("2019-01-01")), "nobody");
}

TEST(TeamPositions, ListTheTeamsVacanciesAndSubstitutes) {
  OrganisationBuilder city = SmallCity();
  city.Position("pos-b", "pedagogical_leader", "e-vvk-01-01");
  city.Position("pos-a", "pedagogical_leader", "e-vvk-01-02").Hold("p-pl-1", "pos-a");
  city.Position("pos-elsewhere", "pedagogical_leader", "e-vvk-02-01");
  city.StandIn("p-pl-2", "pos-a", "2022-01-01").StandIn("p-pl-3", "pos-b", "2022-01-01");
  const auto tree = city.BuildTree();
  const TeamPositions team = FindTeamPositions(*tree, "kl-vvk-01", kDay);
  ASSERT_EQ(team.vacancies.size(), 1u);
  EXPECT_EQ(team.vacancies[0].position->position_id, "pos-b");
  EXPECT_THAT(team.substitutes, ElementsAre(Field(&TeamSubstitute::stands_in_for, ""),
                                            Field(&TeamSubstitute::stands_in_for, "p-pl-1")));
}

}  // namespace
}  // namespace klynge::organisation
