#include "services/organisation/team_queries.h"

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
using ::testing::SizeIs;

class TeamService : public OrganisationServiceTest {
 protected:
  void SetUp() override {
    ImportCity();
    const auto [status, response] =
        Import(replica_.stub(),
               {UnitMessage("kl-vvk-01", "cluster", "omr-vvk", "2021-01-01"),
                EmploymentMessage("m-1", "p-kl-1", "2020-01-01", "2021-06-01"),
                AssignmentMessage("a-new", "p-pl-3", "cluster_leader", "kl-vvk-01", "2021-08-01")});
    ASSERT_THAT(status, IsOk());
    ASSERT_EQ(response.rejected_count(), 0) << response.DebugString();
    ASSERT_THAT(response.ended_roles(), SizeIs(1));
    EXPECT_EQ(response.ended_roles(0).valid_to(), "2021-06-01");
  }

  grpc::Status Compare(const std::string& cluster_id, const std::string& from,
                       const std::string& to, v1::CompareLeadershipTeamResponse* response) {
    v1::CompareLeadershipTeamRequest request;
    request.set_cluster_id(cluster_id);
    request.set_from(from);
    request.set_to(to);
    return Ask(&Stub::CompareLeadershipTeam, request, response);
  }
};

TEST_F(TeamService, TellsHowATeamChangedUntilToday) {
  v1::CompareLeadershipTeamResponse response;
  ASSERT_THAT(Compare("kl-vvk-01", "2021-01-01", "", &response), IsOk());
  EXPECT_EQ(response.before().leader().person_id(), "p-kl-1");
  EXPECT_EQ(response.after().leader().person_id(), "p-pl-3");
  EXPECT_EQ(response.after().as_of(), "2021-09-01");
  ASSERT_THAT(response.changes(), SizeIs(2));
  EXPECT_EQ(response.changes(0).date(), "2021-06-01");
  EXPECT_EQ(response.changes(0).kind(), v1::TEAM_CHANGE_KIND_LEADER_WENT);
  EXPECT_EQ(response.changes(0).name(), "Person p-kl-1");
  EXPECT_EQ(response.changes(1).text().en(),
            "Person p-pl-3 (p-pl-3) becomes the leader of Enhed kl-vvk-01 (kl-vvk-01).");
  EXPECT_EQ(response.changes(1).text().da(),
            "Person p-pl-3 (p-pl-3) bliver leder af Enhed kl-vvk-01 (kl-vvk-01).");
}

TEST_F(TeamService, IsTheSameTeamThroughARename) {
  v1::GetLeadershipTeamRequest request;
  request.set_cluster_id("kl-vvk-01");
  v1::GetLeadershipTeamResponse response;
  ASSERT_THAT(Ask(&Stub::GetLeadershipTeam, request, &response), IsOk());
  EXPECT_EQ(response.team().valid_from(), "2020-01-01");
  EXPECT_EQ(response.team().valid_to(), "");
}

TEST_F(TeamService, ListsEveryWrongFieldOfAComparison) {
  v1::CompareLeadershipTeamResponse response;
  EXPECT_THAT(WrongFields(Compare("", "", "soon", &response)),
              ElementsAre("cluster_id", "from", "to"));
  EXPECT_THAT(WrongFields(Compare("kl-vvk-01", "2021-01-01", "2021-01-01", &response)),
              ElementsAre("to"));
}

TEST_F(TeamService, ComparesNoTeamsThatNeverWere) {
  v1::CompareLeadershipTeamResponse response;
  EXPECT_THAT(Compare("kl-vvk-01", "2018-01-01", "2019-01-01", &response),
              StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
  EXPECT_THAT(Compare("omr-vvk", "2021-01-01", "2021-06-01", &response),
              StatusIs(absl::StatusCode::kFailedPrecondition, "UNIT_HAS_NO_TEAM"));
}

}  // namespace
}  // namespace klynge::organisation
