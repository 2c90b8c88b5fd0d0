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
