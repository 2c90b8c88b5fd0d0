#include "services/organisation/organisation_service.h"

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
using ::testing::Property;
using ::testing::SizeIs;

TEST_F(OrganisationServiceTest, ImportsACityAndAnswersForIt) {
  ImportCity();
  v1::GetUnitRequest request;
  request.set_unit_id("e-vvk-01-01");
  v1::GetUnitResponse response;
  ASSERT_THAT(Ask(&Stub::GetUnit, request, &response), IsOk());
  EXPECT_EQ(response.unit().kind(), "nursery");
  EXPECT_THAT(response.ancestors(), ElementsAre(Property(&v1::Unit::unit_id, "kl-vvk-01"),
                                                Property(&v1::Unit::unit_id, "omr-vvk"),
                                                Property(&v1::Unit::unit_id, "buf")));
  EXPECT_EQ(response.revision(), revision_);
}

TEST_F(OrganisationServiceTest, ListsASubtreeInPagesWithoutLossOrRepeat) {
  ImportCity();
  v1::ListUnitsRequest request;
  request.set_subtree_of("omr-vvk");
  request.set_page_size(3);
  std::vector<std::string> seen;
  do {
    v1::ListUnitsResponse page;
    ASSERT_THAT(Ask(&Stub::ListUnits, request, &page), IsOk());
    EXPECT_EQ(page.total_size(), 8);
    for (const v1::Unit& unit : page.units()) seen.push_back(unit.unit_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre("e-net-01-01", "e-vvk-01-01", "e-vvk-01-02", "e-vvk-02-01",
                                "kl-vvk-01", "kl-vvk-02", "net-vvk-01", "omr-vvk"));
}

TEST_F(OrganisationServiceTest, RefusesAPageTokenOfAnotherRequest) {
  ImportCity();
  v1::ListUnitsRequest request;
  request.set_page_size(2);
  v1::ListUnitsResponse page;
  ASSERT_THAT(Ask(&Stub::ListUnits, request, &page), IsOk());
  request.set_page_token(page.next_page_token());
  request.add_kinds("cluster");
  EXPECT_THAT(Ask(&Stub::ListUnits, request, &page),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN"));
}

TEST_F(OrganisationServiceTest, ListsUnitsOfAKind) {
  ImportCity();
  v1::ListUnitsRequest request;
  request.add_kinds("cluster");
  v1::ListUnitsResponse response;
  ASSERT_THAT(Ask(&Stub::ListUnits, request, &response), IsOk());
  EXPECT_THAT(response.units(), ElementsAre(Property(&v1::Unit::unit_id, "kl-vvk-01"),
                                            Property(&v1::Unit::unit_id, "kl-vvk-02")));
}

TEST_F(OrganisationServiceTest, ListsEveryWrongFieldOfARead) {
  v1::ListUnitsRequest request;
  request.set_subtree_of("No Id");
  request.set_as_of("soon");
  request.add_kinds("castle");
  v1::ListUnitsResponse response;
  const grpc::Status status = Ask(&Stub::ListUnits, request, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status), ElementsAre("subtree_of", "as_of", "kinds[0]"));
}

TEST_F(OrganisationServiceTest, SaysWhenAUnitExistsIfNotOnTheDayAsked) {
  ImportCity();
  v1::GetUnitRequest request;
  request.set_unit_id("kl-vvk-01");
  request.set_as_of("2019-12-31");
  v1::GetUnitResponse response;
  const grpc::Status status = Ask(&Stub::GetUnit, request, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
  EXPECT_THAT(status.error_message(), HasSubstr("2020-01-01"));
}

TEST_F(OrganisationServiceTest, ListsAssignmentsOfASubtreeByRole) {
  ImportCity();
  v1::ListAssignmentsRequest request;
  request.set_unit_id("kl-vvk-01");
  request.set_include_subtree(true);
  request.add_roles("pedagogical_leader");
  v1::ListAssignmentsResponse response;
  ASSERT_THAT(Ask(&Stub::ListAssignments, request, &response), IsOk());
  EXPECT_THAT(response.assignments(), ElementsAre(Property(&v1::Assignment::person_id, "p-pl-1"),
                                                  Property(&v1::Assignment::person_id, "p-pl-2")));
}

TEST_F(OrganisationServiceTest, ShowsAPersonWithAllAssignments) {
  ImportCity();
  v1::GetPersonRequest request;
  request.set_person_id("p-kl-1");
  v1::GetPersonResponse response;
  ASSERT_THAT(Ask(&Stub::GetPerson, request, &response), IsOk());
  EXPECT_EQ(response.person().name(), "Person p-kl-1");
  EXPECT_THAT(response.assignments(), SizeIs(1));
}

TEST_F(OrganisationServiceTest, ShowsALeadershipTeamOnADay) {
  ImportCity();
  v1::GetLeadershipTeamRequest request;
  request.set_cluster_id("kl-vvk-01");
  v1::GetLeadershipTeamResponse response;
  ASSERT_THAT(Ask(&Stub::GetLeadershipTeam, request, &response), IsOk());
  EXPECT_EQ(response.team().leader().person_id(), "p-kl-1");
  EXPECT_EQ(response.team().as_of(), "2021-09-01");
  EXPECT_THAT(response.team().members(), SizeIs(2));
}

TEST_F(OrganisationServiceTest, HasNoTeamForAnArea) {
  ImportCity();
  v1::GetLeadershipTeamRequest request;
  request.set_cluster_id("omr-vvk");
  v1::GetLeadershipTeamResponse response;
  EXPECT_THAT(Ask(&Stub::GetLeadershipTeam, request, &response),
              StatusIs(absl::StatusCode::kFailedPrecondition, "UNIT_HAS_NO_TEAM"));
}

TEST_F(OrganisationServiceTest, ListsKindsAndRolesInBothLanguages) {
  v1::ListUnitKindsResponse kinds;
  ASSERT_THAT(Ask(&Stub::ListUnitKinds, v1::ListUnitKindsRequest(), &kinds), IsOk());
  ASSERT_THAT(kinds.unit_kinds(), SizeIs(9));
  EXPECT_EQ(kinds.unit_kinds(4).kind(), "cluster");
  EXPECT_EQ(kinds.unit_kinds(4).label().da(), "Klynge");
  v1::ListRolesResponse roles;
  ASSERT_THAT(Ask(&Stub::ListRoles, v1::ListRolesRequest(), &roles), IsOk());
  ASSERT_THAT(roles.roles(), SizeIs(5));
  EXPECT_EQ(roles.roles(2).role(), "cluster_leader");
  EXPECT_TRUE(roles.roles(2).exclusive());
  EXPECT_EQ(roles.roles(2).label().en(), "Cluster leader");
}

TEST_F(OrganisationServiceTest, SendsTheSnapshotOnlyWhenItIsNews) {
  ImportCity();
  v1::GetSnapshotRequest request;
  v1::GetSnapshotResponse response;
  ASSERT_THAT(Ask(&Stub::GetSnapshot, request, &response), IsOk());
  EXPECT_EQ(response.snapshot().units_size(), 9);
  EXPECT_EQ(response.snapshot().revision(), revision_);
  request.set_known_revision(revision_);
  ASSERT_THAT(Ask(&Stub::GetSnapshot, request, &response), IsOk());
  EXPECT_TRUE(response.unchanged());
  EXPECT_FALSE(response.has_snapshot());
}

TEST_F(OrganisationServiceTest, AnswersAtLeastAsNewAsAskedOnAnotherReplica) {
  Replica other("sqlite:" + directory_.path() + "/organisation.db");
  ImportCity();
  grpc::ClientContext context;
  v1::ListUnitsRequest request;
  request.set_min_revision(revision_);
  v1::ListUnitsResponse response;
  ASSERT_THAT(other.stub().ListUnits(&context, request, &response), IsOk());
  EXPECT_EQ(response.total_size(), 9);
}

TEST_F(OrganisationServiceTest, SaysUnavailableForARevisionThatNobodyHas) {
  ImportCity();
  v1::ListUnitsRequest request;
  request.set_min_revision(revision_ + 5);
  v1::ListUnitsResponse response;
  EXPECT_THAT(Ask(&Stub::ListUnits, request, &response),
              StatusIs(absl::StatusCode::kUnavailable, "REVISION_NOT_REACHED"));
}

}  // namespace
}  // namespace klynge::organisation
