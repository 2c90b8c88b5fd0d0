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
    return ToSessions(record_, *problem, result.timetable);
  }

  // Plans, and keeps the plan as the service does.
  void Publish() {
    auto sessions = Plan();
    ASSERT_TRUE(sessions.ok()) << sessions.status();
    record_.sessions = *sessions;
  }

  // The ids of the sessions that are otherwise than those stored.
  std::vector<std::string> ChangedIn(const std::vector<v1::Session>& sessions) {
    std::map<std::string, std::string> before;
    for (const auto& session : record_.sessions) {
      before[session.session_id()] = session.SerializeAsString();
    }
    std::vector<std::string> changed;
    for (const auto& session : sessions) {
      if (before[session.session_id()] != session.SerializeAsString()) {
        changed.push_back(session.session_id());
      }
    }
    return changed;
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
  rules_.set_max_team_days_per_month(32);
  rules_.set_max_lecturer_days_per_month(-1);
  auto& team = *rules_.add_unavailable_teams();
  team.set_cluster_id("kl-c-1");
  team.add_days()->set_first_day("2022-02-30");
  *rules_.add_unavailable_teams() = team;
  rules_.add_unavailable_teams()->set_cluster_id("kl-a-1");
  rules_.set_max_changes(3);
  const auto problem = MakeProblem(model_, record_, rules_);
  std::vector<std::string> fields;
  for (const auto& wrong : FieldViolationsOf(problem.status())) fields.push_back(wrong.field);
  EXPECT_THAT(
      fields,
      ElementsAre(
          "rules.first_day", "rules.closed_days[0]", "rules.max_area_share_away",
          "rules.max_team_days_per_month", "rules.max_lecturer_days_per_month",
          "rules.preferred_weekdays[0]", "rules.max_changes",
          "rules.unavailable_teams[0].cluster_id", "rules.unavailable_teams[0].days[0].first_day",
          "rules.unavailable_teams[1].cluster_id", "rules.unavailable_teams[1].cluster_id",
          "rules.unavailable_teams[1].days[0].first_day", "rules.unavailable_teams[2].days"));
}

TEST_F(PlanningTest, ListsTheWishesWhereOneIsUnknown) {
  const auto add = [&](const char* wish, int weight) {
    rules_.add_weights()->set_wish(wish);
    rules_.mutable_weights(rules_.weights_size() - 1)->set_weight(weight);
  };
  add("comfort", 3);
  add("travel", 1001);
  add("travel", 0);
  const auto wrong = FieldViolationsOf(MakeProblem(model_, record_, rules_).status());
  ASSERT_EQ(wrong.size(), 3u);
  EXPECT_EQ(wrong[0].field, "rules.weights[0].wish");
  EXPECT_EQ(wrong[0].description,
            "\"comfort\" is no wish; there are spread, preferred_weekdays, travel, "
            "venue_stability, school_holidays, lecturer_stability, stay_published");
  EXPECT_EQ(wrong[1].field, "rules.weights[1].weight");
  EXPECT_EQ(wrong[2].field, "rules.weights[2].wish");
}

TEST_F(PlanningTest, WeighsWishesAsAskedAndTheOthersAsEver) {
  rules_.set_keep_published(true);
  rules_.add_weights()->set_wish("travel");
  rules_.mutable_weights(0)->set_weight(7);
  rules_.set_max_team_days_per_month(1);
  rules_.set_max_lecturer_days_per_month(4);
  const auto problem = MakeProblem(model_, record_, rules_);
  ASSERT_TRUE(problem.ok()) << problem.status();
  EXPECT_EQ(problem->weights.travel, 7);
  EXPECT_EQ(problem->weights.spread, 1);
  EXPECT_EQ(problem->weights.stay_published, 100);
  EXPECT_EQ(problem->limits.max_team_days_per_month, 1);
  EXPECT_EQ(problem->limits.max_lecturer_days_per_month, 4);
  EXPECT_EQ(problem->max_changes, -1);
}

TEST_F(PlanningTest, PlansATeamOnlyForDaysOnWhichItCanCome) {
  auto& team = *rules_.add_unavailable_teams();
  team.set_cluster_id("kl-a-1");
  team.add_days()->set_first_day("2021-09-01");
  team.mutable_days(0)->set_last_day("2022-12-31");
  Publish();
  int sessions = 0;
  for (const auto& session : record_.sessions) {
    for (const auto& cluster : session.cluster_ids()) {
      if (cluster != "kl-a-1") continue;
      EXPECT_GE(session.date(), "2023-01-01");
      ++sessions;
    }
  }
  EXPECT_EQ(sessions, 3);
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

TEST_F(PlanningTest, ChangesOnePartWhenAVenueIsLostForADay) {
  model_.venues["sal-2"] = Venue("sal-2", 20);
  Publish();
  const v1::Session lost = record_.sessions[1];
  model_.venues[lost.venue_id()].add_closed()->set_first_day(lost.date());
  rules_.set_keep_published(true);
  rules_.set_max_changes(1);
  const auto replanned = Plan();
  ASSERT_TRUE(replanned.ok()) << replanned.status();
  EXPECT_EQ(replanned->size(), record_.sessions.size());
  EXPECT_THAT(ChangedIn(*replanned), ElementsAre(lost.session_id()));
}

TEST_F(PlanningTest, GivesAnIllLecturersSessionsToAnother) {
  Publish();
  model_.lecturers["u-2"] = Lecturer("u-2");
  auto& ill = *model_.lecturers["u-1"].add_unavailable();
  ill.set_first_day("2021-09-01");
  ill.set_last_day("2023-12-31");
  rules_.set_keep_published(true);
  const auto replanned = Plan();
  ASSERT_TRUE(replanned.ok()) << replanned.status();
  for (auto& session : record_.sessions) session.set_lecturer_ids(0, "u-2");
  EXPECT_THAT(ChangedIn(*replanned), ::testing::IsEmpty());
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
