#include "services/courses/planning.h"

#include <set>

#include "google/rpc/status.pb.h"
#include "services/courses/planning_test_support.h"

namespace klynge::courses {
namespace {

using testing::D;
using ::testing::ElementsAre;
using testing::Enrolment;
using ::testing::HasSubstr;
using testing::Lecturer;
using testing::PlanningTest;
using testing::SeminarSession;
using testing::Venue;

TEST_F(PlanningTest, SendsEachTeamToEachSeminarDayOnceInThemeOrder) {
  auto sessions = Plan();
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  std::map<std::string, std::vector<std::string>> days_of;
  for (const auto& session : *sessions) {
    for (const auto& team : session.cluster_ids())
      days_of[team].push_back(session.seminar_day_id());
  }
  EXPECT_EQ(days_of.size(), 4u);
  for (const auto& [team, days] : days_of)
    EXPECT_THAT(days, ElementsAre("dag-1", "dag-2", "dag-3"));
}

TEST_F(PlanningTest, NamesSessionsByDayAndCohort) {
  auto sessions = Plan();
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  std::set<std::string> ids;
  for (const auto& session : *sessions) ids.insert(session.session_id());
  EXPECT_EQ(ids.size(), sessions->size());
  EXPECT_EQ(ids.count("dag-1-hold-1"), 1u);
}

TEST_F(PlanningTest, AvoidsDaysOnWhichAVenueOrLecturerIsTaken) {
  auto other = std::make_shared<ProgrammeRecord>();
  other->sessions = {SeminarSession("x", "dag", "2021-11-02", {})};
  other->sessions[0].set_last_date("2021-11-03");
  model_.programmes["anden"] = other;
  auto& closed = *model_.venues["sal-1"].add_closed();
  closed.set_first_day("2021-09-01");
  closed.set_last_day("2021-10-31");
  auto problem = MakeProblem(model_, record_, rules_);
  ASSERT_TRUE(problem.ok()) << problem.status();
  EXPECT_EQ(problem->venues[0].unavailable.count(D("2021-11-02")), 1u);
  EXPECT_EQ(problem->venues[0].unavailable.count(D("2021-09-15")), 1u);
  EXPECT_EQ(problem->venues[0].unavailable.count(D("2021-11-03")), 1u);
  EXPECT_EQ(problem->venues[0].unavailable.count(D("2021-11-04")), 0u);
}

TEST_F(PlanningTest, HoldsASeminarDayWhereThereIsWhatItNeeds) {
  model_.venues["sal-2"] = Venue("sal-2", 20);
  model_.venues["sal-2"].add_features("grupperum");
  auto& day = *record_.programme.mutable_activities(0)->mutable_seminar_days(1);
  day.add_required_features("grupperum");
  day.add_required_features("skaerm");
  const auto refused = Plan().status();
  EXPECT_EQ(ReasonOf(refused), "TIMETABLE_INFEASIBLE");
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("without grupperum, skaerm for series 'dag-2'"));
  model_.venues["sal-2"].add_features("skaerm");
  Publish();
  for (const auto& session : record_.sessions) {
    if (session.seminar_day_id() == "dag-2") {
      EXPECT_EQ(session.venue_id(), "sal-2");
    }
  }
}

TEST_F(PlanningTest, PlansSeveralDaysInARow) {
  record_.programme.mutable_activities(0)->mutable_seminar_days(1)->set_days(3);
  Publish();
  for (const auto& session : record_.sessions) {
    const bool several = session.seminar_day_id() == "dag-2";
    EXPECT_EQ(D(session.last_date()) - D(session.date()), several ? 2 : 0);
    EXPECT_LE(absl::GetWeekday(D(session.last_date())), absl::Weekday::friday);
    EXPECT_LE(absl::GetWeekday(D(session.date())), absl::GetWeekday(D(session.last_date())));
  }
}

TEST_F(PlanningTest, KeepsAHeldSessionOfSeveralDaysFromBeforeThePeriod) {
  record_.programme.mutable_activities(0)->mutable_seminar_days(0)->set_days(3);
  Publish();
  const v1::Session held = record_.sessions.front();
  record_.attendance[held.session_id()]["p-kl-a-1-1"] = {"kl-a-1", v1::ATTENDANCE_STATE_PRESENT};
  model_.venues["sal-1"].add_closed()->set_first_day(held.last_date());
  rules_.set_first_day("2022-03-01");
  const auto again = Plan();
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->front().SerializeAsString(), held.SerializeAsString());
}

TEST_F(PlanningTest, KeepsAHeldSessionWhoseVenueAndLecturerAreGoneSince) {
  Publish();
  const v1::Session held = record_.sessions.front();
  record_.attendance[held.session_id()]["p-kl-a-1-1"] = {"kl-a-1", v1::ATTENDANCE_STATE_PRESENT};
  model_.venues["sal-1"].add_closed()->set_first_day(held.date());
  model_.lecturers["u-1"].add_unavailable()->set_first_day(held.date());
  auto& team = *rules_.add_unavailable_teams();
  team.set_cluster_id(held.cluster_ids(0));
  team.add_days()->set_first_day(held.date());
  rules_.set_keep_published(true);
  const auto replanned = Plan();
  ASSERT_TRUE(replanned.ok()) << replanned.status();
  EXPECT_THAT(ChangedIn(*replanned), ::testing::IsEmpty());
}

TEST_F(PlanningTest, TakesNoIdThatAnotherSessionHas) {
  record_.sessions = {SeminarSession("dag-1-hold-1", "", "2021-10-05", {})};
  const auto sessions = Plan();
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  for (const auto& session : *sessions) EXPECT_NE(session.session_id(), "dag-1-hold-1");
}

TEST_F(PlanningTest, SaysWhatIsMissingBeforeAnythingCanBePlanned) {
  model_.venues.clear();
  record_.enrolments.clear();
  const auto refused = MakeProblem(model_, record_, rules_).status();
  EXPECT_EQ(ReasonOf(refused), "TIMETABLE_INFEASIBLE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("no team is enrolled"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("no venue is known"));
}

TEST_F(PlanningTest, SaysThatSeatsBindWhenNoVenueHoldsATeam) {
  model_.venues["sal-1"].set_seats(3);
  const auto refused = Plan().status();
  EXPECT_EQ(ReasonOf(refused), "TIMETABLE_INFEASIBLE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("seats"));
}

// As many obstacles and alternatives as no error has room for.
TEST(WhyNoPlan, FitsIntoAnError) {
  timetable::PlannerResult result;
  result.outcome = timetable::Outcome::kInfeasible;
  for (int i = 0; i < 40; ++i) {
    result.obstacles.push_back({"seats", absl::StrCat(std::string(150, 'o'), ", min_gap_days.")});
    result.give_up.push_back({"venue,gap", absl::StrCat("There is a timetable if ", i, ".")});
  }
  const auto refused = WhyNoPlan(result);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("o, min_days_between. It would do to give up venue and gap: There is a "
                        "timetable if 0. Or venue and gap: There is a timetable if 1."));
  EXPECT_LT(ToRpcStatus(refused).ByteSizeLong(), 4000u);
}

TEST_F(PlanningTest, KeepsASessionWhereAttendanceIsRecorded) {
  auto planned = Plan();
  ASSERT_TRUE(planned.ok()) << planned.status();
  record_.sessions = *planned;
  const v1::Session first = planned->front();
  record_.attendance[first.session_id()]["p-kl-a-1-1"] = {"kl-a-1", v1::ATTENDANCE_STATE_PRESENT};
  rules_.set_first_day("2022-03-01");
  auto again = Plan();
  ASSERT_TRUE(again.ok()) << again.status();
  bool kept = false;
  for (const auto& session : *again) {
    const bool same = session.session_id() == first.session_id();
    kept = kept || (same && session.date() == first.date());
    EXPECT_TRUE(same || session.date() >= "2022-03-01") << session.session_id();
  }
  EXPECT_TRUE(kept);
}

TEST_F(PlanningTest, FindsTeamsThatJoinedAfterThePlan) {
  auto planned = Plan();
  ASSERT_TRUE(planned.ok()) << planned.status();
  EXPECT_THAT(UnplacedTeams(record_), ::testing::IsEmpty());
  record_.sessions = *planned;
  record_.enrolments.push_back(Enrolment("kl-a-3", "omr-a", 2));
  EXPECT_THAT(UnplacedTeams(record_), ElementsAre("kl-a-3"));
}

}  // namespace
}  // namespace klynge::courses
