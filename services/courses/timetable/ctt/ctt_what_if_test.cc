// What is said of other places, held against the score of the timetable that they make.
#include "services/courses/timetable/ctt/ctt_what_if.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "services/courses/timetable/ctt/ctt_score.h"
#include "services/courses/timetable/ctt/ctt_solver.h"
#include "services/courses/timetable/ctt/ctt_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

bool Same(const CttLecture& a, const CttLecture& b) {
  return std::tie(a.course, a.room, a.day, a.period) == std::tie(b.course, b.room, b.day, b.period);
}

CttTimetable After(CttTimetable timetable, const std::vector<CttChange>& changes) {
  const CttTimetable before = timetable;
  for (const CttChange& change : changes) {
    for (size_t i = 0; i < before.size(); ++i) {
      if (Same(before[i], *change.from)) timetable[i] = *change.to;
    }
  }
  return timetable;
}

// Calls `look` with random instances and a timetable without violations of each.
template <class Look>
void WithTimetables(uint64_t seed, const Look& look) {
  std::mt19937_64 random(seed);
  int timetables = 0;
  for (int i = 0; i < 200; ++i) {
    const CttInstance ctt = testing::RandomCtt(random);
    SearchOptions options;
    options.max_iterations = 300;
    const CttResult found = SolveCtt(ctt, options);
    if (!found.feasible || found.timetable.empty()) continue;
    SCOPED_TRACE(testing::WriteCtt(ctt));
    look(ctt, found.timetable, random);
    ++timetables;
  }
  EXPECT_GT(timetables, 50);
}

void ExpectCosts(const std::vector<CttCostChange>& told, int64_t sum, const CttScore& before,
                 const CttScore& after) {
  EXPECT_EQ(sum, after.cost - before.cost);
  for (size_t i = 0; i < kCttRules; ++i) {
    const auto rule = static_cast<CttRule>(i);
    int64_t cost = 0;
    for (const CttCostChange& each : told) {
      if (each.rule == CttRuleName(rule)) cost += each.cost;
    }
    EXPECT_EQ(cost, after.Of(rule) - before.Of(rule)) << CttRuleName(rule);
  }
}

TEST(CttWhatIf, FindsObstaclesJustWhereTheMoveBreaksARule) {
  int fits = 0, impossible = 0;
  WithTimetables(1, [&](const CttInstance& ctt, const CttTimetable& timetable, auto& random) {
    const CttScore before = ScoreCtt(ctt, timetable);
    CttWhatIf what_if(ctt, timetable);
    for (int i = 0; i < 20; ++i) {
      const CttLecture& lecture = timetable[random() % timetable.size()];
      CttLecture to = lecture;
      to.room = static_cast<int>(random() % ctt.rooms.size());
      to.day = static_cast<int>(random() % ctt.days);
      to.period = static_cast<int>(random() % ctt.periods_per_day);
      const CttConsequence found = what_if.WhyNot(lecture, to);
      const CttScore after = ScoreCtt(ctt, After(timetable, {{lecture.course, lecture, to}}));
      EXPECT_EQ(found.obstacles.empty(), after.feasible());
      if (found.obstacles.empty()) ExpectCosts(found.costs, found.cost, before, after);
      ++(found.obstacles.empty() ? fits : impossible);
    }
  });
  EXPECT_GT(fits, 100);
  EXPECT_GT(impossible, 500);
}

TEST(CttWhatIf, SuggestsPlacesThatCostWhatItSaysTheCheapestFirst) {
  int offered = 0;
  WithTimetables(2, [&](const CttInstance& ctt, const CttTimetable& timetable, auto& random) {
    const CttScore before = ScoreCtt(ctt, timetable);
    CttWhatIf what_if(ctt, timetable);
    const CttLecture& lecture = timetable[random() % timetable.size()];
    const std::vector<CttSuggestion> all = what_if.Suggest(lecture, 1000);
    for (const CttSuggestion& each : all) {
      const CttTimetable moved = After(timetable, each.changes);
      const CttScore after = ScoreCtt(ctt, moved);
      EXPECT_TRUE(after.feasible());
      EXPECT_FALSE(CttChanges(ctt, timetable, moved).empty());
      ExpectCosts(each.costs, each.cost, before, after);
    }
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                               [](const auto& a, const auto& b) { return a.cost < b.cost; }));
    const size_t few = all.size() / 2;
    EXPECT_EQ(what_if.Suggest(lecture, static_cast<int>(few)).size(), few);
    offered += static_cast<int>(all.size());
  });
  EXPECT_GT(offered, 200);
}

class WhatIfTest : public ::testing::Test {
 protected:
  WhatIfTest() {
    ctt_.days = 2;
    ctt_.periods_per_day = 2;
    ctt_.courses = {
        {"maths", "t1", 2, 1, 30}, {"music", "t1", 1, 1, 12}, {"dance", "t2", 1, 1, 12}};
    ctt_.rooms = {{"hall", 30}, {"attic", 20}};
    ctt_.curricula = {{"q1", {0, 2}}};
    ctt_.unavailable = {{2, 1, 1}};
  }

  CttInstance ctt_;
  // Day 0: maths, then music, in the hall. Day 1: maths in the hall; dance stays away from it.
  const CttTimetable timetable_ = {{0, 0, 0, 0}, {1, 0, 0, 1}, {0, 0, 1, 0}, {2, 1, 0, 1}};
};

TEST_F(WhatIfTest, NamesEverythingThatIsInTheWay) {
  CttWhatIf what_if(ctt_, timetable_);
  const auto obstacles = [&](const CttLecture& from, const CttLecture& to) {
    return what_if.WhyNot(from, to).obstacles;
  };
  EXPECT_THAT(
      obstacles({1, 0, 0, 1}, {1, 0, 1, 0}),
      ElementsAre("hall has maths on day 1, period 0", "teacher t1 has maths on day 1, period 0"));
  EXPECT_THAT(obstacles({2, 1, 0, 1}, {2, 1, 1, 0}),
              ElementsAre("curriculum q1 has maths on day 1, period 0"));
  EXPECT_THAT(obstacles({2, 1, 0, 1}, {2, 1, 1, 1}),
              ElementsAre("dance is not available on day 1, period 1"));
  EXPECT_THAT(obstacles({1, 0, 0, 1}, {1, 1, 1, 1}), IsEmpty());
}

TEST_F(WhatIfTest, SaysWhatAFreePlaceCosts) {
  const CttConsequence found = CttWhatIf(ctt_, timetable_).WhyNot({0, 0, 1, 0}, {0, 1, 1, 0});
  EXPECT_THAT(found.costs, ElementsAre(Field(&CttCostChange::cost, 10),
                                       Field(&CttCostChange::rule, "room_stability")));
  EXPECT_EQ(found.cost, 11);
}

}  // namespace
}  // namespace klynge::courses::timetable
