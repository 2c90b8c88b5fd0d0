#include "services/organisation/client/team_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/client/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "2022-01-01 leader-went p-1", "… vacancy-began pos-1", one for each change.
std::vector<std::string> Told(const OrganisationBuilder& city, const std::string& cluster_id,
                              const char* from, const char* to) {
  static const char* const kWords[] = {"",
                                       "team-began",
                                       "team-ended",
                                       "leader-came",
                                       "leader-went",
                                       "member-came",
                                       "member-went",
                                       "units-changed",
                                       "vacancy-began",
                                       "vacancy-ended",
                                       "substitute-began",
                                       "substitute-ended"};
  std::vector<std::string> told;
  const auto tree = city.BuildTree();
  for (const TeamChange& change : TeamChanges(*tree, cluster_id, D(from), D(to))) {
    std::string text = FormatDate(change.date) + " " + kWords[static_cast<int>(change.kind)];
    if (!change.person_id.empty()) text += " " + change.person_id;
    for (const std::string& unit_id : change.unit_ids) text += " " + unit_id;
    if (!change.position_id.empty()) text += " " + change.position_id;
    told.push_back(text);
  }
  return told;
}

TEST(TeamHistory, TellsWhoLedBeforeAndAfterAVacancy) {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("omr", "area", "buf").Unit("kl", "cluster", "omr");
  city.Someone("p-1").Someone("p-2").Someone("p-3");
  city.Position("pos", "cluster_leader", "kl");
  city.Hold("p-1", "pos", "2020-01-01", "2022-01-01").Hold("p-2", "pos", "2022-06-01");
  city.StandIn("p-3", "pos", "2022-02-01", "2022-06-01");
  EXPECT_THAT(Told(city, "kl", "2021-01-01", "2023-01-01"),
              ElementsAre("2022-01-01 leader-went p-1 kl", "2022-01-01 vacancy-began pos",
                          "2022-02-01 substitute-began p-3 pos", "2022-06-01 leader-came p-2 kl",
                          "2022-06-01 vacancy-ended pos", "2022-06-01 substitute-ended p-3 pos"));
}

TEST(TeamHistory, TellsOfMembersWhoComeGoAndLeadOtherUnits) {
  OrganisationBuilder city = SmallCity();
  city.Someone("p-new").Assign("p-new", "pedagogical_leader", "e-vvk-01-01", "2021-01-01",
                               "2022-01-01");
  city.Assign("p-pl-1", "pedagogical_leader", "e-vvk-01-02", "2021-06-01");
  EXPECT_THAT(Told(city, "kl-vvk-01", "2020-06-01", "2023-01-01"),
              ElementsAre("2021-01-01 member-came p-new e-vvk-01-01",
                          "2021-06-01 units-changed p-pl-1 e-vvk-01-01 e-vvk-01-02",
                          "2022-01-01 member-went p-new e-vvk-01-01"));
}

TEST(TeamHistory, TellsOfAUnitThatMovesInWithItsLeader) {
  OrganisationBuilder city = SmallCity();
  city.Unit("e-x", "club", "kl-vvk-02", "2020-01-01", "2022-01-01");
  city.Unit("e-x", "club", "kl-vvk-01", "2022-01-01");
  city.Someone("p-x").Assign("p-x", "pedagogical_leader", "e-x");
  EXPECT_THAT(Told(city, "kl-vvk-01", "2021-01-01", "2023-01-01"),
              ElementsAre("2022-01-01 member-came p-x e-x"));
  EXPECT_THAT(Told(city, "kl-vvk-02", "2021-01-01", "2023-01-01"),
              ElementsAre("2022-01-01 member-went p-x e-x"));
}

TEST(TeamHistory, BeginsAndEndsWithTheCluster) {
  OrganisationBuilder city = SmallCity();
  city.Unit("kl-x", "cluster", "omr-vvk", "2021-01-01", "2022-01-01");
  city.Assign("p-pl-3", "cluster_leader", "kl-x", "2021-01-01", "2022-01-01");
  EXPECT_THAT(Told(city, "kl-x", "2020-01-01", "2023-01-01"),
              ElementsAre("2021-01-01 team-began", "2021-01-01 leader-came p-pl-3 kl-x",
                          "2022-01-01 leader-went p-pl-3 kl-x", "2022-01-01 team-ended"));
  const auto tree = city.BuildTree();
  EXPECT_EQ(TeamLife(*tree, "kl-x", D("2021-06-01")),
            (DateRange{D("2021-01-01"), D("2022-01-01")}));
  EXPECT_TRUE(TeamLife(*tree, "kl-x", D("2022-01-01")).empty());
}

TEST(TeamHistory, LeavesOutTheEarlierDayAndTakesInTheLater) {
  OrganisationBuilder city = SmallCity();
  city.Someone("p-new").Assign("p-new", "pedagogical_leader", "e-vvk-01-01", "2021-01-01");
  EXPECT_THAT(Told(city, "kl-vvk-01", "2021-01-01", "2022-01-01"), IsEmpty());
  EXPECT_THAT(Told(city, "kl-vvk-01", "2020-12-31", "2021-01-01"),
              ElementsAre("2021-01-01 member-came p-new e-vvk-01-01"));
}

TEST(TeamHistory, CallsARenamedClustersTeamTheSame) {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("omr", "area", "buf");
  city.Unit("kl", "cluster", "omr", "2020-01-01", "2021-01-01");
  city.Unit("kl", "cluster", "omr", "2021-01-01");
  EXPECT_THAT(Told(city, "kl", "2020-01-01", "2022-01-01"), IsEmpty());
  EXPECT_EQ(TeamLife(*city.BuildTree(), "kl", D("2021-06-01")).from, D("2020-01-01"));
}

}  // namespace
}  // namespace klynge::organisation
