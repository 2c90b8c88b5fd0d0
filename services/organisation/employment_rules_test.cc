#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/body_index.h"
#include "services/organisation/body_test_support.h"
#include "services/organisation/import_plan.h"
#include "services/organisation/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

// The small city; p-pl-1 also holds pos-1 at e-vvk-02-01 from 2021 and stands in at pos-2 there.
std::shared_ptr<const Tree> City() {
  return SmallCity()
      .Position("pos-1", "pedagogical_leader", "e-vvk-02-01")
      .Position("pos-2", "pedagogical_leader", "e-vvk-02-01")
      .Hold("p-pl-1", "pos-1", "2021-01-01")
      .StandIn("p-pl-1", "pos-2", "2021-05-01")
      .BuildTree();
}

std::string EndOf(const Tree& tree, const std::string& assignment_id) {
  for (const Assignment& held : tree.organisation().assignments) {
    if (held.assignment_id == assignment_id) return FormatEnd(held.valid.to);
  }
  return "there is none";
}

const char kAtOwnUnit[] = "a-p-pl-1-e-vvk-01-01-2020-01-01";
const char kAtPosition[] = "a-p-pl-1-e-vvk-02-01-2021-01-01";

TEST(Employment, EndsAllRolesOnItsLastDay) {
  const auto before = City();
  const ImportPlan plan =
      Plan(*before, {EmploymentMessage("m-1", "p-pl-1", "2019-01-01", "2022-06-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("CREATED"));
  const auto after = Applied(*before, plan);
  EXPECT_EQ(EndOf(*after, kAtOwnUnit), "2022-06-01");
  EXPECT_EQ(EndOf(*after, kAtPosition), "2022-06-01");
  EXPECT_EQ(after->organisation().substitutions[0].valid.to, D("2022-06-01"));
}

TEST(Employment, EndsMembershipsThatSomebodyHasAsAnEmployee) {
  BodySeat parent = SeatFor("parent");
  parent.ends_with_employment = false;
  OrganisationBuilder city = SmallCity();
  city.Kind(BodyKind{"mixed", "", "", {"cluster"}, {SeatFor("staff"), parent}});
  city.With(BodyOf("b-1", "mixed", "kl-vvk-01"));
  city.With(Seat("b-1", "p-pl-1", "staff")).With(Seat("b-1", "p-pl-1", "parent"));
  const auto before = city.BuildTree();
  const ImportPlan plan =
      Plan(*before, {EmploymentMessage("m-1", "p-pl-1", "2019-01-01", "2022-06-01")});
  EXPECT_THAT(plan.ended_roles,
              ElementsAre(Field(&EndedRole::assignment_id, kAtOwnUnit),
                          AllOf(Field(&EndedRole::membership_id, "b-1.p-pl-1.staff"),
                                Field(&EndedRole::valid_to, D("2022-06-01")))));
  const auto after = Applied(*before, plan);
  ASSERT_THAT(after->organisation().body_memberships, ::testing::SizeIs(2));
  EXPECT_EQ(FormatEnd(after->organisation().body_memberships[0].valid.to), "")
      << "a parent stays one";
  EXPECT_THAT(Outcomes(Plan(*after, {Row(Seat("b-1", "p-pl-1", "staff"))})),
              ElementsAre("UNCHANGED"));
}

// The committee insists on a chair, but an employment ends all the same.
TEST(Employment, EndsTheMembershipOfAChairAndLeavesAGap) {
  const auto before = CityWithBodies()
                          .With(BodyOf("b-1", "committee", "kl-vvk-01"))
                          .With(Seat("b-1", "p-kl-1", "chair"))
                          .With(Seat("b-1", "p-pl-1", "staff"))
                          .With(Seat("b-1", "p-pl-2", "staff"))
                          .BuildTree();
  const ImportPlan plan =
      Plan(*before, {EmploymentMessage("m-1", "p-kl-1", "2019-01-01", "2022-06-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("CREATED"));
  const auto after = Applied(*before, plan);
  const BodyIndex::Entry& body = *after->Indexed<BodyIndex>().Find("b-1");
  ASSERT_THAT(body.gaps, ::testing::SizeIs(1));
  EXPECT_EQ(body.gaps[0].valid.from, D("2022-06-01"));
  // Others may succeed from that day on, not before.
  EXPECT_THAT(Outcomes(Plan(*after, {Row(Seat("b-1", "p-pl-3", "chair", "2022-06-01"))})),
              ElementsAre("CREATED"));
  EXPECT_THAT(Outcomes(Plan(*after, {Row(Seat("b-1", "p-pl-3", "chair", "2022-05-01"))})),
              ElementsAre("COMPOSITION_BROKEN"));
}

TEST(Employment, LeavesPositionsVacantAndSaysSo) {
  const auto before = City();
  const ImportPlan plan =
      Plan(*before, {EmploymentMessage("m-1", "p-pl-1", "2019-01-01", "2022-06-01")});
  EXPECT_THAT(plan.ended_roles,
              ElementsAre(AllOf(Field(&EndedRole::assignment_id, kAtOwnUnit),
                                Field(&EndedRole::vacant_position_id, "")),
                          AllOf(Field(&EndedRole::assignment_id, kAtPosition),
                                Field(&EndedRole::valid_to, D("2022-06-01")),
                                Field(&EndedRole::vacant_position_id, "pos-1")),
                          Field(&EndedRole::substitution_id, "s-pos-2-2021-05-01")));
  const auto after = Applied(*before, plan);
  const Position& position = *after->positions().Find("pos-1");
  EXPECT_EQ(after->positions().VacancyOn(position, D("2022-06-01"))->from, D("2022-06-01"));
}

TEST(Employment, LeavesNoVacancyWhenSomebodyTakesThePositionOverThatDay) {
  const ImportPlan plan =
      Plan(*City(), {EmploymentMessage("m-1", "p-pl-1", "2019-01-01", "2022-06-01"),
                     Filling(AssignmentMessage("a-new", "p-pl-2", "pedagogical_leader",
                                               "e-vvk-02-01", "2022-06-01"),
                             "pos-1")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("CREATED", "CREATED"));
  ASSERT_EQ(plan.ended_roles.size(), 3u);
  EXPECT_EQ(plan.ended_roles[1].vacant_position_id, "");
}

TEST(Employment, EndsARoleThatIsSentWithoutEndEveryTime) {
  const auto before = City();
  const std::vector<Message> rows = {
      EmploymentMessage("m-1", "p-pl-1", "2019-01-01", "2022-06-01"),
      AssignmentMessage("a-new", "p-pl-1", "pedagogical_leader", "e-vvk-01-02", "2021-01-01")};
  const auto after = Applied(*before, Plan(*before, rows));
  EXPECT_EQ(EndOf(*after, "a-new"), "2022-06-01");
  const ImportPlan again = Plan(*after, rows);
  EXPECT_THAT(Outcomes(again), ElementsAre("UNCHANGED", "UNCHANGED"));
  EXPECT_THAT(again.ended_roles, IsEmpty());
  EXPECT_TRUE(again.ChangesNothing());
}

TEST(Employment, LetsARoleGoOnThroughTheNextEmployment) {
  const auto before = City();
  const ImportPlan plan =
      Plan(*before, {EmploymentMessage("m-1", "p-pl-1", "2019-01-01", "2022-06-01"),
                     EmploymentMessage("m-2", "p-pl-1", "2022-06-01")});
  EXPECT_THAT(plan.ended_roles, IsEmpty());
  EXPECT_EQ(EndOf(*Applied(*before, plan), kAtPosition), "");
}

TEST(Employment, IsOneAtATime) {
  EXPECT_THAT(Outcomes(Plan(*City(), {EmploymentMessage("m-1", "p-pl-1", "2019-01-01"),
                                      EmploymentMessage("m-2", "p-pl-1", "2022-06-01")})),
              ElementsAre("CREATED", "EMPLOYMENT_OVERLAP"));
}

TEST(Employment, IsOfSomebodyKnown) {
  EXPECT_THAT(Outcomes(Plan(*City(), {EmploymentMessage("m-1", "p-none")})),
              ElementsAre("PERSON_NOT_FOUND"));
}

TEST(Employment, CannotBeginAfterARoleDid) {
  const ImportPlan plan = Plan(*City(), {EmploymentMessage("m-1", "p-pl-1", "2020-06-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("OUTSIDE_EMPLOYMENT"));
  EXPECT_EQ(plan.verdicts[0].problems[0].field, "employment.valid_from");
}

TEST(Employment, CannotEndBeforeARoleBegins) {
  const ImportPlan plan =
      Plan(*City(), {EmploymentMessage("m-1", "p-pl-1", "2019-01-01", "2020-12-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("OUTSIDE_EMPLOYMENT"));
  EXPECT_EQ(plan.verdicts[0].problems[0].field, "employment.valid_to");
}

TEST(Employment, CannotBecomeAnothersWhileARoleLeansOnIt) {
  const auto before = City();
  const auto employed = Applied(
      *before, Plan(*before, {EmploymentMessage("m-1", "p-pl-1", "2020-01-01", "2022-01-01"),
                              EmploymentMessage("m-2", "p-pl-1", "2022-01-01")}));
  const ImportPlan plan =
      Plan(*employed, {EmploymentMessage("m-1", "p-pl-2", "2020-01-01", "2022-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("OUTSIDE_EMPLOYMENT"));
  EXPECT_EQ(plan.verdicts[0].problems[0].field, "employment.person_id");
}

TEST(Employment, BlamesARoleThatBeginsOutsideIt) {
  const auto before = City();
  const auto employed = Applied(
      *before, Plan(*before, {EmploymentMessage("m-1", "p-pl-1", "2019-01-01", "2022-06-01")}));
  const ImportPlan plan =
      Plan(*employed,
           {AssignmentMessage("a-new", "p-pl-1", "pedagogical_leader", "e-vvk-01-02", "2022-06-01"),
            SubstitutionMessage("s-new", "pos-2", "p-pl-1", "2022-07-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("OUTSIDE_EMPLOYMENT", "OUTSIDE_EMPLOYMENT"));
}

TEST(Employment, MakesRoomForTheNextLeaderOfACluster) {
  const ImportPlan plan = Plan(
      *City(), {EmploymentMessage("m-1", "p-kl-1", "2019-01-01", "2022-06-01"),
                AssignmentMessage("a-new", "p-pl-1", "cluster_leader", "kl-vvk-01", "2022-06-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("CREATED", "CREATED"));
}

}  // namespace
}  // namespace klynge::organisation
