// What is asked of tasks and responsibilities row by row, and which competences they need.
#include "services/organisation/responsibility_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/competence_queries.h"
#include "services/organisation/responsibility_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kLeader[] = "pos-kl-vvk-01";
constexpr char kNursery[] = "pos-e-vvk-01-01";

std::vector<std::string> TaskCodes(const OrganisationBuilder& city,
                                   const v1::ListTasksRequest& request) {
  v1::ListTasksResponse response;
  EXPECT_THAT(Answer(*city.BuildTree(), D("2021-09-01"), request, &response), IsOk());
  std::vector<std::string> codes;
  for (const v1::Task& task : response.tasks()) codes.push_back(task.task());
  return codes;
}

TEST(ListTasks, ShowsTheCatalogueByUnitAndKindOfLeadership) {
  v1::ListTasksRequest request;
  EXPECT_THAT(TaskCodes(CityWithTasks(), request),
              ElementsAre("budget", "direction", "practice", "sparring"));
  request.set_unit_kind("cluster");
  EXPECT_THAT(TaskCodes(CityWithTasks(), request), ElementsAre("budget", "direction"));
  request.set_leadership_kind("administrative");
  EXPECT_THAT(TaskCodes(CityWithTasks(), request), ElementsAre("budget"));
  v1::ListTasksResponse response;
  request.set_leadership_kind("none");
  request.set_unit_kind("castle");
  EXPECT_THAT(
      WrongFields(Answer(*CityWithTasks().BuildTree(), D("2021-09-01"), request, &response)),
      ElementsAre("unit_kind", "leadership_kind"));
}

TEST(ListTasks, ShowsKindsThePrimaryFirstAndPartsAfterTheirWhole) {
  v1::ListTasksResponse response;
  ASSERT_THAT(
      Answer(*CityWithTasks().BuildTree(), D("2021-09-01"), v1::ListTasksRequest(), &response),
      IsOk());
  std::vector<std::string> kinds;
  for (const v1::LeadershipKind& kind : response.leadership_kinds()) kinds.push_back(kind.kind());
  EXPECT_THAT(kinds, ElementsAre("professional", "administrative", "economy", "strategic"));
}

TEST(ListResponsibilities, ShowsThoseOfUnitsPositionsAndTasksOnADay) {
  const auto tree = CityWithTasks()
                        .With(Responsible(kLeader, "budget", "kl-vvk-01", 15))
                        .With(Responsible(kNursery, "practice", "e-vvk-01-02", 15))
                        .With(Responsible(kNursery, "practice", "e-vvk-01-01", 15, "2022-01-01"))
                        .BuildTree();
  v1::ListResponsibilitiesRequest request;
  const auto ids = [&] {
    v1::ListResponsibilitiesResponse response;
    EXPECT_THAT(Answer(*tree, D("2021-09-01"), request, &response), IsOk());
    std::vector<std::string> units;
    for (const auto& held : response.responsibilities()) units.push_back(held.unit_id());
    return units;
  };
  EXPECT_THAT(ids(), ElementsAre("kl-vvk-01", "e-vvk-01-02"));
  request.set_position_id(kNursery);
  EXPECT_THAT(ids(), ElementsAre("e-vvk-01-02"));
  request.set_unit_id("kl-vvk-01");
  EXPECT_THAT(ids(), IsEmpty());
  request.set_include_subtree(true);
  request.set_as_of("2022-01-01");
  EXPECT_THAT(ids(), ElementsAre("e-vvk-01-01", "e-vvk-01-02"));
  request.add_tasks("sparring");
  EXPECT_THAT(ids(), IsEmpty());
  v1::ListResponsibilitiesResponse response;
  request.set_position_id("pos-none");
  EXPECT_THAT(Answer(*tree, D("2021-09-01"), request, &response),
              StatusIs(absl::StatusCode::kNotFound, "POSITION_NOT_FOUND"));
}

TEST(TeamCompetences, AreJudgedByWhatTheTasksNeed) {
  const auto tree = CityWithTasks()
                        .With(Declared("p-kl-1", "finance", 2))
                        .With(Declared("p-kl-2", "finance", 4))
                        .With(Declared("p-pl-2", "data", 2))
                        .BuildTree();
  v1::GetTeamCompetencesRequest request;
  request.set_cluster_id("kl-vvk-01");
  request.set_needed_by_tasks(true);
  request.set_nearest(1);
  v1::GetTeamCompetencesResponse response;
  ASSERT_THAT(Answer(*tree, D("2021-09-01"), request, &response), IsOk());
  ASSERT_THAT(response.competences(), SizeIs(2));
  EXPECT_EQ(response.competences(0).wanted().competence(), "data");
  EXPECT_THAT(response.competences(0).tasks(), ElementsAre("practice"));
  EXPECT_FALSE(response.competences(0).lacking());
  EXPECT_EQ(response.competences(1).wanted().least_level(), 3);
  EXPECT_THAT(response.lacking(), ElementsAre("finance"));
  EXPECT_EQ(response.competences(1).nearest(0).person_id(), "p-kl-2");
  request.add_wanted()->set_competence("data");
  EXPECT_THAT(WrongFields(Answer(*tree, D("2021-09-01"), request, &response)),
              ElementsAre("wanted"));
}

}  // namespace
}  // namespace klynge::organisation
