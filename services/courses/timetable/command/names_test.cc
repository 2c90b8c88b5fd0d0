// How lectures and places are named on the command line.
#include "services/courses/timetable/command/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klynge::courses::timetable {
namespace {

class QuestionTest : public ::testing::Test {
 protected:
  QuestionTest() {
    instance_.days = 2;
    instance_.periods_per_day = 3;
    instance_.courses = {{"maths", "anna", 2, 1, 30}, {"b@nd", "bo", 1, 1, 12}};
    instance_.rooms = {{"hall", 40}, {"at@tic", 10}};
  }

  absl::StatusOr<Question> Read(const std::string& lecture, const std::string& place) {
    Arguments arguments;
    arguments.lecture = lecture;
    arguments.place = place;
    return ReadQuestion(instance_, timetable_, arguments);
  }

  CttInstance instance_;
  const CttTimetable timetable_ = {{0, 0, 0, 0}, {0, 1, 1, 2}, {1, 0, 1, 0}};
};

TEST_F(QuestionTest, NamesALectureAndAPlace) {
  const auto question = Read("b@nd@1/0", "at@tic@0/2");
  ASSERT_TRUE(question.ok()) << question.status();
  EXPECT_EQ(question->lecture.course, 1);
  EXPECT_EQ(question->to.course, 1);
  EXPECT_EQ(question->to.room, 1);
  EXPECT_EQ(question->to.day, 0);
  EXPECT_EQ(question->to.period, 2);
}

TEST_F(QuestionTest, LeavesTheRoomThatIsNotNamed) {
  const auto question = Read("maths@1/2", "0/1");
  ASSERT_TRUE(question.ok()) << question.status();
  EXPECT_EQ(question->to.room, 1);
  EXPECT_EQ(question->to.period, 1);
}

TEST_F(QuestionTest, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(Read("maths@0/1", "cellar@0/1").status().message(),
            "--lecture: found \"maths@0/1\", expected a lecture of the timetable.\n"
            "--to: found \"cellar\", expected a room of the instance.");
  EXPECT_EQ(Read("maths@0", "hall@0/3").status().message(),
            "--lecture: found \"maths@0\", expected COURSE@DAY/PERIOD, a day up to 1 and a period "
            "up to 2.\n"
            "--to: found \"hall@0/3\", expected [ROOM@]DAY/PERIOD, a day up to 1 and a period up "
            "to 2.");
}

}  // namespace
}  // namespace klynge::courses::timetable
