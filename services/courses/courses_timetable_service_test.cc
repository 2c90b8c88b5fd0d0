// Resources, timetable, attendance and learning conversations through a real server.
#include <map>
#include <set>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/courses/courses_service_test_support.h"

namespace klynge::courses::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::StatusIs;
using ::klynge::testing::WrongFields;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Stub = v1::CoursesService::Stub;

class TimetableServiceTest : public ::testing::Test {
 protected:
  TimetableServiceTest() {
    EXPECT_THAT(client_.Create(Programme()), IsOk());
    for (const char* team : {"kl-a-1", "kl-a-2", "kl-b-1"})
      EXPECT_THAT(client_.Enrol(team), IsOk());
  }

  std::unique_ptr<sql::Database> Open() {
    return *sql::Database::Open({url_, 4}, Migrations(), &clock_);
  }

  static v1::PlanTimetableRequest PlanRequest() {
    v1::PlanTimetableRequest request;
    request.set_programme_id("uddannelse");
    request.set_seed(7);
    request.mutable_time_limit()->set_seconds(1);
    return request;
  }

  v1::PlannedTimetable Planned() {
    client_.ImportResources();
    v1::PlannedTimetable planned;
    EXPECT_THAT(client_.Plan(PlanRequest(), &planned), IsOk());
    return planned;
  }

  static v1::RecordAttendanceRequest Row(const std::string& session, const std::string& person,
                                         const std::string& cluster, v1::AttendanceState state) {
    v1::RecordAttendanceRequest row;
    row.set_programme_id("uddannelse");
    row.set_session_id(session);
    row.set_person_id(person);
    row.set_cluster_id(cluster);
    row.set_state(state);
    return row;
  }

  static std::map<std::string, std::string> MetadataOf(const grpc::Status& status) {
    const google::rpc::Status details = ToRpcStatus(rpc::FromGrpc(status));
    google::rpc::ErrorInfo info;
    for (const auto& detail : details.details()) detail.UnpackTo(&info);
    return {info.metadata().begin(), info.metadata().end()};
  }

  FakeClock clock_{absl::FromCivil(absl::CivilDay(2024, 1, 15), absl::UTCTimeZone())};
  klynge::testing::TemporaryDirectory directory_;
  const std::string url_ = klynge::testing::NewDatabaseUrl(sql::Engine::kSqlite, directory_);
  Replica replica_{Open(), City().BuildTree(), clock_};
  Client client_{replica_};
};

TEST_F(TimetableServiceTest, TellsWhatBecameOfEachResource) {
  const auto first = client_.ImportResources();
  EXPECT_EQ(first.created(), 4);
  const auto again = client_.ImportResources();
  EXPECT_EQ(again.unchanged(), 4);
  EXPECT_EQ(again.revision(), first.revision());
  std::vector<v1::ImportResourcesRequest> rows(3);
  *rows[0].mutable_venue() = Venue("sal-1", 40);
  *rows[1].mutable_venue() = Venue("Sal Uden Id", 0);
  const auto mixed = client_.Import(rows);
  EXPECT_EQ(mixed.updated(), 1);
  EXPECT_EQ(mixed.rejected(), 2);
  EXPECT_EQ(mixed.outcomes(1).problems_size(), 2);
  EXPECT_EQ(mixed.outcomes(2).problems(0).field(), "row");
}

TEST_F(TimetableServiceTest, KeepsWhatAVenueHas) {
  std::vector<v1::ImportResourcesRequest> rows(2);
  *rows[0].mutable_venue() = Venue("sal-1", 40);
  rows[0].mutable_venue()->add_features("skaerm");
  rows[1] = rows[0];
  rows[1].mutable_venue()->add_features("Højttaler");
  rows[1].mutable_venue()->add_features("skaerm");
  const auto mixed = client_.Import(rows);
  EXPECT_EQ(mixed.created(), 1);
  EXPECT_EQ(mixed.outcomes(1).problems_size(), 2);
  v1::ListResourcesResponse listed;
  ASSERT_THAT(replica_.Call(&Stub::ListResources, v1::ListResourcesRequest(), &listed), IsOk());
  EXPECT_THAT(listed.venues(0).features(), ElementsAre("skaerm"));
}

TEST_F(TimetableServiceTest, ChecksResourcesWithoutStoringThem) {
  std::vector<v1::ImportResourcesRequest> rows(1);
  *rows[0].mutable_venue() = Venue("sal-1", 40);
  rows[0].set_validate_only(true);
  EXPECT_EQ(client_.Import(rows).created(), 1);
  v1::ListResourcesResponse listed;
  ASSERT_THAT(replica_.Call(&Stub::ListResources, v1::ListResourcesRequest(), &listed), IsOk());
  EXPECT_EQ(listed.venues_size(), 0);
}

TEST_F(TimetableServiceTest, PlansAndKeepsATimetable) {
  const auto planned = Planned();
  ASSERT_GE(planned.timetable().sessions_size(), 3);
  const auto kept = client_.Timetable();
  ASSERT_EQ(kept.sessions_size(), planned.timetable().sessions_size());
  EXPECT_EQ(kept.unplaced_cluster_ids_size(), 0);
  for (int i = 0; i < kept.sessions_size(); ++i) {
    EXPECT_EQ(kept.sessions(i).date(), planned.timetable().sessions(i).date());
  }
  EXPECT_EQ(client_.Timetable("kl-a-1").sessions_size(), 3);
}

TEST_F(TimetableServiceTest, ShowsAPlanWithoutKeepingIt) {
  client_.ImportResources();
  auto request = PlanRequest();
  request.set_validate_only(true);
  v1::PlannedTimetable planned;
  ASSERT_THAT(client_.Plan(request, &planned), IsOk());
  EXPECT_GE(planned.timetable().sessions_size(), 3);
  EXPECT_EQ(client_.Timetable().sessions_size(), 0);
}

TEST_F(TimetableServiceTest, GivesTheSamePlanForTheSameSeed) {
  const auto first = Planned();
  const auto again = Planned();
  EXPECT_EQ(first.timetable().SerializeAsString(), again.timetable().SerializeAsString());
}

TEST_F(TimetableServiceTest, SaysWhichRuleBindsWhenNothingCanBePlanned) {
  client_.ImportResources();
  auto request = PlanRequest();
  request.mutable_rules()->set_first_day("2023-12-01");
  v1::PlannedTimetable planned;
  const auto refused = client_.Plan(request, &planned);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, "TIMETABLE_INFEASIBLE"));
  EXPECT_THAT(refused.error_message(), HasSubstr("gap"));
  EXPECT_EQ(client_.Timetable().sessions_size(), 0);
}

TEST_F(TimetableServiceTest, SaysWhatItWouldDoToGiveUp) {
  std::vector<v1::ImportResourcesRequest> rows(2);
  *rows[0].mutable_venue() = Venue("sal-1", 3);
  *rows[1].mutable_lecturer() = Lecturer("u-1");
  client_.Import(rows);
  auto request = PlanRequest();
  request.mutable_time_limit()->set_seconds(20);  // shared out over many short searches
  v1::PlannedTimetable planned;
  const auto refused = client_.Plan(request, &planned);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, "TIMETABLE_INFEASIBLE"));
  const std::string give_up = "seats: There is a timetable with up to 12 seats in venue 'sal-1'.";
  EXPECT_THAT(refused.error_message(), HasSubstr("It would do to give up " + give_up));
  auto facts = MetadataOf(refused);
  EXPECT_EQ(facts["give_up_1"], give_up);
  EXPECT_EQ(facts.count("give_up_2"), 0u);
}

TEST_F(TimetableServiceTest, RefusesASearchWithoutEnd) {
  auto request = PlanRequest();
  request.mutable_time_limit()->set_seconds(3600);
  request.set_max_steps(-1);
  v1::PlannedTimetable planned;
  EXPECT_THAT(WrongFields(client_.Plan(request, &planned)), ElementsAre("time_limit", "max_steps"));
}

TEST_F(TimetableServiceTest, PlansOneTimetableAtATime) {
  client_.ImportResources();
  auto request = PlanRequest();
  request.mutable_time_limit()->set_seconds(10);
  request.set_max_steps(1'000'000'000);
  grpc::ClientContext long_search;
  auto reader = replica_.stub().PlanTimetable(&long_search, request);
  v1::PlanTimetableResponse progress;
  ASSERT_TRUE(reader->Read(&progress));  // it is under way
  v1::PlannedTimetable planned;
  EXPECT_THAT(client_.Plan(PlanRequest(), &planned),
              StatusIs(absl::StatusCode::kResourceExhausted, "PLANNING_BUSY"));
  long_search.TryCancel();
  while (reader->Read(&progress)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(client_.Timetable().sessions_size(), 0);
}

TEST_F(TimetableServiceTest, ListsEveryBadRule) {
  client_.ImportResources();
  auto request = PlanRequest();
  request.mutable_rules()->set_max_area_share_away(2);
  request.mutable_rules()->set_min_days_between(-1);
  v1::PlannedTimetable planned;
  EXPECT_THAT(WrongFields(client_.Plan(request, &planned)),
              ElementsAre("rules.max_area_share_away", "rules.min_days_between"));
}

TEST_F(TimetableServiceTest, TakesALeavingTeamOutOfLaterSessions) {
  const auto planned = Planned();
  v1::WithdrawTeamRequest request;
  request.set_programme_id("uddannelse");
  request.set_cluster_id("kl-a-1");
  request.set_reason("Flytter");
  request.set_withdrawn_on(client_.Timetable("kl-a-1").sessions(1).date());
  v1::WithdrawTeamResponse response;
  ASSERT_THAT(replica_.Call(&Stub::WithdrawTeam, request, &response), IsOk());
  EXPECT_EQ(client_.Timetable("kl-a-1").sessions_size(), 1);
  int expected = 0;
  const auto timetable = client_.Timetable();
  for (const auto& session : timetable.sessions()) expected += session.expected_count();
  EXPECT_EQ(expected, 4 + 3 * 8);  // the one day it had, and two teams on three days
}

TEST_F(TimetableServiceTest, ReadsATeamAnewWhenALeaderIsReplaced) {
  Planned();
  const auto sessions = client_.Timetable("kl-a-1");
  v1::RefreshTeamRequest request;
  request.set_programme_id("uddannelse");
  request.set_cluster_id("kl-a-1");
  request.set_as_of(sessions.sessions(1).date());
  v1::RefreshTeamResponse response;
  ASSERT_THAT(replica_.Call(&Stub::RefreshTeam, request, &response), IsOk());
  EXPECT_EQ(response.joined_person_ids_size(), 0);
  EXPECT_EQ(response.enrolment().team_as_of(), "2021-09-01");

  auto city = City();
  city.Someone("p-ny").Assign("p-ny", "pedagogical_leader", "e-kl-a-1-3", "2021-10-01");
  Replica later(Open(), city.BuildTree(2), clock_);
  ASSERT_THAT(later.Call(&Stub::RefreshTeam, request, &response), IsOk());
  EXPECT_THAT(response.joined_person_ids(), ElementsAre("p-ny"));
  EXPECT_EQ(response.enrolment().team_as_of(), request.as_of());
  EXPECT_EQ(response.places().taken(), 13);
  Client client(later);
  EXPECT_EQ(client.Timetable("kl-a-1").sessions_size(), 3);
  const auto answer = client.Record(
      {Row(sessions.sessions(0).session_id(), "p-ny", "", v1::ATTENDANCE_STATE_PRESENT),
       Row(sessions.sessions(1).session_id(), "p-ny", "", v1::ATTENDANCE_STATE_PRESENT)});
  EXPECT_EQ(answer.created(), 1);
  EXPECT_EQ(answer.rejected_rows(0).reason(), "NOT_ENROLLED");
  const auto listed = client.Enrolments(true);
  ASSERT_EQ(listed.enrolments_size(), 4);
  EXPECT_EQ(listed.enrolments(0).state(), v1::ENROLMENT_STATE_SUPERSEDED);
  EXPECT_EQ(listed.enrolments(1).leaders_size(), 5);
}

TEST_F(TimetableServiceTest, RecordsAttendanceOnceHoweverOftenItIsSent) {
  Planned();
  const std::string session = client_.Timetable("kl-a-1").sessions(0).session_id();
  const std::vector<v1::RecordAttendanceRequest> rows = {
      Row(session, "", "kl-a-1", v1::ATTENDANCE_STATE_PRESENT),
      Row(session, "p-kl-a-1-2", "", v1::ATTENDANCE_STATE_EXCUSED)};
  const auto first = client_.Record(rows);
  EXPECT_EQ(first.created(), 4);
  EXPECT_EQ(first.updated(), 1);
  const auto correction = client_.Record({rows[1]});
  EXPECT_EQ(correction.unchanged(), 1);
  EXPECT_EQ(correction.revision(), first.revision());
}

TEST_F(TimetableServiceTest, AnswersARepeatedStreamOfAttendanceAsTheFirstTime) {
  Planned();
  const std::string session = client_.Timetable("kl-a-1").sessions(0).session_id();
  std::vector<v1::RecordAttendanceRequest> rows = {
      Row(session, "p-kl-a-1", "", v1::ATTENDANCE_STATE_PRESENT),
      Row(session, "p-kl-c-1", "", v1::ATTENDANCE_STATE_PRESENT)};
  rows[0].set_request_id("first-day");
  const auto first = client_.Record(rows);
  EXPECT_EQ(first.created(), 1);
  const auto again = client_.Record(rows);
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
}

TEST_F(TimetableServiceTest, RefusesAttendanceRowByRow) {
  Planned();
  const std::string session = client_.Timetable("kl-a-1").sessions(0).session_id();
  const auto answer =
      client_.Record({Row("findes-ikke", "p-kl-a-1", "", v1::ATTENDANCE_STATE_PRESENT),
                      Row(session, "p-kl-c-1", "", v1::ATTENDANCE_STATE_PRESENT),
                      Row("", "", "", v1::ATTENDANCE_STATE_UNSPECIFIED),
                      Row(session, "p-kl-a-1", "", v1::ATTENDANCE_STATE_PRESENT)});
  EXPECT_EQ(answer.created(), 1);
  ASSERT_EQ(answer.rejected(), 3);
  EXPECT_EQ(answer.rejected_rows(0).reason(), "SESSION_NOT_FOUND");
  EXPECT_EQ(answer.rejected_rows(1).reason(), "NOT_ENROLLED");
  EXPECT_EQ(answer.rejected_rows(2).problems_size(), 3);
}

TEST_F(TimetableServiceTest, KeepsHeldSessionsWhenPlanningAnew) {
  Planned();
  const auto session = client_.Timetable().sessions(0);
  client_.Record(
      {Row(session.session_id(), "", session.cluster_ids(0), v1::ATTENDANCE_STATE_PRESENT)});
  auto request = PlanRequest();
  request.set_seed(99);
  request.mutable_rules()->set_first_day("2022-06-01");
  v1::PlannedTimetable planned;
  ASSERT_THAT(client_.Plan(request, &planned), IsOk());
  const auto kept = client_.Timetable().sessions(0);
  EXPECT_EQ(kept.session_id(), session.session_id());
  EXPECT_EQ(kept.date(), session.date());
}

TEST_F(TimetableServiceTest, SchedulesASessionForConsultants) {
  client_.ImportResources();
  v1::ScheduleSessionRequest request;
  request.set_programme_id("uddannelse");
  auto& session = *request.mutable_session();
  session.set_session_id("konsulenter-1");
  session.set_activity_id("konsulenter");
  session.set_date("2021-10-05");
  session.set_venue_id("sal-1");
  v1::ScheduleSessionResponse response;
  ASSERT_THAT(replica_.Call(&Stub::ScheduleSession, request, &response), IsOk());
  EXPECT_EQ(
      client_.Record({Row("konsulenter-1", "p-konsulent-1", "", v1::ATTENDANCE_STATE_PRESENT)})
          .created(),
      1);
  session.set_date("2021-10-09");
  EXPECT_THAT(replica_.Call(&Stub::ScheduleSession, request, &response),
              StatusIs(absl::StatusCode::kFailedPrecondition, "WRONG_DAY"));
}

TEST_F(TimetableServiceTest, RecordsLearningConversationsInOrder) {
  v1::RecordLearningConversationRequest request;
  auto& conversation = *request.mutable_conversation();
  conversation.set_programme_id("uddannelse");
  conversation.set_cluster_id("kl-a-1");
  conversation.set_number(2);
  conversation.set_held_on("2023-05-04");
  v1::RecordLearningConversationResponse response;
  ASSERT_THAT(replica_.Call(&Stub::RecordLearningConversation, request, &response), IsOk());
  conversation.set_number(1);
  conversation.set_held_on("2023-06-01");
  EXPECT_THAT(WrongFields(replica_.Call(&Stub::RecordLearningConversation, request, &response)),
              ElementsAre("conversation.held_on"));
  conversation.set_number(3);
  conversation.set_held_on("2025-01-01");
  EXPECT_THAT(WrongFields(replica_.Call(&Stub::RecordLearningConversation, request, &response)),
              ElementsAre("conversation.held_on"));
  conversation.set_held_on("2023-06-01");
  EXPECT_THAT(WrongFields(replica_.Call(&Stub::RecordLearningConversation, request, &response)),
              ElementsAre("conversation.number"));
  conversation.set_number(1);
  conversation.set_held_on("2022-06-01");
  conversation.set_cluster_id("kl-b-2");
  EXPECT_THAT(replica_.Call(&Stub::RecordLearningConversation, request, &response),
              StatusIs(absl::StatusCode::kFailedPrecondition, "NOT_ENROLLED"));
}

}  // namespace
}  // namespace klynge::courses::testing
