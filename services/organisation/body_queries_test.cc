#include "services/organisation/body_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/body_test_support.h"
#include "services/organisation/service_test_support.h"
#include "services/organisation/unit_test_support.h"
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

// kl-vvk-01 has a board with a chair until 2022 and one parent, kl-vvk-02 has one with nobody in
// it.
class BodyQueriesTest : public ::testing::Test {
 protected:
  template <class Request, class Response>
  absl::Status Ask(const Request& request, Response* response) {
    return Answer(*tree_, D("2021-09-01"), request, response);
  }

  std::shared_ptr<const Tree> tree_ =
      CityWithBodies()
          .With(BodyOf("b-1", "board", "kl-vvk-01"))
          .With(BodyOf("b-2", "board", "kl-vvk-02", "2021-01-01", "2023-01-01"))
          .With(BodyOf("b-3", "committee", "kl-vvk-01", "2022-01-01"))
          .With(Seat("b-1", "p-kl-1", "chair", "2020-01-01", "2022-01-01"))
          .With(Seat("b-1", "p-pl-1", "parent"))
          .With(Seat("b-3", "p-kl-1", "chair", "2022-01-01"))
          .BuildTree(7);
};

std::vector<std::string> Ids(const google::protobuf::RepeatedPtrField<v1::Body>& bodies) {
  std::vector<std::string> ids;
  for (const v1::Body& body : bodies) ids.push_back(body.body_id());
  return ids;
}

std::vector<std::string> Ids(const google::protobuf::RepeatedPtrField<v1::BodyMember>& members) {
  std::vector<std::string> ids;
  for (const v1::BodyMember& member : members) ids.push_back(member.membership().membership_id());
  return ids;
}

TEST_F(BodyQueriesTest, ShowABodyWithItsMembersOfTheDay) {
  v1::GetBodyRequest request;
  request.set_body_id("b-1");
  v1::GetBodyResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(Ids(response.members()), ElementsAre("b-1.p-kl-1.chair", "b-1.p-pl-1.parent"));
  EXPECT_EQ(response.members(0).name(), "Person p-kl-1");
  EXPECT_EQ(response.revision(), 7);

  request.set_as_of("2022-01-01");
  v1::GetBodyResponse later;
  ASSERT_THAT(Ask(request, &later), IsOk());
  EXPECT_THAT(Ids(later.members()), ElementsAre("b-1.p-pl-1.parent"));
}

// Committees of the administration, the area and three units; in MED kl-vvk-02 is under kl-vvk-01,
// and the network under the administration, past the area.
class SuperiorTest : public ::testing::Test {
 protected:
  static OrganisationBuilder Committees() {
    OrganisationBuilder city = SmallCity();
    BodyKind kind{"med", "MED", "MED", {"administration", "area", "cluster"}, {}, "med"};
    city.Kind(std::move(kind));
    city.With(PlacementOf("kl-vvk-02", "kl-vvk-01", "med", "2021-01-01"));
    city.With(PlacementOf("net-vvk-01", "buf"));
    for (const char* unit : {"buf", "omr-vvk", "kl-vvk-02", "net-vvk-01"}) {
      city.With(BodyOf(absl::StrCat("m-", unit), "med", unit));
    }
    return city.With(BodyOf("m-kl-vvk-01", "med", "kl-vvk-01", "2020-01-01", "2023-01-01"));
  }

  std::string SuperiorOf(const std::string& body, const std::string& as_of) const {
    v1::GetBodyRequest request;
    request.set_body_id(body);
    request.set_as_of(as_of);
    v1::GetBodyResponse response;
    EXPECT_THAT(Answer(*tree_, D("2021-09-01"), request, &response), IsOk());
    return response.has_superior() ? response.superior().body_id() : "none";
  }
  std::vector<std::string> Below(const std::string& body, bool directly) const {
    v1::ListBodiesRequest request;
    request.set_below_body_id(body);
    request.set_directly_below(directly);
    v1::ListBodiesResponse response;
    EXPECT_THAT(Answer(*tree_, D("2021-09-01"), request, &response), IsOk());
    return Ids(response.bodies());
  }

  std::shared_ptr<const Tree> tree_ = Committees().BuildTree();
};

TEST_F(SuperiorTest, IsTheNearestBodyOfItsKindInTheHierarchyOfTheKind) {
  EXPECT_EQ(SuperiorOf("m-kl-vvk-02", "2020-06-01"), "m-omr-vvk");
  EXPECT_EQ(SuperiorOf("m-kl-vvk-02", "2021-06-01"), "m-kl-vvk-01");
  EXPECT_EQ(SuperiorOf("m-kl-vvk-02", "2023-06-01"), "m-omr-vvk")
      << "past the cluster, which has no committee any more";
  EXPECT_EQ(SuperiorOf("m-net-vvk-01", "2021-06-01"), "m-buf");
  EXPECT_EQ(SuperiorOf("m-buf", "2021-06-01"), "none");
  EXPECT_EQ(SuperiorOf("m-kl-vvk-01", "2023-01-01"), "none") << "it does not exist that day";
}

TEST_F(SuperiorTest, HasAllThatStandBelowIt) {
  EXPECT_THAT(Below("m-omr-vvk", false), ElementsAre("m-kl-vvk-01", "m-kl-vvk-02"));
  EXPECT_THAT(Below("m-omr-vvk", true), ElementsAre("m-kl-vvk-01"));
  EXPECT_THAT(Below("m-buf", true), ElementsAre("m-net-vvk-01", "m-omr-vvk"));
  EXPECT_THAT(Below("m-net-vvk-01", false), IsEmpty());
}

TEST_F(SuperiorTest, IsOfNoBodyWhoseKindHasNoHierarchy) {
  tree_ = CityWithBodies()
              .With(BodyOf("b-1", "board", "omr-vvk"))
              .With(BodyOf("b-2", "board", "kl-vvk-01"))
              .BuildTree();
  EXPECT_EQ(SuperiorOf("b-2", "2021-06-01"), "none");
  EXPECT_THAT(Below("b-1", false), IsEmpty());
}

TEST_F(SuperiorTest, MustBeKnownToAskForWhatIsBelowIt) {
  v1::ListBodiesRequest request;
  request.set_directly_below(true);
  v1::ListBodiesResponse response;
  EXPECT_THAT(WrongFields(Answer(*tree_, D("2021-09-01"), request, &response)),
              ElementsAre("directly_below"));
  request.set_below_body_id("m-nowhere");
  EXPECT_THAT(Answer(*tree_, D("2021-09-01"), request, &response),
              StatusIs(absl::StatusCode::kNotFound, "BODY_NOT_FOUND"));
}

TEST_F(BodyQueriesTest, ShowEveryGapOfABody) {
  v1::GetBodyRequest request;
  request.set_body_id("b-1");
  v1::GetBodyResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  ASSERT_THAT(response.gaps(), SizeIs(2));
  EXPECT_EQ(response.gaps(0).problem(), v1::COMPOSITION_PROBLEM_TOO_FEW);
  EXPECT_EQ(response.gaps(0).role(), "parent");
  EXPECT_EQ(response.gaps(0).count(), 1);
  EXPECT_EQ(response.gaps(0).least(), 3);
  EXPECT_EQ(response.gaps(0).valid_to(), "");
  // Chair and parent are one each: no majority while there is a chair.
  EXPECT_EQ(response.gaps(1).problem(), v1::COMPOSITION_PROBLEM_NO_MAJORITY);
  EXPECT_EQ(response.gaps(1).valid_to(), "2022-01-01");
}

TEST_F(BodyQueriesTest, SayThatABodyIsUnknown) {
  v1::GetBodyRequest request;
  request.set_body_id("b-9");
  v1::GetBodyResponse response;
  EXPECT_THAT(Ask(request, &response), StatusIs(absl::StatusCode::kNotFound, "BODY_NOT_FOUND"));
}

TEST_F(BodyQueriesTest, ListBodiesOfASubtreeOnADay) {
  v1::ListBodiesRequest request;
  request.set_unit_id("omr-vvk");
  request.set_include_subtree(true);
  v1::ListBodiesResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(Ids(response.bodies()), ElementsAre("b-1", "b-2"));

  request.set_as_of("2023-06-01");
  v1::ListBodiesResponse later;
  ASSERT_THAT(Ask(request, &later), IsOk());
  EXPECT_THAT(Ids(later.bodies()), ElementsAre("b-1", "b-3"));

  request.add_kinds("committee");
  v1::ListBodiesResponse committees;
  ASSERT_THAT(Ask(request, &committees), IsOk());
  EXPECT_THAT(Ids(committees.bodies()), ElementsAre("b-3"));
}

TEST_F(BodyQueriesTest, ListOnlyTheUnitsOwnBodiesWithoutTheSubtree) {
  v1::ListBodiesRequest request;
  request.set_unit_id("omr-vvk");
  v1::ListBodiesResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(response.bodies(), IsEmpty());
}

TEST_F(BodyQueriesTest, ListBodiesInPagesWithoutLossOrRepeat) {
  v1::ListBodiesRequest request;
  request.set_page_size(1);
  std::vector<std::string> seen;
  do {
    v1::ListBodiesResponse page;
    ASSERT_THAT(Ask(request, &page), IsOk());
    EXPECT_EQ(page.total_size(), 2);
    for (const std::string& id : Ids(page.bodies())) seen.push_back(id);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre("b-1", "b-2"));
}

TEST_F(BodyQueriesTest, ListWhereAPersonSits) {
  v1::ListBodyMembershipsRequest request;
  request.set_person_id("p-kl-1");
  v1::ListBodyMembershipsResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(Ids(response.members()), ElementsAre("b-1.p-kl-1.chair"));

  request.set_as_of("2022-01-01");
  v1::ListBodyMembershipsResponse later;
  ASSERT_THAT(Ask(request, &later), IsOk());
  EXPECT_THAT(Ids(later.members()), ElementsAre("b-3.p-kl-1.chair"));
}

TEST_F(BodyQueriesTest, ListMembershipsThatMeetAllConditions) {
  v1::ListBodyMembershipsRequest request;
  request.set_unit_id("omr-vvk");
  request.set_include_subtree(true);
  request.add_roles("parent");
  v1::ListBodyMembershipsResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(Ids(response.members()), ElementsAre("b-1.p-pl-1.parent"));

  request.set_unit_id("kl-vvk-02");
  v1::ListBodyMembershipsResponse elsewhere;
  ASSERT_THAT(Ask(request, &elsewhere), IsOk());
  EXPECT_THAT(elsewhere.members(), IsEmpty());
  request.set_body_id("b-1");
  ASSERT_THAT(Ask(request, &elsewhere), IsOk());
  EXPECT_THAT(elsewhere.members(), IsEmpty());
}

TEST_F(BodyQueriesTest, ListGapsOfADayOrAPeriod) {
  v1::ListCompositionGapsRequest request;
  request.set_unit_id("kl-vvk-01");
  v1::ListCompositionGapsResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(response.gaps(), SizeIs(2));

  request.set_until("2022-06-01");
  v1::ListCompositionGapsResponse period;
  ASSERT_THAT(Ask(request, &period), IsOk());
  // The committee that begins in 2022 has a chair, and no staff.
  EXPECT_THAT(period.gaps(), SizeIs(3));
  EXPECT_EQ(period.gaps(2).body_id(), "b-3");
}

TEST_F(BodyQueriesTest, ListGapsInPagesWithoutLossOrRepeat) {
  v1::ListCompositionGapsRequest request;
  request.set_until("2030-01-01");
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    v1::ListCompositionGapsResponse page;
    ASSERT_THAT(Ask(request, &page), IsOk());
    EXPECT_EQ(page.total_size(), 4);
    for (const v1::CompositionGap& gap : page.gaps()) {
      seen.push_back(absl::StrCat(gap.body_id(), " ", gap.valid_from()));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen,
              ElementsAre("b-1 2020-01-01", "b-1 2020-01-01", "b-2 2021-01-01", "b-3 2022-01-01"));
}

TEST_F(BodyQueriesTest, ListEveryWrongField) {
  v1::ListCompositionGapsRequest request;
  request.set_include_subtree(true);
  request.add_kinds("choir");
  request.set_as_of("2022-01-01");
  request.set_until("2021-01-01");
  v1::ListCompositionGapsResponse response;
  const absl::Status status = Ask(request, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status), ElementsAre("include_subtree", "kinds[0]", "until"));
}

TEST_F(OrganisationServiceTest, KeepsAndShowsBodiesOfTheKindsThatTheMigrationBrings) {
  ImportCity();
  const auto [status, imported] =
      Import(replica_.stub(), {Row(BodyOf("b-1", "parents_board", "e-vvk-01-01")),
                               Row(Seat("b-1", "p-pl-1", "secretary"))});
  ASSERT_THAT(status, IsOk());
  ASSERT_EQ(imported.created_count(), 2) << imported.DebugString();

  v1::GetBodyRequest request;
  request.set_body_id("b-1");
  request.set_min_revision(imported.revision());
  v1::GetBodyResponse response;
  ASSERT_THAT(this->Ask(&Stub::GetBody, request, &response), IsOk());
  EXPECT_THAT(Ids(response.members()), ElementsAre("b-1.p-pl-1.secretary"));
  // No chair, no parents and so no majority of them, no employee.
  EXPECT_THAT(response.gaps(), SizeIs(4));
}

}  // namespace
}  // namespace klynge::organisation
