#include "services/organisation/partner_queries.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/partner_test_support.h"
#include "services/organisation/service_test_support.h"
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

class PartnerQueriesTest : public ::testing::Test {
 protected:
  template <class Request, class Response>
  absl::Status Ask(const Request& request, Response* response) {
    return Answer(*tree_, D("2021-09-01"), request, response);
  }

  std::vector<std::string> PartnershipIds(const v1::ListPartnershipsRequest& request) {
    v1::ListPartnershipsResponse response;
    EXPECT_THAT(Ask(request, &response), IsOk());
    std::vector<std::string> ids;
    for (const auto& named : response.partnerships()) {
      ids.push_back(named.partnership().partnership_id());
    }
    return ids;
  }

  // "handover: giver → receiver", by their persons.
  std::vector<std::string> Handovers(const v1::ListHandoversRequest& request) {
    v1::ListHandoversResponse response;
    EXPECT_THAT(Ask(request, &response), IsOk());
    std::vector<std::string> words;
    for (const auto& shown : response.handovers()) {
      words.push_back(absl::StrCat(shown.handover().handover_id(), ": ", Persons(shown.giver()),
                                   " to ", Persons(shown.receiver())));
    }
    return words;
  }
  static std::string Persons(const v1::HandoverParty& party) {
    std::vector<std::string> ids;
    for (const auto& person : party.persons()) ids.push_back(person.person_id());
    return ids.empty() ? "nobody" : absl::StrJoin(ids, "+");
  }

  static Handover Named(Handover handover, std::string giver, std::string receiver) {
    handover.giver_person_id = std::move(giver);
    handover.receiver_person_id = std::move(receiver);
    return handover;
  }

  std::shared_ptr<const Tree> tree_ =
      CityWithPartners()
          .With(WithPartner("kl-vvk-01", "school-1"))
          .With(WithPartner("kl-vvk-02", "school-1", "2020-01-01", "2021-01-01"))
          .With(WithUnit("e-vvk-01-01", "e-vvk-01-02"))
          .With(ToUnit("e-vvk-01-01", "e-vvk-02-01"))
          .With(Named(ToPartner("e-vvk-01-01", "school-1"), "p-kl-2", "p-pl-3"))
          .With(ToPartner("e-vvk-01-02", "school-1", "outward"))
          .BuildTree(7);
};

TEST_F(PartnerQueriesTest, ListPartnersOfADayAndKind) {
  v1::ListPartnersRequest request;
  request.add_kinds("school");
  v1::ListPartnersResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  ASSERT_THAT(response.partners(), SizeIs(1));
  EXPECT_EQ(response.partners(0).partner_id(), "school-1");
  request.set_as_of("2024-01-01");
  ASSERT_THAT(Ask(request, &response), IsOk());
  v1::ListPartnersResponse later;
  ASSERT_THAT(Ask(request, &later), IsOk());
  EXPECT_THAT(later.partners(), IsEmpty());
}

TEST_F(PartnerQueriesTest, ListPartnershipsOfAUnitOnEitherSide) {
  v1::ListPartnershipsRequest request;
  request.set_unit_id("e-vvk-01-02");
  EXPECT_THAT(PartnershipIds(request), ElementsAre("e-vvk-01-01.e-vvk-01-02"));
}

TEST_F(PartnerQueriesTest, ListEachPartnershipOfASubtreeOnce) {
  v1::ListPartnershipsRequest request;
  request.set_unit_id("omr-vvk");
  request.set_include_subtree(true);
  EXPECT_THAT(PartnershipIds(request),
              ElementsAre("e-vvk-01-01.e-vvk-01-02", "kl-vvk-01.school-1"));
  request.set_partner_id("school-1");
  EXPECT_THAT(PartnershipIds(request), ElementsAre("kl-vvk-01.school-1"));
  request.set_as_of("2020-06-01");
  EXPECT_THAT(PartnershipIds(request), ElementsAre("kl-vvk-01.school-1", "kl-vvk-02.school-1"));
}

TEST_F(PartnerQueriesTest, NameBothSidesOfAPartnership) {
  v1::ListPartnershipsRequest request;
  v1::ListPartnershipsResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  ASSERT_THAT(response.partnerships(), SizeIs(2));
  EXPECT_EQ(response.partnerships(0).unit_name(), "Enhed e-vvk-01-01");
  EXPECT_EQ(response.partnerships(0).other_name(), "Enhed e-vvk-01-02");
  EXPECT_EQ(response.partnerships(1).other_name(), "Skole 1");
  EXPECT_EQ(response.revision(), 7);
}

TEST_F(PartnerQueriesTest, SayWhoHandsOverToWhom) {
  // Named persons, else whoever leads: at e-vvk-02-01 nobody does, so its cluster's leader.
  EXPECT_THAT(Handovers({}), ElementsAre("e-vvk-01-01.e-vvk-02-01: p-pl-1 to p-kl-2",
                                         "e-vvk-01-01.school-1: p-kl-2 to p-pl-3",
                                         "e-vvk-01-02.school-1: p-pl-2 to nobody"));
}

TEST_F(PartnerQueriesTest, ListHandoversOfOneSide) {
  v1::ListHandoversRequest request;
  request.set_unit_id("e-vvk-02-01");
  EXPECT_THAT(Handovers(request), SizeIs(1));
  request.set_side(v1::HANDOVER_SIDE_GIVES);
  EXPECT_THAT(Handovers(request), IsEmpty());
  request.set_side(v1::HANDOVER_SIDE_RECEIVES);
  EXPECT_THAT(Handovers(request), SizeIs(1));
  request.set_unit_id("kl-vvk-01");
  request.set_include_subtree(true);
  EXPECT_THAT(Handovers(request), IsEmpty());
}

TEST_F(PartnerQueriesTest, ListHandoversToAPartnerOrInATransition) {
  v1::ListHandoversRequest request;
  request.set_partner_id("school-1");
  EXPECT_THAT(Handovers(request), SizeIs(2));
  request.add_transitions("outward");
  EXPECT_THAT(Handovers(request), ElementsAre("e-vvk-01-02.school-1: p-pl-2 to nobody"));
}

TEST_F(PartnerQueriesTest, ShowWhoHandsOverToNobody) {
  v1::ListTransitionGapsRequest request;
  v1::ListTransitionGapsResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  // The other nursery hands over; "outward" is not expected.
  ASSERT_THAT(response.gaps(), SizeIs(1));
  EXPECT_EQ(response.gaps(0).unit_id(), "e-net-01-01");
  EXPECT_EQ(response.gaps(0).transition(), "upward");

  request.set_as_of("2024-06-01");
  request.add_transitions("outward");
  v1::ListTransitionGapsResponse later;
  ASSERT_THAT(Ask(request, &later), IsOk());
  ASSERT_THAT(later.gaps(), SizeIs(1));
  EXPECT_EQ(later.gaps(0).unit_id(), "e-vvk-01-02");
}

TEST_F(PartnerQueriesTest, SayThatAPartnerOrUnitIsUnknown) {
  v1::ListHandoversRequest request;
  request.set_partner_id("school-9");
  v1::ListHandoversResponse response;
  EXPECT_THAT(Ask(request, &response), StatusIs(absl::StatusCode::kNotFound, "PARTNER_NOT_FOUND"));
  request.clear_partner_id();
  request.set_unit_id("e-vvk-99");
  EXPECT_THAT(Ask(request, &response), StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
}

TEST_F(PartnerQueriesTest, ListEveryWrongField) {
  v1::ListHandoversRequest request;
  request.set_include_subtree(true);
  request.set_side(v1::HANDOVER_SIDE_GIVES);
  request.add_transitions("sideways");
  request.set_as_of("soon");
  v1::ListHandoversResponse response;
  const absl::Status status = Ask(request, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status),
              ElementsAre("include_subtree", "side", "transitions[0]", "as_of"));
}

TEST_F(OrganisationServiceTest, KeepsAndShowsPartnersOfTheKindsThatTheMigrationBrings) {
  ImportCity();
  Partnership joint = WithPartner("kl-vvk-01", "school-1");
  joint.kind = "school_cooperation";
  const auto [status, imported] = Import(
      replica_.stub(), {Row(School("school-1")), Row(joint),
                        Row(ToPartner("e-vvk-02-01", "school-1", "day_care_to_school")),
                        Row(ToUnit("e-vvk-01-01", "e-vvk-02-01", "nursery_to_kindergarten"))});
  ASSERT_THAT(status, IsOk());
  ASSERT_EQ(imported.created_count(), 4) << imported.DebugString();

  v1::ListHandoversRequest request;
  request.set_min_revision(imported.revision());
  v1::ListHandoversResponse response;
  ASSERT_THAT(this->Ask(&Stub::ListHandovers, request, &response), IsOk());
  ASSERT_THAT(response.handovers(), SizeIs(2));
  EXPECT_EQ(response.handovers(1).receiver().name(), "Skole");

  v1::ListTransitionGapsRequest gaps_request;
  v1::ListTransitionGapsResponse gaps;
  ASSERT_THAT(this->Ask(&Stub::ListTransitionGaps, gaps_request, &gaps), IsOk());
  ASSERT_THAT(gaps.gaps(), SizeIs(1));
  EXPECT_EQ(gaps.gaps(0).unit_id(), "e-net-01-01");
}

}  // namespace
}  // namespace klynge::organisation
