// What changed between two timetables.
#include "services/courses/timetable/ctt/ctt_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/courses/timetable/ctt/ctt_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CttChangesTest : public ::testing::Test {
 protected:
  CttChangesTest() {
    instance_.days = 2;
    instance_.periods_per_day = 3;
    instance_.courses = {{"maths", "anna", 2, 1, 30}, {"music", "bo", 1, 1, 12}};
    instance_.rooms = {{"hall", 40}, {"attic", 10}};
  }

  std::vector<std::string> Changes(const CttTimetable& before, const CttTimetable& after) const {
    std::vector<std::string> lines;
    for (const CttChange& change : CttChanges(instance_, before, after)) {
      lines.push_back(DescribeCttChange(instance_, change));
    }
    return lines;
  }

  CttInstance instance_;
};

TEST_F(CttChangesTest, DoNotDependOnTheOrderOfLectures) {
  EXPECT_THAT(Changes({{0, 0, 0, 0}, {0, 0, 1, 1}, {1, 1, 0, 0}},
                      {{1, 1, 0, 0}, {0, 0, 1, 1}, {0, 0, 0, 0}}),
              IsEmpty());
}

TEST_F(CttChangesTest, PairALectureWithTheOneInItsPeriodThenOnItsDay) {
  EXPECT_THAT(Changes({{0, 0, 0, 0}, {0, 0, 1, 1}}, {{0, 0, 1, 2}, {0, 1, 0, 0}}),
              ElementsAre("maths: day 0, period 0 in hall -> day 0, period 0 in attic",
                          "maths: day 1, period 1 in hall -> day 1, period 2 in hall"));
}

TEST_F(CttChangesTest, AreNotCountedForLecturesOfACourseThatChangePlaces) {
  EXPECT_THAT(Changes({{0, 0, 0, 0}, {0, 1, 1, 1}}, {{0, 1, 1, 1}, {0, 0, 0, 0}}), IsEmpty());
}

TEST_F(CttChangesTest, TellWhatIsGoneAndWhatIsNew) {
  EXPECT_THAT(Changes({{0, 0, 0, 0}}, {{1, 1, 1, 2}}),
              ElementsAre("maths: day 0, period 0 in hall -> nowhere",
                          "music: nowhere -> day 1, period 2 in attic"));
}

TEST_F(CttChangesTest, AreNeverMoreThanTheLecturesThatWereMoved) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 500; ++i) {
    const CttInstance instance = testing::RandomCtt(random);
    const CttTimetable before = testing::CarefulTimetable(instance, random);
    CttTimetable after = before;
    const size_t moved = std::uniform_int_distribution<size_t>(0, before.size())(random);
    for (size_t k = 0; k < moved; ++k) after[k].day = (after[k].day + 1) % instance.days;
    std::shuffle(after.begin(), after.end(), random);
    EXPECT_LE(CttChanges(instance, before, after).size(), moved);
  }
}

}  // namespace
}  // namespace klynge::courses::timetable
