// ExplainTimetable through a real server.
#include "services/courses/courses_service_test_support.h"

namespace klynge::courses::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::StatusIs;
using ::klynge::testing::WrongFields;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Property;
using Stub = v1::CoursesService::Stub;

class ExplainTimetableTest : public ::testing::Test {
 protected:
  ExplainTimetableTest() {
    EXPECT_THAT(client_.Create(Programme()), IsOk());
    for (const char* team : {"kl-a-1", "kl-a-2", "kl-b-1"}) {
      EXPECT_THAT(client_.Enrol(team), IsOk());
    }
    client_.ImportResources();
  }

  v1::PlannedTimetable Plan() {
    v1::PlanTimetableRequest request;
    request.set_programme_id("uddannelse");
    request.set_seed(7);
    request.mutable_time_limit()->set_seconds(1);
    v1::PlannedTimetable planned;
    EXPECT_THAT(client_.Plan(request, &planned), IsOk());
    return planned;
  }

  static v1::ExplainTimetableRequest Request(const std::string& session = "") {
    v1::ExplainTimetableRequest request;
    request.set_programme_id("uddannelse");
    request.set_session_id(session);
    return request;
  }

  grpc::Status Ask(const v1::ExplainTimetableRequest& request,
                   v1::ExplainTimetableResponse* response) {
    response->Clear();
    return replica_.Call(&Stub::ExplainTimetable, request, response);
  }
  v1::ExplainTimetableResponse Explained(const v1::ExplainTimetableRequest& request) {
    v1::ExplainTimetableResponse response;
    EXPECT_THAT(Ask(request, &response), IsOk());
    return response;
  }

  FakeClock clock_{absl::FromCivil(absl::CivilDay(2024, 1, 15), absl::UTCTimeZone())};
  klynge::testing::TemporaryDirectory directory_;
  Replica replica_{
      *sql::Database::Open({klynge::testing::NewDatabaseUrl(sql::Engine::kSqlite, directory_), 4},
                           Migrations(), &clock_),
      City().BuildTree(), clock_};
  Client client_{replica_};
  v1::ExplainTimetableResponse response_;
};

TEST_F(ExplainTimetableTest, CostsWhatThePlanSaidSessionBySession) {
  const v1::PlannedTimetable planned = Plan();
  const auto explained = Explained(Request());
  EXPECT_EQ(explained.cost(), planned.cost());
  ASSERT_EQ(explained.costs_size(), planned.costs_size());
  for (int i = 0; i < planned.costs_size(); ++i) {
    EXPECT_EQ(explained.costs(i).SerializeAsString(), planned.costs(i).SerializeAsString());
  }
  ASSERT_EQ(explained.sessions_size(), planned.timetable().sessions_size());
  int64_t sum = 0;
  for (int i = 0; i < explained.sessions_size(); ++i) {
    sum += explained.sessions(i).cost();
    if (i > 0) {
      EXPECT_LE(explained.sessions(i).cost(), explained.sessions(i - 1).cost());
    }
  }
  EXPECT_EQ(sum, planned.cost());
  EXPECT_EQ(explained.revision(), planned.revision());
  EXPECT_EQ(explained.reasons_size(), 0);
}

// A wish that the plan was not made with: the weekday before that of the session.
TEST_F(ExplainTimetableTest, GivesTheReasonsOfASessionInWords) {
  const v1::Session session = Plan().timetable().sessions(0);
  v1::ExplainTimetableRequest request = Request(session.session_id());
  const auto weekday = static_cast<int>(absl::GetWeekday(*ParseDate(session.date()))) + 1;
  request.mutable_rules()->add_preferred_weekdays(weekday > 1 ? weekday - 1 : 5);
  const auto explained = Explained(request);
  EXPECT_THAT(explained.reasons(),
              Contains(AllOf(Property(&v1::SessionReason::rule, "preferred_weekdays"),
                             Property(&v1::SessionReason::sentence, HasSubstr(session.date())))));
  int64_t sum = 0;
  for (const auto& reason : explained.reasons()) sum += reason.cost();
  EXPECT_THAT(explained.sessions(),
              Contains(AllOf(Property(&v1::SessionCost::session_id, session.session_id()),
                             Property(&v1::SessionCost::cost, sum))));
}

TEST_F(ExplainTimetableTest, NamesWhatIsInTheWayOfAPlace) {
  const v1::Timetable timetable = Plan().timetable();
  v1::ExplainTimetableRequest request = Request(timetable.sessions(0).session_id());
  request.mutable_place()->set_date("2022-01-01");
  EXPECT_THAT(Explained(request).place().obstacles(),
              ElementsAre(AllOf(Property(&v1::PlaceObstacle::rule, "calendar"),
                                Property(&v1::PlaceObstacle::sentence, HasSubstr("2022-01-01")))));
  const v1::Session& other = timetable.sessions(timetable.sessions_size() - 1);
  request.mutable_place()->set_date(other.date());
  request.mutable_place()->set_venue_id(other.venue_id());
  EXPECT_THAT(Explained(request).place().obstacles(),
              Contains(Property(&v1::PlaceObstacle::rule, "venue")));
}

TEST_F(ExplainTimetableTest, KnowsThatAHeldSessionStays) {
  const v1::Session session = Plan().timetable().sessions(0);
  v1::RecordAttendanceRequest row;
  row.set_programme_id("uddannelse");
  row.set_session_id(session.session_id());
  row.set_cluster_id(session.cluster_ids(0));
  row.set_state(v1::ATTENDANCE_STATE_PRESENT);
  EXPECT_GT(client_.Record({row}).created(), 0);
  v1::ExplainTimetableRequest request = Request(session.session_id());
  request.mutable_place()->set_venue_id(session.venue_id() == "sal-1" ? "sal-2" : "sal-1");
  EXPECT_THAT(Explained(request).place().obstacles(),
              ElementsAre(Property(&v1::PlaceObstacle::rule, "pin")));
}

TEST_F(ExplainTimetableTest, SuggestsPlacesThatCostWhatItSays) {
  v1::ExplainTimetableRequest request = Request(Plan().timetable().sessions(0).session_id());
  request.set_suggestions(5);
  const auto suggested = Explained(request);
  ASSERT_EQ(suggested.suggestions_size(), 5);
  int asked = 0;
  for (const auto& each : suggested.suggestions()) {
    if (!each.other_session_id().empty()) continue;
    *request.mutable_place() = each.place();
    const auto there = Explained(request).place();
    EXPECT_EQ(there.obstacles_size(), 0);
    EXPECT_EQ(there.cost(), each.cost());
    EXPECT_EQ(there.broken(), each.broken());
    EXPECT_EQ(there.differences_size(), each.differences_size());
    ++asked;
  }
  EXPECT_GT(asked, 0);
}

TEST_F(ExplainTimetableTest, ListsEveryBadField) {
  Plan();
  v1::ExplainTimetableRequest request = Request();
  request.set_suggestions(101);
  request.mutable_place()->set_date("i morgen");
  EXPECT_THAT(WrongFields(Ask(request, &response_)),
              ElementsAre("suggestions", "session_id", "place.date"));
}

TEST_F(ExplainTimetableTest, SaysWhenThereIsNothingToExplain) {
  EXPECT_THAT(Ask(Request(), &response_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "TIMETABLE_INFEASIBLE"));
  Plan();
  EXPECT_THAT(Ask(Request("findes-ikke"), &response_),
              StatusIs(absl::StatusCode::kNotFound, "SESSION_NOT_FOUND"));
  v1::ExplainTimetableRequest unknown = Request();
  unknown.set_programme_id("ukendt");
  EXPECT_THAT(Ask(unknown, &response_),
              StatusIs(absl::StatusCode::kNotFound, "PROGRAMME_NOT_FOUND"));
}

TEST_F(ExplainTimetableTest, SaysWhichRuleIsBrokenWhenATeamHasCome) {
  Plan();
  EXPECT_THAT(client_.Enrol("kl-b-2"), IsOk());
  const grpc::Status refused = Ask(Request(), &response_);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, "TIMETABLE_INFEASIBLE"));
  EXPECT_THAT(refused.error_message(), HasSubstr("kl-b-2"));
}

}  // namespace
}  // namespace klynge::courses::testing
