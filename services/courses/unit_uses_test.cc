#include "services/courses/unit_uses.h"

#include "services/courses/courses_service_test_support.h"
#include "tests/support/unit_uses_text.h"

namespace klynge::courses::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::Lines;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> UsesIn(const CoursesModel& model, const std::string& unit,
                                absl::string_view from) {
  rpc::UnitUses uses = UsesOf({{unit}, D(from)}, model);
  rpc::SortUses(uses, "");
  return Lines(uses);
}

CoursesModel ModelOf(ProgrammeRecord record) {
  CoursesModel model;
  model.programmes["uddannelse"] = std::make_shared<const ProgrammeRecord>(std::move(record));
  return model;
}

ProgrammeRecord Record() {
  ProgrammeRecord record;
  record.programme = Programme();
  return record;
}

TEST(UnitUsesOfCourses, AreEnrolmentsInTheirClusterAndWhereTheirLeadersLead) {
  ProgrammeRecord record = Record();
  record.enrolments = {Enrolment("kl-a-1", "omr-a", 2)};
  record.enrolments[0].mutable_leaders(0)->add_unit_ids("e-kl-a-1-1");
  record.enrolments[0].mutable_leaders(1)->add_unit_ids("e-kl-a-1-1");
  const CoursesModel model = ModelOf(std::move(record));
  EXPECT_THAT(UsesIn(model, "kl-a-1", "2022-08-01"),
              ElementsAre("kl-a-1 enrolment uddannelse/kl-a-1 active 2021-09-01–2024-01-01"));
  EXPECT_THAT(UsesIn(model, "e-kl-a-1-1", "2022-08-01"),
              ElementsAre("e-kl-a-1-1 enrolment uddannelse/kl-a-1 active 2021-09-01–2024-01-01"));
  EXPECT_THAT(UsesIn(model, "e-kl-a-1-2", "2022-08-01"), IsEmpty());
  EXPECT_THAT(UsesIn(model, "kl-a-1", "2024-01-01"), IsEmpty());
}

TEST(UnitUsesOfCourses, AreStaysUntilTheyEnded) {
  ProgrammeRecord record = Record();
  v1::Enrolment first = Enrolment("kl-a-1", "omr-a", 2);
  first.set_state(v1::ENROLMENT_STATE_SUPERSEDED);
  first.set_withdrawn_on("2022-03-01");
  v1::Enrolment second = Enrolment("kl-a-1", "omr-a", 3);
  second.set_team_as_of("2022-03-01");
  second.set_state(v1::ENROLMENT_STATE_WITHDRAWN);
  second.set_withdrawn_on("2022-09-01");
  record.enrolments = {first, second};
  const CoursesModel model = ModelOf(std::move(record));
  EXPECT_THAT(UsesIn(model, "kl-a-1", "2022-01-01"),
              ElementsAre("kl-a-1 enrolment uddannelse/kl-a-1 superseded 2021-09-01–2022-03-01",
                          "kl-a-1 enrolment uddannelse/kl-a-1 withdrawn 2022-03-01–2022-09-01"));
  EXPECT_THAT(UsesIn(model, "kl-a-1", "2022-09-01"), IsEmpty());
}

TEST(UnitUsesOfCourses, AreSessionsThatExpectTheTeam) {
  ProgrammeRecord record = Record();
  record.sessions = {SeminarSession("hold-1", "dag-1", "2022-08-01", {"kl-a-1", "kl-b-1"}),
                     SeminarSession("hold-2", "dag-2", "2022-09-01", {"kl-a-1"})};
  record.sessions[1].set_last_date("2022-09-02");
  record.attendance["hold-1"];
  const CoursesModel model = ModelOf(std::move(record));
  EXPECT_THAT(UsesIn(model, "kl-a-1", "2022-08-01"),
              ElementsAre("kl-a-1 session uddannelse/hold-1 held 2022-08-01–2022-08-02",
                          "kl-a-1 session uddannelse/hold-2 planned 2022-09-01–2022-09-03"));
  EXPECT_THAT(UsesIn(model, "kl-b-1", "2022-08-02"), IsEmpty());
  EXPECT_EQ(UsesOf({{"kl-a-1"}, D("2022-09-01")}, model)[0].title(), "Dag 2");
}

TEST(UnitUsesOfCourses, AreProgrammesAndVenuesOfAnArea) {
  CoursesModel model = ModelOf(Record());
  model.venues["sal-1"] = Venue("sal-1", 30, "omr-a");
  model.venues["sal-2"] = Venue("sal-2", 30, "omr-b");
  EXPECT_THAT(UsesIn(model, "omr-a", "2022-08-01"),
              ElementsAre("omr-a programme uddannelse active 2021-09-01–2024-01-01",
                          "omr-a venue sal-1 active –"));
}

TEST(UnitUsesOfCourses, NameNoPerson) {
  ProgrammeRecord record = Record();
  record.enrolments = {Enrolment("kl-a-1", "omr-a", 2)};
  for (const auto& use : UsesOf({{"kl-a-1"}, D("2022-08-01")}, ModelOf(std::move(record)))) {
    EXPECT_EQ(use.SerializeAsString().find("p-kl-a-1"), std::string::npos);
  }
}

TEST(UnitUsesOfCourses, AreAnsweredFromTodayOn) {
  FakeClock clock(absl::FromCivil(absl::CivilDay(2021, 10, 1), absl::UTCTimeZone()));
  klynge::testing::TemporaryDirectory directory;
  const std::string url = klynge::testing::NewDatabaseUrl(sql::Engine::kSqlite, directory);
  Replica replica(*sql::Database::Open({url, 4}, Migrations(), &clock), City().BuildTree(), clock);
  Client client(replica);
  ASSERT_THAT(client.Create(Programme()), IsOk());
  v1::EnrolTeamResponse enrolled;
  ASSERT_THAT(client.Enrol("kl-a-1", &enrolled), IsOk());
  v1::ListUnitUsesRequest request;
  request.add_unit_ids("kl-a-1");
  request.set_min_revision(enrolled.revision());
  v1::ListUnitUsesResponse response;
  ASSERT_THAT(replica.Call(&v1::CoursesService::Stub::ListUnitUses, request, &response), IsOk());
  EXPECT_THAT(Lines(response.uses()),
              ElementsAre("kl-a-1 enrolment uddannelse/kl-a-1 active 2021-09-01–2024-01-01"));
  EXPECT_EQ(response.uses(0).title(), "Ledelsesuddannelse");
  EXPECT_EQ(response.revision(), enrolled.revision());
  clock.Set(absl::FromCivil(absl::CivilDay(2024, 2, 1), absl::UTCTimeZone()));
  ASSERT_THAT(replica.Call(&v1::CoursesService::Stub::ListUnitUses, request, &response), IsOk());
  EXPECT_EQ(response.total_size(), 0);
}

}  // namespace
}  // namespace klynge::courses::testing
