// The courses service and requests nobody foresaw. Goals and observations are away.
#include "services/courses/courses_service_test_support.h"
#include "tests/fuzz/service_fuzzer.h"

namespace klynge::courses::testing {
namespace {

using klynge::testing::Json;

TEST(CoursesServiceFuzz, AnswersWhateverIsAskedByItsOwnRules) {
  FakeClock clock(absl::FromCivil(absl::CivilDay(2022, 10, 1), absl::UTCTimeZone()));
  klynge::testing::TemporaryDirectory directory;
  Replica replica(
      *sql::Database::Open({klynge::testing::NewDatabaseUrl(sql::Engine::kSqlite, directory), 4},
                           Migrations(), &clock),
      City().BuildTree(), clock);
  klynge::testing::ServiceFuzzer fuzzer(replica.channel(), "klynge.courses.v1.CoursesService",
                                        "ListProgrammes", 20210901);

  v1::CreateProgrammeRequest create;
  *create.mutable_programme() = Programme();
  fuzzer.Learn("CreateProgramme", {Json(create)});
  fuzzer.Learn("UpdateProgramme", {R"({"programme":{"programme_id":"uddannelse",
                                       "capacity_leaders":30},"update_mask":"capacityLeaders"})"});
  v1::ImportResourcesRequest venue, lecturer;
  *venue.mutable_venue() = Venue("sal-1", 30, "omr-a");
  *lecturer.mutable_lecturer() = Lecturer("u-1");
  fuzzer.Learn("ImportResources", {Json(venue), Json(lecturer)});
  for (const char* cluster : {"kl-a-1", "kl-b-1"}) {
    v1::EnrolTeamRequest enrol;
    enrol.set_programme_id("uddannelse");
    enrol.set_cluster_id(cluster);
    enrol.set_as_of("2021-09-01");
    fuzzer.Learn("EnrolTeam", {Json(enrol)});
  }
  fuzzer.Learn("RefreshTeam", {R"({"programme_id":"uddannelse","cluster_id":"kl-a-1",
                                   "as_of":"2022-01-01"})"});
  fuzzer.Learn("ScheduleSession",
               {R"({"programme_id":"uddannelse","session":{"session_id":"konsulenter-1",
                    "activity_id":"konsulenter","date":"2021-10-05","venue_id":"sal-1",
                    "lecturer_ids":["u-1"],"expected_count":12}})"});
  fuzzer.Learn("RecordAttendance", {R"({"programme_id":"uddannelse","session_id":"konsulenter-1",
                    "person_id":"p-konsulent-1","state":"ATTENDANCE_STATE_PRESENT"})"});
  fuzzer.Learn("RecordLearningConversation",
               {R"({"conversation":{"programme_id":"uddannelse","cluster_id":"kl-a-1","number":1,
                    "held_on":"2022-09-05","participant_roles":["cluster_leader"],
                    "agreed_steps":"Et pejlemærke"}})"});
  fuzzer.Learn("GetProgramme", {R"({"programme_id":"uddannelse"})"});
  fuzzer.Learn("ListProgrammes", {R"({"area_id":"omr-a","page_size":1})"});
  fuzzer.Learn("ListEnrolments", {R"({"programme_id":"uddannelse","page_size":1})"});
  fuzzer.Learn("GetTimetable", {R"({"programme_id":"uddannelse","month":"2021-10"})"});
  v1::PlanTimetableRequest plan;
  plan.set_programme_id("uddannelse");
  v1::PlannedTimetable planned;
  ASSERT_THAT(Client(replica).Plan(plan, &planned), klynge::testing::IsOk());
  v1::ExplainTimetableRequest explain;
  explain.set_programme_id("uddannelse");
  explain.set_session_id(planned.timetable().sessions(0).session_id());
  explain.mutable_place()->set_date("2021-10-05");
  explain.set_suggestions(3);
  fuzzer.Learn("ExplainTimetable", {Json(explain)});
  fuzzer.Learn("GetProgrammeStatus", {R"({"programme_id":"uddannelse","as_of":"2022-09-30",
                                          "language":"REPORT_LANGUAGE_DANISH"})"});
  fuzzer.Learn("GetLearningConversationBrief", {R"({"cluster_id":"kl-a-1"})"});
  fuzzer.Learn("ListUnitUses",
               {R"({"unit_ids":["kl-a-1","omr-a"],"from":"2021-10-01","page_size":1})"});
  fuzzer.Learn("WithdrawTeam", {R"({"programme_id":"uddannelse","cluster_id":"kl-b-1",
                                    "withdrawn_on":"2022-09-01","reason":"Klyngen er delt"})"});
  if (::testing::Test::HasFatalFailure()) return;

  fuzzer.Run(1500);
  EXPECT_GT(fuzzer.Count(grpc::StatusCode::OK), 200);
  EXPECT_GT(fuzzer.Count(grpc::StatusCode::INVALID_ARGUMENT), 200);
}

}  // namespace
}  // namespace klynge::courses::testing
