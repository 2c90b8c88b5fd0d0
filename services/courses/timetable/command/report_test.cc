// What is said of timetables and of repairs.
#include "services/courses/timetable/command/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klynge::courses::timetable {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

class ReportTest : public ::testing::Test {
 protected:
  ReportTest() {
    instance_.days = 2;
    instance_.periods_per_day = 3;
    instance_.courses = {{"maths", "anna", 1, 1, 30}, {"music", "bo", 1, 1, 12}};
    instance_.rooms = {{"hall", 20}, {"attic", 8}};
  }

  CttInstance instance_;
  const CttTimetable published_ = {{0, 0, 0, 0}, {1, 0, 0, 1}};
};

TEST_F(ReportTest, HasALineForEachRuleAndTheTotals) {
  const CttScore score = ScoreCtt(instance_, published_);
  EXPECT_THAT(ScoreTable(instance_, score, false),
              HasSubstr("room_occupation               0\nroom_capacity                10\n"
                        "minimum_working_days          0\n"));
  EXPECT_THAT(ScoreTable(instance_, score, false),
              HasSubstr("\nviolations                    0\ncost                         10\n"));
}

TEST_F(ReportTest, NamesThePlacesTheDearestFirst) {
  const CttTimetable both = {{1, 1, 0, 1}, {0, 1, 0, 0}};
  EXPECT_THAT(
      ScoreTable(instance_, ScoreCtt(instance_, both), true),
      HasSubstr("room_capacity                26\n"
                "                             22  maths with 30 students is in attic with 8 seats "
                "on day 0, period 0\n"
                "                              4  music with 12 students is in attic with 8 seats "
                "on day 0, period 1\n"));
}

TEST_F(ReportTest, AddsUpWhatEachLectureCostsTheDearestFirst) {
  const CttTimetable both = {{1, 1, 0, 1}, {0, 1, 0, 0}};
  EXPECT_EQ(CostTable(instance_, ScoreCtt(instance_, both)),
            "maths@0/0                    22\n"
            "music@0/1                     4\n"
            "cost                         26\n");
}

TEST_F(ReportTest, TellsWhyALectureCosts) {
  instance_.courses[0] = {"maths", "anna", 2, 2, 30};
  const CttTimetable timetable = {{0, 0, 0, 0}, {0, 0, 0, 2}, {1, 0, 0, 0}};
  EXPECT_EQ(WhyTable(instance_, ScoreCtt(instance_, timetable), timetable[0]),
            "maths: day 0, period 0 in hall\n"
            "room_occupation               1\n"
            "                              1  hall has 2 lectures on day 0, period 0\n"
            "room_capacity                10\n"
            "                             10  maths with 30 students is in hall with 20 seats on "
            "day 0, period 0\n"
            "minimum_working_days          5\n"
            "                              5  maths is on 1 of 2 days\n"
            "cost                         15\n");
}

TEST_F(ReportTest, TellsWhatStandsAgainstAPlaceOrWhatItChanges) {
  const CttChange change = {0, published_[0], CttLecture{0, 1, 1, 2}};
  EXPECT_EQ(WhyNotTable(instance_, change, {{"hall has music"}, {}, 0}),
            "maths: day 0, period 0 in hall -> day 1, period 2 in attic\n"
            "  impossible: hall has music\n");
  EXPECT_EQ(WhyNotTable(instance_, change, {{}, {{"room_capacity", 12}}, 12}),
            "maths: day 0, period 0 in hall -> day 1, period 2 in attic\n"
            "room_capacity               +12\n"
            "cost                        +12\n");
}

TEST_F(ReportTest, ListsSuggestions) {
  const CttChange there = {0, published_[0], published_[1]};
  const CttChange back = {1, published_[1], published_[0]};
  EXPECT_EQ(
      SuggestionTable(instance_, {{{there, back}, {{"room_capacity", -3}}, -3}, {{there}, {}, 0}}),
      "   cost\n"
      "     -3  maths: day 0, period 0 in hall -> day 0, period 1 in hall; music: day 0, "
      "period 1 in hall -> day 0, period 0 in hall  (room_capacity -3)\n"
      "     +0  maths: day 0, period 0 in hall -> day 0, period 1 in hall\n");
}

TEST_F(ReportTest, SetsTwoTimetablesSideBySide) {
  const CttTimetable after = {{0, 1, 0, 0}, {1, 0, 0, 1}};
  const std::string text = DiffTable(instance_, published_, after);
  EXPECT_THAT(text, HasSubstr("maths: day 0, period 0 in hall -> day 0, period 0 in attic\n"
                              "changes                       1\n"));
  EXPECT_THAT(text, HasSubstr("room_capacity                10      22     +12\n"));
  EXPECT_THAT(text, HasSubstr("cost                         10      22     +12\n"));
}

class RepairTest : public ReportTest {
 protected:
  void Add(const CttTimetable& timetable) {
    replan_.curve.push_back({.feasible = true,
                             .timetable = timetable,
                             .cost = 0,
                             .iterations = 0,
                             .elapsed = absl::ZeroDuration()});
    replan_.changes.push_back(0);
  }
  std::vector<Repair> Sound(size_t max_changes = 2) const {
    return SoundRepairs(instance_, published_, closed_, replan_, max_changes);
  }

  const CttDisruption closed_ = {.room_days = {{0, 0}}, .periods = {{0, 1}}, .teacher_days = {}};
  const CttTimetable one_ = {{0, 1, 0, 0}, {1, 0, 1, 1}};      // costs 23: both change
  const CttTimetable cheaper_ = {{0, 0, 1, 0}, {1, 0, 1, 1}};  // costs 10: both change
  CttReplan replan_;
};

TEST_F(RepairTest, IsOnlySoundIfItKeepsTheRulesTheDisruptionAndTheCap) {
  Add(published_);
  Add({{0, 0, 1, 0}, {1, 0, 1, 0}});  // two in one room
  Add(cheaper_);
  EXPECT_THAT(Sound(), ElementsAre(Field(&Repair::cost, 10)));
  EXPECT_THAT(Sound(1), ::testing::IsEmpty());
}

TEST_F(RepairTest, IsTheCheapestOfItsNumberOfChanges) {
  Add(one_);
  Add(cheaper_);
  EXPECT_THAT(Sound(), ElementsAre(Field(&Repair::cost, 10)));
}

TEST_F(RepairTest, IsChosenByChangesOrByCost) {
  const std::vector<Repair> repairs = {{1, 40, one_}, {2, 10, cheaper_}, {3, 10, cheaper_}};
  EXPECT_EQ(&Choose(repairs, false), &repairs[0]);
  EXPECT_EQ(&Choose(repairs, true), &repairs[1]);
}

TEST_F(RepairTest, IsShownWithWhatItChanges) {
  const std::vector<Repair> repairs = {{1, 40, one_}, {2, 10, cheaper_}};
  EXPECT_EQ(RepairTable(instance_, published_, repairs, repairs[1]),
            "changes     cost\n"
            "      1       40\n"
            "      2       10  written\n"
            "  maths: day 0, period 0 in hall -> day 1, period 0 in hall\n"
            "  music: day 0, period 1 in hall -> day 1, period 1 in hall\n");
}

}  // namespace
}  // namespace klynge::courses::timetable
