#include "services/organisation/position_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/service_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::SizeIs;

// The small city and three positions: pos-1 of the cluster leader of kl-vvk-02, whom p-kl-1
// stands in for in the autumn of 2021; pos-2 at e-vvk-02-01, vacant; pos-3 there too, held.
class PositionService : public OrganisationServiceTest {
 protected:
  void SetUp() override {
    ImportCity();
    Message leader = PositionMessage("pos-1", "cluster_leader", "kl-vvk-02");
    leader.mutable_position()->add_responsibilities("Økonomi for hele klyngen");
    const auto [status, response] =
        Import(replica_.stub(),
               {leader,
                Filling(AssignmentMessage("a-p-kl-2-kl-vvk-02-2020-01-01", "p-kl-2",
                                          "cluster_leader", "kl-vvk-02"),
                        "pos-1"),
                SubstitutionMessage("s-1", "pos-1", "p-kl-1", "2021-09-01", "2021-12-01"),
                PositionMessage("pos-2", "pedagogical_leader", "e-vvk-02-01", "2021-01-01"),
                PositionMessage("pos-3", "pedagogical_leader", "e-vvk-02-01"),
                Filling(AssignmentMessage("a-3", "p-pl-2", "pedagogical_leader", "e-vvk-02-01",
                                          "2020-01-01", "2022-01-01"),
                        "pos-3")});
    ASSERT_THAT(status, IsOk());
    ASSERT_EQ(response.rejected_count(), 0) << response.DebugString();
  }
};

TEST_F(PositionService, ShowsAPositionOnADayAndItsHistory) {
  v1::GetPositionRequest request;
  request.set_position_id("pos-1");
  v1::GetPositionResponse response;
  ASSERT_THAT(Ask(&Stub::GetPosition, request, &response), IsOk());
  EXPECT_THAT(response.position().position().responsibilities(),
              ElementsAre("Økonomi for hele klyngen"));
  EXPECT_EQ(response.position().holder().name(), "Person p-kl-2");
  EXPECT_EQ(response.position().substitute().person_id(), "p-kl-1");
  EXPECT_EQ(response.position().substitute().valid_to(), "2021-12-01");
  EXPECT_FALSE(response.position().has_vacancy());
  EXPECT_THAT(response.assignments(), SizeIs(1));
  EXPECT_THAT(response.substitutions(), SizeIs(1));
  EXPECT_THAT(response.vacancies(), IsEmpty());
}

TEST_F(PositionService, ShowsSinceWhenAPositionIsVacant) {
  v1::GetPositionRequest request;
  request.set_position_id("pos-3");
  request.set_as_of("2022-02-01");
  v1::GetPositionResponse response;
  ASSERT_THAT(Ask(&Stub::GetPosition, request, &response), IsOk());
  EXPECT_FALSE(response.position().has_holder());
  EXPECT_EQ(response.position().vacancy().valid_from(), "2022-01-01");
  EXPECT_EQ(response.position().vacancy().valid_to(), "");
}

TEST_F(PositionService, SaysWhenAPositionExistsIfNotOnTheDayAsked) {
  v1::GetPositionRequest request;
  request.set_position_id("pos-2");
  request.set_as_of("2020-12-31");
  v1::GetPositionResponse response;
  const grpc::Status status = Ask(&Stub::GetPosition, request, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, "POSITION_NOT_FOUND"));
  EXPECT_THAT(status.error_message(), HasSubstr("2021-01-01"));
}

std::vector<std::string> Ids(const v1::ListPositionsResponse& response) {
  std::vector<std::string> ids;
  for (const auto& position : response.positions()) {
    ids.push_back(position.position().position_id());
  }
  return ids;
}

TEST_F(PositionService, ListsTheVacantPositionsOfASubtree) {
  v1::ListPositionsRequest request;
  request.set_unit_id("omr-vvk");
  request.set_include_subtree(true);
  request.set_vacant_only(true);
  v1::ListPositionsResponse response;
  ASSERT_THAT(Ask(&Stub::ListPositions, request, &response), IsOk());
  EXPECT_THAT(Ids(response), ElementsAre("pos-2"));
  request.set_as_of("2022-01-01");
  response.Clear();
  ASSERT_THAT(Ask(&Stub::ListPositions, request, &response), IsOk());
  EXPECT_THAT(Ids(response), ElementsAre("pos-2", "pos-3"));
}

TEST_F(PositionService, ListsPositionsByRoleInPages) {
  v1::ListPositionsRequest request;
  request.set_page_size(2);
  v1::ListPositionsResponse response;
  ASSERT_THAT(Ask(&Stub::ListPositions, request, &response), IsOk());
  EXPECT_THAT(Ids(response), ElementsAre("pos-1", "pos-2"));
  EXPECT_EQ(response.total_size(), 3);
  request.set_page_token(response.next_page_token());
  response.Clear();
  ASSERT_THAT(Ask(&Stub::ListPositions, request, &response), IsOk());
  EXPECT_THAT(Ids(response), ElementsAre("pos-3"));
  request.Clear();
  request.add_roles("cluster_leader");
  response.Clear();
  ASSERT_THAT(Ask(&Stub::ListPositions, request, &response), IsOk());
  EXPECT_THAT(Ids(response), ElementsAre("pos-1"));
}

TEST_F(PositionService, ListsEveryWrongFieldOfAListing) {
  v1::ListPositionsRequest request;
  request.set_include_subtree(true);
  request.set_as_of("soon");
  request.add_roles("king");
  v1::ListPositionsResponse response;
  const grpc::Status status = Ask(&Stub::ListPositions, request, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status), ElementsAre("include_subtree", "as_of", "roles[0]"));
}

TEST_F(PositionService, TellsOfAPersonsSubstitutions) {
  v1::GetPersonRequest request;
  request.set_person_id("p-kl-1");
  v1::GetPersonResponse response;
  ASSERT_THAT(Ask(&Stub::GetPerson, request, &response), IsOk());
  EXPECT_THAT(response.substitutions(),
              ElementsAre(Property(&v1::Substitution::position_id, "pos-1")));
}

TEST_F(PositionService, ShowsVacanciesAndSubstitutesInTheTeam) {
  v1::GetLeadershipTeamRequest request;
  request.set_cluster_id("kl-vvk-02");
  v1::GetLeadershipTeamResponse response;
  ASSERT_THAT(Ask(&Stub::GetLeadershipTeam, request, &response), IsOk());
  const v1::LeadershipTeam& team = response.team();
  EXPECT_EQ(team.leader().person_id(), "p-kl-2");
  EXPECT_THAT(team.vacancies(), ElementsAre(Property(&v1::VacantPosition::position_id, "pos-2")));
  ASSERT_THAT(team.substitutes(), SizeIs(1));
  EXPECT_EQ(team.substitutes(0).stands_in_for_person_id(), "p-kl-2");
  EXPECT_EQ(team.substitutes(0).substitute().name(), "Person p-kl-1");
}

TEST_F(PositionService, ExplainsHowItFoundTheLeaderInBothLanguages) {
  v1::GetResponsibleLeaderRequest request;
  request.set_unit_id("e-vvk-02-01");
  request.set_as_of("2022-02-01");
  v1::GetResponsibleLeaderResponse response;
  ASSERT_THAT(Ask(&Stub::GetResponsibleLeader, request, &response), IsOk());
  EXPECT_TRUE(response.inherited());
  EXPECT_FALSE(response.shared());
  EXPECT_EQ(response.found_at_unit_id(), "kl-vvk-02");
  ASSERT_THAT(response.passed_over(), SizeIs(1));
  EXPECT_EQ(response.passed_over(0).reason(), v1::PASSED_OVER_REASON_VACANT);
  EXPECT_THAT(response.passed_over(0).vacancies(), SizeIs(2));
  EXPECT_EQ(response.explanation().en(),
            "Enhed e-vvk-02-01 (e-vvk-02-01): position pos-2 is vacant since 2021-01-01 and "
            "position pos-3 is vacant since 2022-01-01. Person p-kl-2 (p-kl-2) leads Enhed "
            "kl-vvk-02 (kl-vvk-02).");
  EXPECT_EQ(response.explanation().da(),
            "Enhed e-vvk-02-01 (e-vvk-02-01): stillingen pos-2 er ledig siden 2021-01-01 og "
            "stillingen pos-3 er ledig siden 2022-01-01. Person p-kl-2 (p-kl-2) leder Enhed "
            "kl-vvk-02 (kl-vvk-02).");
}

TEST_F(PositionService, NamesTheSubstituteAsResponsibleAndForWhom) {
  v1::GetResponsibleLeaderRequest request;
  request.set_unit_id("kl-vvk-02");
  v1::GetResponsibleLeaderResponse response;
  ASSERT_THAT(Ask(&Stub::GetResponsibleLeader, request, &response), IsOk());
  ASSERT_THAT(response.leaders(), SizeIs(1));
  EXPECT_EQ(response.leaders(0).person_id(), "p-kl-1");
  EXPECT_EQ(response.leaders(0).basis(), v1::LEADER_BASIS_SUBSTITUTE);
  EXPECT_EQ(response.leaders(0).stands_in_for_person_id(), "p-kl-2");
  EXPECT_FALSE(response.inherited());
  EXPECT_THAT(response.explanation().en(), HasSubstr("(standing in for Person p-kl-2 (p-kl-2))"));
}

TEST_F(PositionService, SaysNotFoundForTheLeaderOfAnUnknownUnit) {
  v1::GetResponsibleLeaderRequest request;
  request.set_unit_id("e-none");
  v1::GetResponsibleLeaderResponse response;
  EXPECT_THAT(Ask(&Stub::GetResponsibleLeader, request, &response),
              StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
}

}  // namespace
}  // namespace klynge::organisation
