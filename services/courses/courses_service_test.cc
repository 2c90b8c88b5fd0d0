// Programmes and enrolment through a real server.
#include "services/courses/courses_service_test_support.h"

namespace klynge::courses::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::IsRetryable;
using ::klynge::testing::StatusIs;
using ::klynge::testing::WrongFields;
using ::testing::Contains;
using ::testing::ElementsAre;
using Stub = v1::CoursesService::Stub;

class CoursesServiceTest : public ::testing::Test {
 protected:
  std::unique_ptr<sql::Database> Open() {
    return *sql::Database::Open({url_, 4}, Migrations(), &clock_);
  }

  FakeClock clock_{absl::FromCivil(absl::CivilDay(2021, 10, 1), absl::UTCTimeZone())};
  klynge::testing::TemporaryDirectory directory_;
  const std::string url_ = klynge::testing::NewDatabaseUrl(sql::Engine::kSqlite, directory_);
  Replica replica_{Open(), City().BuildTree(), clock_};
  Client client_{replica_};
};

TEST_F(CoursesServiceTest, KeepsAProgrammeAsItWasSent) {
  ASSERT_THAT(client_.Create(Programme()), IsOk());
  v1::GetProgrammeRequest request;
  request.set_programme_id("uddannelse");
  v1::GetProgrammeResponse response;
  ASSERT_THAT(replica_.Call(&Stub::GetProgramme, request, &response), IsOk());
  v1::Programme got = response.programme();
  EXPECT_FALSE(got.etag().empty());
  got.clear_etag();
  EXPECT_EQ(got.SerializeAsString(), Programme().SerializeAsString());
}

TEST_F(CoursesServiceTest, ListsEveryBadFieldAndStoresNothing) {
  auto programme = Programme();
  programme.add_area_ids("omr-findes-ikke");
  programme.set_capacity_leaders(-1);
  programme.clear_funding();
  EXPECT_THAT(
      WrongFields(client_.Create(programme)),
      ElementsAre("programme.capacity_leaders", "programme.funding", "programme.area_ids[2]"));
  v1::ListProgrammesResponse listed;
  ASSERT_THAT(replica_.Call(&Stub::ListProgrammes, v1::ListProgrammesRequest(), &listed), IsOk());
  EXPECT_EQ(listed.programmes_size(), 0);
}

TEST_F(CoursesServiceTest, CallsNoAreaOrClusterUnknownWhileTheOrganisationIsAway) {
  Replica replica(Open(), City().BuildTree(), clock_, {},
                  organisation::testing::OrganisationAway());
  Client client(replica);
  const auto unsure = IsRetryable(absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE");
  auto elsewhere = Programme();
  elsewhere.add_area_ids("omr-findes-ikke");
  EXPECT_THAT(client.Create(elsewhere), unsure);
  ASSERT_THAT(client.Create(Programme()), IsOk());
  v1::EnrolTeamResponse response;
  EXPECT_THAT(client.Enrol("kl-findes-ikke", &response), unsure);
  EXPECT_THAT(client.Enrol("kl-a-1", &response), IsOk());
}

TEST_F(CoursesServiceTest, RefusesTheSameProgrammeTwice) {
  ASSERT_THAT(client_.Create(Programme()), IsOk());
  EXPECT_THAT(client_.Create(Programme()),
              StatusIs(absl::StatusCode::kAlreadyExists, "PROGRAMME_EXISTS"));
}

TEST_F(CoursesServiceTest, SettlesAnActivityThatWasToBeClarified) {
  ASSERT_THAT(client_.Create(Programme()), IsOk());
  v1::UpdateProgrammeRequest request;
  *request.mutable_programme() = Programme();
  auto& lbl = *request.mutable_programme()->mutable_activities(3);
  lbl.set_form(v1::ACTIVITY_FORM_SESSION);
  lbl.set_planned_count(3);
  lbl.set_count_basis(v1::COUNT_BASIS_PROGRAMME);
  request.mutable_update_mask()->add_paths("activities");
  v1::UpdateProgrammeResponse response;
  ASSERT_THAT(replica_.Call(&Stub::UpdateProgramme, request, &response), IsOk());
  EXPECT_EQ(response.programme().activities(3).planned_count(), 3);
  EXPECT_EQ(response.programme().activities_size(), 4);
}

TEST_F(CoursesServiceTest, RefusesAnUpdateOfWhatSomebodyElseChanged) {
  ASSERT_THAT(client_.Create(Programme()), IsOk());
  v1::UpdateProgrammeRequest request;
  *request.mutable_programme() = Programme(50);
  request.mutable_programme()->set_etag("r999");
  request.mutable_update_mask()->add_paths("capacity_leaders");
  v1::UpdateProgrammeResponse response;
  EXPECT_THAT(replica_.Call(&Stub::UpdateProgramme, request, &response),
              StatusIs(absl::StatusCode::kAborted, "STALE_ETAG"));
}

TEST_F(CoursesServiceTest, ReadsItsOwnWriteByRevision) {
  v1::CreateProgrammeRequest request;
  *request.mutable_programme() = Programme();
  v1::CreateProgrammeResponse created;
  ASSERT_THAT(replica_.Call(&Stub::CreateProgramme, request, &created), IsOk());
  v1::GetProgrammeRequest get;
  get.set_programme_id("uddannelse");
  get.set_min_revision(created.revision());
  v1::GetProgrammeResponse got;
  EXPECT_THAT(replica_.Call(&Stub::GetProgramme, get, &got), IsOk());
  EXPECT_GE(got.revision(), created.revision());
  get.set_min_revision(created.revision() + 1);
  EXPECT_THAT(replica_.Call(&Stub::GetProgramme, get, &got),
              StatusIs(absl::StatusCode::kUnavailable, "REVISION_NOT_REACHED"));
}

TEST_F(CoursesServiceTest, PagesThroughProgrammes) {
  for (const char* id : {"a", "b", "c"}) {
    auto programme = Programme();
    programme.set_programme_id(id);
    ASSERT_THAT(client_.Create(programme), IsOk());
  }
  v1::ListProgrammesRequest request;
  request.set_page_size(2);
  v1::ListProgrammesResponse first;
  ASSERT_THAT(replica_.Call(&Stub::ListProgrammes, request, &first), IsOk());
  ASSERT_EQ(first.programmes_size(), 2);
  request.set_page_token(first.next_page_token());
  v1::ListProgrammesResponse second;
  ASSERT_THAT(replica_.Call(&Stub::ListProgrammes, request, &second), IsOk());
  ASSERT_EQ(second.programmes_size(), 1);
  EXPECT_EQ(second.programmes(0).programme_id(), "c");
  EXPECT_TRUE(second.next_page_token().empty());
}

TEST_F(CoursesServiceTest, EnrolsAWholeTeamAndCountsThePlaces) {
  ASSERT_THAT(client_.Create(Programme(10)), IsOk());
  v1::EnrolTeamResponse response;
  ASSERT_THAT(client_.Enrol("kl-a-1", &response), IsOk());
  EXPECT_EQ(response.enrolment().leaders_size(), 4);
  EXPECT_EQ(response.places().taken(), 4);
  EXPECT_EQ(response.places().free(), 6);
  EXPECT_EQ(client_.Enrolments().places().taken(), 4);
}

TEST_F(CoursesServiceTest, RefusesATeamTwiceAndTheOneThatDoesNotFit) {
  ASSERT_THAT(client_.Create(Programme(7)), IsOk());
  ASSERT_THAT(client_.Enrol("kl-a-1"), IsOk());
  EXPECT_THAT(client_.Enrol("kl-a-1"),
              StatusIs(absl::StatusCode::kAlreadyExists, "ALREADY_ENROLLED"));
  EXPECT_THAT(client_.Enrol("kl-a-2"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "CAPACITY_EXCEEDED"));
  EXPECT_EQ(client_.Enrolments().enrolments_size(), 1);
}

TEST_F(CoursesServiceTest, AnswersARepeatedEnrolmentWithTheFirstAnswer) {
  ASSERT_THAT(client_.Create(Programme()), IsOk());
  v1::EnrolTeamResponse first;
  v1::EnrolTeamResponse again;
  ASSERT_THAT(client_.Enrol("kl-a-1", &first, "id-1"), IsOk());
  ASSERT_THAT(client_.Enrol("kl-a-1", &again, "id-1"), IsOk());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(client_.Enrol("kl-a-2", &again, "id-1"),
              StatusIs(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
}

TEST_F(CoursesServiceTest, EnrolsNobodyWhenOnlyValidating) {
  ASSERT_THAT(client_.Create(Programme()), IsOk());
  v1::EnrolTeamResponse response;
  ASSERT_THAT(client_.Enrol("kl-a-1", &response, "", true), IsOk());
  EXPECT_EQ(response.places().taken(), 4);
  EXPECT_EQ(client_.Enrolments().enrolments_size(), 0);
}

TEST_F(CoursesServiceTest, RefusesADayAfterTheProgramme) {
  ASSERT_THAT(client_.Create(Programme()), IsOk());
  v1::EnrolTeamRequest request;
  request.set_programme_id("uddannelse");
  request.set_cluster_id("kl-a-1");
  request.set_as_of("2024-01-01");
  v1::EnrolTeamResponse response;
  EXPECT_THAT(WrongFields(replica_.Call(&Stub::EnrolTeam, request, &response)),
              ElementsAre("as_of"));
}

TEST_F(CoursesServiceTest, FreesThePlacesOfATeamThatLeaves) {
  ASSERT_THAT(client_.Create(Programme(4)), IsOk());
  ASSERT_THAT(client_.Enrol("kl-a-1"), IsOk());
  v1::WithdrawTeamRequest request;
  request.set_programme_id("uddannelse");
  request.set_cluster_id("kl-a-1");
  request.set_withdrawn_on("2021-09-01");
  v1::WithdrawTeamResponse response;
  EXPECT_THAT(WrongFields(replica_.Call(&Stub::WithdrawTeam, request, &response)),
              ElementsAre("reason"));
  request.set_reason("Klyngen deles");
  ASSERT_THAT(replica_.Call(&Stub::WithdrawTeam, request, &response), IsOk());
  EXPECT_EQ(response.places().free(), 4);
  EXPECT_THAT(client_.Enrol("kl-a-2"), IsOk());
  EXPECT_EQ(client_.Enrolments(true).enrolments_size(), 2);
  EXPECT_THAT(replica_.Call(&Stub::WithdrawTeam, request, &response),
              StatusIs(absl::StatusCode::kNotFound, "NOT_ENROLLED"));
}

TEST_F(CoursesServiceTest, KnowsNoUnknownProgramme) {
  EXPECT_THAT(client_.Enrol("kl-a-1"),
              StatusIs(absl::StatusCode::kNotFound, "PROGRAMME_NOT_FOUND"));
}

}  // namespace
}  // namespace klynge::courses::testing
