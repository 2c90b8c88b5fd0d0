#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <random>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

// SmallProblem with SmallTimetable published, and what has become of it.
struct Republished {
  Problem problem = SmallProblem();
  Timetable timetable = SmallTimetable();

  Republished() { problem.published = SmallTimetable(); }
  int64_t Changes() const { return CountChanges(problem, timetable); }
};

TEST(CountChanges, FindsNoneInThePublishedTimetableInAnyOrder) {
  Republished plan;
  std::swap(plan.timetable.events[0], plan.timetable.events[1]);
  EXPECT_EQ(plan.Changes(), 0);
}

TEST(CountChanges, FindsNoneWhereNothingIsPublished) {
  Republished plan;
  plan.problem.published = {};
  EXPECT_EQ(plan.Changes(), 0);
}

TEST(CountChanges, CountsDateVenueLecturerAndTeams) {
  Republished plan;
  Event& event = plan.timetable.events[0];
  event.date = Date(2022, 9, 1);
  EXPECT_EQ(plan.Changes(), 1);
  event.venue_id = "school";
  EXPECT_EQ(plan.Changes(), 2);
  event.lecturer_id = "lecturer-2";
  EXPECT_EQ(plan.Changes(), 3);
  plan.timetable.events[3].team_ids.swap(plan.timetable.events[2].team_ids);
  EXPECT_EQ(plan.Changes(), 3 + 2);
}

TEST(CountChanges, MatchesEventsSoThatTheLeastHasChanged) {
  Republished plan;
  // The first event takes the date and the team of the second, which goes to a new date: the same
  // as if the first had gone to the new date, with its team.
  plan.timetable.events[0].date = Date(2022, 9, 7);
  plan.timetable.events[0].team_ids.swap(plan.timetable.events[1].team_ids);
  plan.timetable.events[1].date = Date(2022, 9, 9);
  EXPECT_EQ(plan.Changes(), 1);
}

TEST(CountChanges, CountsAllOfAnEventThatIsNotHeldAnyMore) {
  Republished plan;
  plan.timetable.events[1].team_ids = {"team-vvk-1", "team-vvk-2"};
  plan.timetable.events.erase(plan.timetable.events.begin());
  EXPECT_EQ(plan.Changes(), 3 + 1);  // date, venue, lecturer; its team attends the other
}

TEST(CountChanges, TakesWhatIsNewForNoChange) {
  Republished plan;
  plan.problem.published.events[0].team_ids.clear();
  plan.problem.published.events.erase(plan.problem.published.events.begin() + 2);
  EXPECT_EQ(plan.Changes(), 0);
}

TEST(CountChanges, ForgetsTeamsAndSeriesThatAreGoneButNotVenues) {
  Republished plan;
  plan.problem.published.events[0].team_ids.push_back("team-vvk-9");
  plan.problem.published.events.push_back(
      {"seminar-9", Date(2022, 9, 30), "hall", "lecturer-1", {"team-vvk-1"}});
  EXPECT_EQ(plan.Changes(), 0);
  plan.problem.published.events[0].venue_id = "barn";
  EXPECT_EQ(plan.Changes(), 1);
}

TEST(CountChanges, CostsTheWeightOfStayingAsPublished) {
  Republished plan;
  plan.problem.weights.stay_published = 9;
  plan.timetable.events[0].date = Date(2022, 9, 1);
  const ConstraintCost cost = CostTimetable(plan.problem, plan.timetable)[6];
  EXPECT_EQ(cost.constraint, "stay_published");
  EXPECT_EQ(cost.cost, 9);
}

// Every matching of up to four events with as many tried in turn.
TEST(CountChanges, IsTheLeastOverAllMatchings) {
  Problem problem = SmallProblem();
  problem.teams.push_back({"team-vvk-3", "vvk", "kl-vvk-3", 1});
  std::mt19937 random(5);
  const auto below = [&random](int n) { return static_cast<int>(random() % n); };
  const auto events = [&](int count) {
    Timetable timetable;
    for (int e = 0; e < count; ++e) {
      timetable.events.push_back({"seminar-1",
                                  Date(2022, 9, 5 + below(3)),
                                  absl::StrCat("venue-", below(2)),
                                  absl::StrCat("lecturer-", below(2)),
                                  {}});
    }
    for (const Team& team : problem.teams) {
      timetable.events[below(count)].team_ids.push_back(team.id);
    }
    return timetable;
  };
  const auto changes = [](const Event& before, const Event& now) {
    int64_t sum = (before.date != now.date) + (before.venue_id != now.venue_id) +
                  (before.lecturer_id != now.lecturer_id);
    for (const std::string& team : before.team_ids) {
      sum += std::count(now.team_ids.begin(), now.team_ids.end(), team) == 0;
    }
    return sum;
  };
  for (int round = 0; round < 500; ++round) {
    problem.published = events(1 + below(4));
    const Timetable timetable = events(1 + below(4));
    const auto& before = problem.published.events;
    const size_t places = std::max(before.size(), timetable.events.size());
    const Event nothing;
    std::vector<size_t> match(places);
    std::iota(match.begin(), match.end(), 0);
    int64_t least = std::numeric_limits<int64_t>::max();
    do {
      int64_t sum = 0;
      for (size_t p = 0; p < before.size(); ++p) {
        sum += changes(before[p],
                       match[p] < timetable.events.size() ? timetable.events[match[p]] : nothing);
      }
      least = std::min(least, sum);
    } while (std::next_permutation(match.begin(), match.end()));
    ASSERT_EQ(CountChanges(problem, timetable), least) << "round " << round;
  }
}

}  // namespace
}  // namespace klynge::courses::timetable
