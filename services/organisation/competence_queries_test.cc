#include "services/organisation/competence_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/competence_test_support.h"
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

class CompetenceQueriesTest : public ::testing::Test {
 protected:
  template <class Request, class Response>
  absl::Status Ask(const Request& request, Response* response) {
    return Answer(*tree_, D("2021-09-01"), request, response);
  }

  static v1::GetTeamCompetencesRequest Team(const std::string& cluster_id) {
    v1::GetTeamCompetencesRequest request;
    request.set_cluster_id(cluster_id);
    return request;
  }
  static void Want(v1::GetTeamCompetencesRequest& request, const std::string& competence,
                   int least = 0, bool confirmed = false) {
    v1::WantedCompetence* wanted = request.add_wanted();
    wanted->set_competence(competence);
    wanted->set_least_level(least);
    wanted->set_confirmed_only(confirmed);
  }

  // kl-vvk-01: p-kl-1 and p-pl-1 have data; kl-vvk-02: p-kl-2 has both.
  std::shared_ptr<const Tree> tree_ = CityWithCompetences()
                                          .With(Declared("p-kl-1", "data", 2))
                                          .With(Declared("p-pl-1", "data", 3))
                                          .With(Confirmed("p-pl-1", "data", 1, "p-kl-1"))
                                          .With(Declared("p-kl-2", "data", 4))
                                          .With(Confirmed("p-kl-2", "finance", 4, "p-kl-1"))
                                          .BuildTree(7);
};

std::vector<std::string> Ids(
    const google::protobuf::RepeatedPtrField<v1::CompetenceHolder>& holders) {
  std::vector<std::string> ids;
  for (const v1::CompetenceHolder& holder : holders) ids.push_back(holder.person_id());
  return ids;
}

TEST_F(CompetenceQueriesTest, ShowTheCatalogueAndTheLevels) {
  v1::ListCompetencesRequest request;
  v1::ListCompetencesResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  ASSERT_THAT(response.competences(), SizeIs(2));
  EXPECT_EQ(response.competences(1).label().da(), "Økonomi");
  EXPECT_THAT(response.levels(), SizeIs(4));
}

TEST_F(CompetenceQueriesTest, ShowWhatAPersonCan) {
  v1::ListHeldCompetencesRequest request;
  request.set_person_id("p-kl-2");
  v1::ListHeldCompetencesResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  ASSERT_THAT(response.held_competences(), SizeIs(2));
  request.add_competences("finance");
  v1::ListHeldCompetencesResponse finance;
  ASSERT_THAT(Ask(request, &finance), IsOk());
  ASSERT_THAT(finance.held_competences(), SizeIs(1));
  EXPECT_EQ(finance.held_competences(0).confirmed_by(), "p-kl-1");
}

TEST_F(CompetenceQueriesTest, FindTheNearestFirstWithWhereTheyAre) {
  v1::FindCompetenceRequest request;
  request.set_competence("data");
  request.set_near_unit_id("e-vvk-01-01");
  v1::FindCompetenceResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(Ids(response.holders()), ElementsAre("p-pl-1", "p-kl-1", "p-kl-2"));
  const v1::CompetenceHolder& nearest = response.holders(0);
  EXPECT_EQ(nearest.name(), "Person p-pl-1");
  EXPECT_EQ(nearest.confirmed_level(), 1);
  EXPECT_EQ(nearest.declared_level(), 3);
  EXPECT_EQ(nearest.unit_name(), "Enhed e-vvk-01-01");
  EXPECT_EQ(nearest.role(), "pedagogical_leader");
  EXPECT_EQ(response.holders(2).distance(), 3);
}

TEST_F(CompetenceQueriesTest, CountFromTheTopOfTheSubtreeWhenNothingElseIsGiven) {
  v1::FindCompetenceRequest request;
  request.set_competence("data");
  request.set_within_unit_id("kl-vvk-01");
  v1::FindCompetenceResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(Ids(response.holders()), ElementsAre("p-kl-1", "p-pl-1"));
}

TEST_F(CompetenceQueriesTest, FindInPagesWithoutLossOrRepeat) {
  v1::FindCompetenceRequest request;
  request.set_competence("data");
  request.set_near_unit_id("e-vvk-01-01");
  request.set_page_size(1);
  std::vector<std::string> seen;
  do {
    v1::FindCompetenceResponse page;
    ASSERT_THAT(Ask(request, &page), IsOk());
    EXPECT_EQ(page.total_size(), 3);
    for (const std::string& id : Ids(page.holders())) seen.push_back(id);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, ElementsAre("p-pl-1", "p-kl-1", "p-kl-2"));
}

TEST_F(CompetenceQueriesTest, ListEveryWrongFieldOfASearch) {
  v1::FindCompetenceRequest request;
  request.set_least_level(-1);
  request.set_as_of("soon");
  v1::FindCompetenceResponse response;
  const absl::Status status = Ask(request, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status),
              ElementsAre("competence", "near_unit_id", "least_level", "as_of"));
}

TEST_F(CompetenceQueriesTest, SayWhatIsUnknown) {
  v1::FindCompetenceRequest request;
  request.set_competence("song");
  request.set_near_unit_id("kl-vvk-01");
  v1::FindCompetenceResponse response;
  EXPECT_THAT(Ask(request, &response),
              StatusIs(absl::StatusCode::kNotFound, "COMPETENCE_NOT_FOUND"));
  request.set_competence("data");
  request.set_within_unit_id("kl-vvk-99");
  EXPECT_THAT(Ask(request, &response), StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
}

TEST_F(CompetenceQueriesTest, ShowWhatATeamHasAndLacks) {
  v1::GetTeamCompetencesRequest request = Team("kl-vvk-01");
  Want(request, "finance");
  Want(request, "data", 3);
  v1::GetTeamCompetencesResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(response.lacking(), ElementsAre("finance"));
  ASSERT_THAT(response.competences(), SizeIs(2));
  EXPECT_TRUE(response.competences(0).lacking());
  EXPECT_THAT(response.competences(0).holders(), IsEmpty());
  EXPECT_THAT(response.competences(0).nearest(), IsEmpty());
  EXPECT_EQ(response.competences(1).label().da(), "Data");
  EXPECT_THAT(Ids(response.competences(1).holders()), ElementsAre("p-pl-1"));
  EXPECT_THAT(Ids(response.competences(1).below()), ElementsAre("p-kl-1"));
}

TEST_F(CompetenceQueriesTest, NameWhoOutsideTheTeamHasWhatItLacks) {
  v1::GetTeamCompetencesRequest request = Team("kl-vvk-01");
  Want(request, "finance", 2, true);
  Want(request, "data", 2, true);
  request.set_nearest(3);
  v1::GetTeamCompetencesResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(response.lacking(), ElementsAre("finance", "data"));
  EXPECT_THAT(Ids(response.competences(0).nearest()), ElementsAre("p-kl-2"));
  EXPECT_EQ(response.competences(0).nearest(0).distance(), 2);
  EXPECT_THAT(response.competences(1).nearest(), IsEmpty());
}

TEST_F(CompetenceQueriesTest, ShowTheWholeCatalogueWhenNothingIsNamed) {
  v1::GetTeamCompetencesResponse response;
  ASSERT_THAT(Ask(Team("kl-vvk-02"), &response), IsOk());
  EXPECT_THAT(response.competences(), SizeIs(2));
  EXPECT_THAT(response.lacking(), IsEmpty());
}

TEST_F(CompetenceQueriesTest, RefuseAUnitWithoutATeam) {
  v1::GetTeamCompetencesResponse response;
  EXPECT_THAT(Ask(Team("e-vvk-01-01"), &response),
              StatusIs(absl::StatusCode::kFailedPrecondition, "UNIT_HAS_NO_TEAM"));
}

TEST_F(CompetenceQueriesTest, ListEveryWrongFieldOfWhatATeamIsAsked) {
  v1::GetTeamCompetencesRequest request = Team("kl-vvk-01");
  Want(request, "data", -1);
  Want(request, "data");
  Want(request, "");
  request.set_nearest(21);
  v1::GetTeamCompetencesResponse response;
  const absl::Status status = Ask(request, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status), ElementsAre("wanted[0].least_level", "wanted[1].competence",
                                               "wanted[2].competence", "nearest"));
}

TEST_F(OrganisationServiceTest, KeepsCompetencesOfTheCatalogueThatTheMigrationBrings) {
  ImportCity();
  const auto [status, imported] = Import(
      replica_.stub(),
      {Row(Declared("p-kl-1", "data_use", 3)), Row(Confirmed("p-pl-1", "data_use", 4, "p-kl-1")),
       Row(Competence{"data_use", "Brug af data i praksis", "Use of data", "", ""}),
       Row(Competence{"song", "Sang", "Song", "Synger rent", ""})});
  ASSERT_THAT(status, IsOk());
  ASSERT_EQ(imported.created_count(), 3) << imported.DebugString();
  ASSERT_EQ(imported.updated_count(), 1) << imported.DebugString();

  v1::FindCompetenceRequest request;
  request.set_competence("data_use");
  request.set_within_unit_id("buf");
  request.set_near_unit_id("kl-vvk-01");
  request.set_min_revision(imported.revision());
  v1::FindCompetenceResponse found;
  ASSERT_THAT(this->Ask(&Stub::FindCompetence, request, &found), IsOk());
  EXPECT_THAT(Ids(found.holders()), ElementsAre("p-kl-1", "p-pl-1"));

  v1::ListCompetencesResponse catalogue;
  ASSERT_THAT(this->Ask(&Stub::ListCompetences, v1::ListCompetencesRequest(), &catalogue), IsOk());
  EXPECT_EQ(catalogue.total_size(), 21);
  for (const v1::Competence& known : catalogue.competences()) {
    EXPECT_FALSE(known.label().da().empty()) << known.competence();
    EXPECT_FALSE(known.label().en().empty()) << known.competence();
    if (known.competence() != "data_use") continue;
    EXPECT_EQ(known.label().da(), "Brug af data i praksis");
  }
}

}  // namespace
}  // namespace klynge::organisation
