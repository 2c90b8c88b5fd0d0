#include "services/courses/planning_rules.h"

#include "services/courses/planning_test_support.h"

namespace klynge::courses {
namespace {

using ::testing::ElementsAre;
using testing::Lecturer;
using testing::Venue;

class PlanningRulesTest : public testing::PlanningTest {};

TEST_F(PlanningRulesTest, ListsEveryBadRule) {
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

TEST_F(PlanningRulesTest, ListsTheWishesWhereOneIsUnknown) {
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

TEST_F(PlanningRulesTest, WeighsWishesAsAskedAndTheOthersAsEver) {
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

TEST_F(PlanningRulesTest, PlansATeamOnlyForDaysOnWhichItCanCome) {
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

TEST_F(PlanningRulesTest, ChangesOnePartWhenAVenueIsLostForADay) {
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

TEST_F(PlanningRulesTest, GivesAnIllLecturersSessionsToAnother) {
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

}  // namespace
}  // namespace klynge::courses
