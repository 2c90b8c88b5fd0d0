#include "services/courses/planning.h"

#include <set>

#include "google/rpc/status.pb.h"
#include "services/courses/courses_test_support.h"
#include "services/courses/timetable/checker.h"

namespace klynge::courses {
namespace {

using testing::D;
using ::testing::ElementsAre;
using testing::Enrolment;
using ::testing::HasSubstr;
using testing::Lecturer;
using testing::Programme;
using testing::SeminarSession;
using testing::Venue;

class PlanningTest : public ::testing::Test {
 protected:
  PlanningTest() {
    record_.programme = Programme();
    record_.enrolments = {Enrolment("kl-a-1", "omr-a", 4), Enrolment("kl-a-2", "omr-a", 4),
                          Enrolment("kl-b-1", "omr-b", 4), Enrolment("kl-b-2", "omr-b", 4)};
    model_.venues = {{"sal-1", Venue("sal-1", 20)}};
    model_.lecturers = {{"u-1", Lecturer("u-1")}};
  }

  timetable::PlannerResult Solve(const timetable::Problem& problem) {
    timetable::PlannerOptions options;
    options.max_iterations = 20'000;
    options.time_limit = absl::Seconds(20);
    return timetable::PlanTimetable(problem, options);
  }

  // Makes the problem, solves it and turns the answer into sessions.
  absl::StatusOr<std::vector<v1::Session>> Plan() {
    auto problem = MakeProblem(model_, record_, rules_);
    if (!problem.ok()) return problem.status();
    const auto result = Solve(*problem);
    if (result.outcome != timetable::Outcome::kFeasible) return WhyNoPlan(result);
    return ToSessions(record_, result.timetable);
  }

  CoursesModel model_;
  ProgrammeRecord record_;
  v1::PlanningRules rules_;
};

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
  model_.programmes["anden"] = other;
  auto& closed = *model_.venues["sal-1"].add_closed();
  closed.set_first_day("2021-09-01");
  closed.set_last_day("2021-10-31");
  auto problem = MakeProblem(model_, record_, rules_);
  ASSERT_TRUE(problem.ok()) << problem.status();
  EXPECT_EQ(problem->venues[0].unavailable.count(D("2021-11-02")), 1u);
  EXPECT_EQ(problem->venues[0].unavailable.count(D("2021-09-15")), 1u);
  EXPECT_EQ(problem->venues[0].unavailable.count(D("2021-11-03")), 0u);
}

TEST_F(PlanningTest, ListsEveryBadRule) {
  rules_.set_first_day("2020-01-01");
  rules_.set_max_area_share_away(1.5);
  rules_.add_preferred_weekdays(7);
  rules_.add_closed_days("i går");
  const auto problem = MakeProblem(model_, record_, rules_);
  EXPECT_EQ(FieldViolationsOf(problem.status()).size(), 4u);
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
