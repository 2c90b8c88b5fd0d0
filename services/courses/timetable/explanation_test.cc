#include "services/courses/timetable/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "services/courses/timetable/engine/random.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

struct Told {
  std::string rule;
  std::function<void(Problem&, Timetable&)> change;
  size_t event = 0;
  std::string sentence;
};

class ReasonIsTold : public ::testing::TestWithParam<Told> {};

TEST_P(ReasonIsTold, AtItsEvent) {
  Problem problem = SmallProblem();
  Timetable timetable = SmallTimetable();
  GetParam().change(problem, timetable);
  const auto explanation = Explanation::Of(problem, timetable);
  ASSERT_NE(explanation, nullptr);
  std::map<std::string, std::string> told;
  for (const EventReason& each : explanation->WhyEvent(GetParam().event)) {
    told[each.rule] = each.sentence;
  }
  EXPECT_THAT(told, Contains(std::pair(GetParam().rule, GetParam().sentence)));
}

void AddAttic(Problem& problem) {
  problem.venues.push_back({"attic", "vvk", 20, {}});
  problem.lecturers.push_back({"lecturer-2", {"structure"}, {}});
}

// Both teams on the first day.
void Together(Problem& problem, Timetable& timetable) {
  AddAttic(problem);
  timetable.events[1] = {"seminar-1", Date(2022, 9, 6), "attic", "lecturer-2", {"team-vvk-2"}};
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ReasonIsTold,
    ::testing::Values(
        Told{"spread", [](Problem&, Timetable& now) { now.events[2].date = Date(2022, 9, 27); }, 2,
             "Team 'team-vvk-1' comes to the event of series 'seminar-2' on 2022-09-27, 21 days "
             "after series 'seminar-1': 1 week more than the even gap of 14 days."},
        Told{"gap", [](Problem&, Timetable& now) { now.events[2].date = Date(2022, 9, 29); }, 2,
             "Team 'team-vvk-1' comes to the event of series 'seminar-2' on 2022-09-29, 23 days "
             "after series 'seminar-1'; 7–21 are allowed."},
        Told{"gap", [](Problem&, Timetable& now) { now.events[2].date = Date(2022, 9, 5); }, 2,
             "Team 'team-vvk-1' comes to the event of series 'seminar-2' on 2022-09-05, not after "
             "series 'seminar-1' on 2022-09-06."},
        Told{"travel", [](Problem& p, Timetable&) { p.venues[0].area_id = "op"; }, 0,
             "Team 'team-vvk-1' of area 'vvk' travels to venue 'hall' in area 'op'."},
        Told{"travel", [](Problem& p, Timetable&) { p.venues[0].area_id = ""; }, 3,
             "Team 'team-vvk-2' of area 'vvk' travels to venue 'hall' outside every area."},
        Told{"preferred_weekdays",
             [](Problem& p, Timetable&) { p.preferred_weekdays = {absl::Weekday::monday}; }, 0,
             "The event of series 'seminar-1' on 2022-09-06 is on 1 day of the week that is not "
             "preferred (a Tuesday)."},
        Told{"school_holidays",
             [](Problem& p, Timetable& now) {
               p.until = Date(2022, 10, 30);
               p.limits.max_gap_days = 60;
               now.events[3].date = Date(2022, 10, 18);
             },
             3,
             "The event of series 'seminar-2' on 2022-10-18 is on 1 day better avoided "
             "(efterårsferie, uge 42)."},
        Told{"venue_stability",
             [](Problem& p, Timetable& now) {
               AddAttic(p);
               now.events[2].venue_id = "attic";
             },
             2, "Venue 'attic' is one more that team 'team-vvk-1' has to find."},
        Told{"lecturer_stability",
             [](Problem& p, Timetable& now) {
               AddAttic(p);
               p.weights.lecturer_stability = 1;
               now.events[1].lecturer_id = "lecturer-2";
             },
             1, "Lecturer 'lecturer-2' is one more who holds series 'seminar-1'."},
        Told{"stay_published",
             [](Problem& p, Timetable& now) {
               p.published = SmallTimetable();
               p.weights.stay_published = 1;
               now.events[0].date = Date(2022, 9, 5);
             },
             0, "The event of series 'seminar-1' on 2022-09-05 was published with 2022-09-06."},
        Told{"changes",
             [](Problem& p, Timetable& now) {
               AddAttic(p);
               p.published = SmallTimetable();
               p.max_changes = 0;
               now.events[1].venue_id = "attic";
               now.events[1].lecturer_id = "lecturer-2";
             },
             1,
             "The event of series 'seminar-1' on 2022-09-07 was published with venue 'hall', "
             "lecturer 'lecturer-1'."},
        Told{"changes",
             [](Problem& p, Timetable& now) {
               p.published = now;
               p.max_changes = 0;
               std::swap(now.events[0].team_ids, now.events[1].team_ids);
             },
             1,
             "Team 'team-vvk-1' was published for the event on 2022-09-06 and comes to the event "
             "of series 'seminar-1' on 2022-09-07."},
        Told{"seats", [](Problem& p, Timetable&) { p.venues[0].seats = 4; }, 0,
             "The event of series 'seminar-1' on 2022-09-06 has 5 persons in venue 'hall' with 4 "
             "seats."},
        Told{"coverage", Together, 1,
             "With team 'team-vvk-2' at the event of series 'seminar-1' on 2022-09-06 more teams "
             "of area 'vvk' are away than its share allows."},
        Told{"cluster",
             [](Problem& p, Timetable& now) {
               Together(p, now);
               p.teams[1].cluster_id = p.teams[0].cluster_id;
             },
             1,
             "With team 'team-vvk-2' at the event of series 'seminar-1' on 2022-09-06 more "
             "leaders of cluster 'kl-vvk-1' are away than its share allows."},
        Told{"workload", [](Problem& p, Timetable&) { p.limits.max_lecturer_days_per_month = 3; },
             3,
             "The event of series 'seminar-2' on 2022-09-21 is 1 day above the 3 a month of "
             "lecturer 'lecturer-1'."},
        Told{"workload", [](Problem& p, Timetable&) { p.limits.max_team_days_per_month = 1; }, 2,
             "The event of series 'seminar-2' on 2022-09-20 is 1 day above the 1 a month of team "
             "'team-vvk-1'."},
        Told{"events",
             [](Problem&, Timetable& now) {
               now.events[0].team_ids = {"team-vvk-1", "team-vvk-2"};
               now.events[1].team_ids = {};
             },
             1, "The event of series 'seminar-1' on 2022-09-07 has no team."}));

struct Barred {
  std::function<void(Problem&, Timetable&)> change;
  Place place;
  std::vector<std::string> rules;
  std::string sentence;  // of the first
};

class PlaceIsBarred : public ::testing::TestWithParam<Barred> {};

// Asks for the first event of the first series.
TEST_P(PlaceIsBarred, ByWhatIsInTheWay) {
  Problem problem = SmallProblem();
  Timetable timetable = SmallTimetable();
  AddAttic(problem);
  GetParam().change(problem, timetable);
  const auto explanation = Explanation::Of(problem, timetable);
  ASSERT_NE(explanation, nullptr);
  const PlaceEffect effect = explanation->WhyNotThere(0, GetParam().place);
  std::vector<std::string> rules;
  for (const Obstacle& each : effect.obstacles) rules.push_back(each.rule);
  ASSERT_EQ(rules, GetParam().rules);
  EXPECT_EQ(effect.obstacles[0].sentence, GetParam().sentence);
  EXPECT_THAT(effect.differences, IsEmpty());
}

void Nothing(Problem&, Timetable&) {}

// Pins the first event.
void Pinned(Problem& problem, Timetable& timetable) {
  Pin pin{"seminar-1", timetable.events[0].date, "hall", "lecturer-1", {"team-vvk-1"}};
  problem.pins.push_back(pin);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, PlaceIsBarred,
    ::testing::Values(
        Barred{
            Nothing, {Date(2022, 10, 3), "", ""}, {"period"}, "2022-10-03 is outside the period."},
        Barred{Nothing,
               {Date(2022, 9, 10), "cellar", "lecturer-9"},
               {"calendar", "reference", "reference"},
               "2022-09-10 is a closed day (weekend)."},
        Barred{Nothing,
               {Date(2022, 9, 7), "", ""},
               {"venue", "lecturer"},
               "Venue 'hall' has the event of series 'seminar-1' on 2022-09-07."},
        Barred{[](Problem& p, Timetable&) { p.venues[1].unavailable = {Date(2022, 9, 6)}; },
               {absl::nullopt, "attic", ""},
               {"venue"},
               "Venue 'attic' is unavailable on 2022-09-06."},
        Barred{[](Problem& p, Timetable&) {
                 p.series[0].required_features = {"screen"};
                 p.venues[0].features = {"screen"};
               },
               {absl::nullopt, "attic", ""},
               {"features"},
               "Venue 'attic' lacks 'screen', which series 'seminar-1' needs."},
        Barred{[](Problem& p, Timetable&) { p.lecturers[1].unavailable = {Date(2022, 9, 6)}; },
               {absl::nullopt, "", "lecturer-2"},
               {"lecturer"},
               "Lecturer 'lecturer-2' is unavailable on 2022-09-06."},
        Barred{[](Problem& p, Timetable&) { p.lecturers[1].themes = {"data"}; },
               {absl::nullopt, "", "lecturer-2"},
               {"lecturer"},
               "Lecturer 'lecturer-2' does not teach theme 'structure'."},
        Barred{Nothing,
               {Date(2022, 9, 7), "attic", ""},
               {"lecturer"},
               "Lecturer 'lecturer-1' holds the event of series 'seminar-1' on 2022-09-07."},
        Barred{[](Problem& p, Timetable&) { p.teams[0].unavailable = {Date(2022, 9, 8)}; },
               {Date(2022, 9, 8), "", ""},
               {"team"},
               "Team 'team-vvk-1' is unavailable on 2022-09-08."},
        Barred{Nothing,
               {Date(2022, 9, 20), "attic", "lecturer-2"},
               {"team"},
               "Team 'team-vvk-1' attends the event of series 'seminar-2' on 2022-09-20."},
        Barred{[](Problem& p, Timetable& now) {
                 p.series[0].days = 2;
                 now.events[1].date = Date(2022, 9, 12);
               },
               {Date(2022, 9, 9), "", ""},
               {"calendar"},
               "An event of series 'seminar-1' takes 2 days in a row, and 2022-09-10 is closed "
               "(weekend)."},
        Barred{[](Problem& p, Timetable& now) {
                 p.series[0].days = 2;
                 now.events[1].date = Date(2022, 9, 12);
               },
               {Date(2022, 9, 30), "", ""},
               {"period"},
               "An event of series 'seminar-1' takes 2 days in a row, and 2022-10-01 is outside "
               "the period."},
        Barred{[](Problem& p, Timetable& now) {
                 p.series[0].days = 2;
                 now.events[1].date = Date(2022, 9, 12);
               },
               {Date(2022, 9, 12), "", ""},
               {"venue", "lecturer"},
               "Venue 'hall' has the event of series 'seminar-1' on 2022-09-12."},
        Barred{Pinned,
               {Date(2022, 9, 5), "", ""},
               {"pin"},
               "The event of series 'seminar-1' is pinned to another date than 2022-09-05."},
        Barred{Pinned,
               {absl::nullopt, "attic", ""},
               {"pin"},
               "The event of series 'seminar-1' is pinned to another venue than 'attic'."},
        Barred{
            Pinned,
            {absl::nullopt, "", "lecturer-2"},
            {"pin"},
            "The event of series 'seminar-1' is pinned to another lecturer than 'lecturer-2'."}));

TEST(Explanation, IsNotGivenOfWhatCannotStand) {
  Timetable twice = SmallTimetable();
  twice.events[1].date = twice.events[0].date;  // in the same venue
  EXPECT_EQ(Explanation::Of(SmallProblem(), twice), nullptr);
  Timetable unknown = SmallTimetable();
  unknown.events[0].venue_id = "cellar";
  EXPECT_EQ(Explanation::Of(SmallProblem(), unknown), nullptr);
  Timetable missed = SmallTimetable();
  missed.events[0].team_ids = {};
  EXPECT_EQ(Explanation::Of(SmallProblem(), missed), nullptr);
}

// A random programme with a timetable, and another one that was published.
class ExplainedTimetables : public ::testing::TestWithParam<uint64_t> {
 protected:
  ExplainedTimetables() : problem_(RandomFullProblem(GetParam())), random_(GetParam()) {
    PlannerOptions options;
    options.time_limit = absl::Minutes(2);
    options.max_iterations = 30000;
    problem_.published = PlanTimetable(problem_, options).timetable;
    problem_.weights.stay_published = 2;
    options.seed = 2;
    timetable_ = PlanTimetable(problem_, options).timetable;
    explanation_ = Explanation::Of(problem_, timetable_);
  }

  void SetUp() override {
    ASSERT_FALSE(problem_.published.events.empty());
    ASSERT_FALSE(timetable_.events.empty());
    ASSERT_NE(explanation_, nullptr);
  }

  size_t AnEvent() {
    return static_cast<size_t>(random_.Below(static_cast<int>(timetable_.events.size())));
  }

  // By rule, soft ones only.
  std::map<std::string, int64_t> Costs(const std::vector<RuleDifference>& differences) const {
    std::map<std::string, int64_t> costs;
    for (const RuleDifference& each : differences) {
      if (!each.hard) costs[each.rule] = each.cost;
    }
    return costs;
  }

  // What the constraints cost more in `after`.
  std::map<std::string, int64_t> CostsOfChange(const Timetable& after) const {
    std::map<std::string, int64_t> costs;
    for (const ConstraintCost& each : CostTimetable(problem_, after)) {
      costs[each.constraint] += each.cost;
    }
    for (const ConstraintCost& each : CostTimetable(problem_, timetable_)) {
      costs[each.constraint] -= each.cost;
      if (costs[each.constraint] == 0) costs.erase(each.constraint);
    }
    return costs;
  }

  Problem problem_;
  Random random_;
  Timetable timetable_;
  std::unique_ptr<Explanation> explanation_;
};

TEST_P(ExplainedTimetables, AddUpToTheirCosts) {
  std::map<std::string, int64_t> counts;
  int64_t sum = 0;
  const std::vector<int64_t> by_event = explanation_->CostByEvent();
  ASSERT_EQ(by_event.size(), timetable_.events.size());
  for (size_t e = 0; e < timetable_.events.size(); ++e) {
    int64_t cost = 0;
    for (const EventReason& reason : explanation_->WhyEvent(e)) {
      counts[reason.rule] += reason.count;
      cost += reason.cost;
    }
    EXPECT_EQ(cost, by_event[e]);
    sum += cost;
  }
  for (const ConstraintCost& each : explanation_->CostByConstraint()) {
    EXPECT_EQ(counts[each.constraint], each.count) << each.constraint;
  }
  EXPECT_EQ(sum, CostOf(problem_, timetable_));
}

TEST_P(ExplainedTimetables, SayOfAnotherPlaceWhatTheCheckerSays) {
  int barred = 0, free = 0;
  for (int i = 0; i < 300; ++i) {
    const size_t event = AnEvent();
    Place place;
    if (random_.Below(3) > 0) {
      place.date =
          problem_.from - 3 + random_.Below(6 + static_cast<int>(problem_.until - problem_.from));
    }
    if (random_.Below(2) == 0) {
      place.venue_id =
          problem_
              .venues[static_cast<size_t>(random_.Below(static_cast<int>(problem_.venues.size())))]
              .id;
    }
    if (random_.Below(2) == 0) {
      place.lecturer_id = problem_.lecturers[static_cast<size_t>(random_.Below(4))].id;
    }
    Timetable moved = timetable_;
    if (place.date) moved.events[event].date = *place.date;
    if (!place.venue_id.empty()) moved.events[event].venue_id = place.venue_id;
    if (!place.lecturer_id.empty()) moved.events[event].lecturer_id = place.lecturer_id;
    const PlaceEffect effect = explanation_->WhyNotThere(event, place);
    std::set<std::string> broken;
    for (const Violation& each : CheckTimetable(problem_, moved)) broken.insert(each.rule);
    if (!effect.obstacles.empty()) {
      ++barred;
      // Two events of a team on one day are, to the checker, out of order.
      for (const Obstacle& each : effect.obstacles) {
        EXPECT_TRUE(broken.count(each.rule) > 0 ||
                    (each.rule == "team" && broken.count("order") > 0))
            << each.sentence;
      }
      continue;
    }
    ++free;
    for (const char* rule : {"period", "calendar", "venue", "features", "lecturer", "team"}) {
      EXPECT_EQ(broken.count(rule), 0u) << rule;
    }
    EXPECT_EQ(effect.broken == 0, broken.empty());
    EXPECT_EQ(effect.cost, CostOf(problem_, moved) - CostOf(problem_, timetable_));
    EXPECT_EQ(Costs(effect.differences), CostsOfChange(moved));
  }
  EXPECT_GT(barred, 50);
  EXPECT_GT(free, 10);
}

TEST_P(ExplainedTimetables, SuggestPlacesAtWhatTheyCost) {
  for (int i = 0; i < 5; ++i) {
    const size_t event = AnEvent();
    const std::vector<PlaceSuggestion> places = explanation_->SuggestPlaces(event, 20);
    EXPECT_FALSE(places.empty());
    for (const PlaceSuggestion& each : places) {
      Timetable moved = timetable_;
      moved.events[event] = each.event;
      if (each.other) moved.events[*each.other] = *each.other_event;
      EXPECT_EQ(each.broken == 0, CheckTimetable(problem_, moved).empty());
      EXPECT_EQ(each.cost, CostOf(problem_, moved) - CostOf(problem_, timetable_));
      EXPECT_EQ(Costs(each.differences), CostsOfChange(moved));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ExplainedTimetables, ::testing::Range<uint64_t>(0, 6));

}  // namespace
}  // namespace klynge::courses::timetable
