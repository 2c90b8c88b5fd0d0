// Files of instances and solutions: what is read, and what is said of those that are wrong.
#include "services/courses/timetable/ctt/ctt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "services/courses/timetable/ctt/ctt_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kSmall[] =
    "Name: Small\n"                  // 1
    "Courses: 2\n"                   // 2
    "Rooms: 1\n"                     // 3
    "Days: 2\n"                      // 4
    "Periods_per_day: 3\n"           // 5
    "Curricula: 1\n"                 // 6
    "Constraints: 2\n"               // 7
    "\n"                             // 8
    "COURSES:\n"                     // 9
    "maths anna 2 1 30\n"            // 10
    "music bo 1 1 12\n"              // 11
    "\n"                             // 12
    "ROOMS:\n"                       // 13
    "hall 40\n"                      // 14
    "\n"                             // 15
    "CURRICULA:\n"                   // 16
    "first 2 maths music\n"          // 17
    "\n"                             // 18
    "UNAVAILABILITY_CONSTRAINTS:\n"  // 19
    "music 0 2\n"                    // 20
    "maths 1 0\n"                    // 21
    "\n"                             // 22
    "END.\n";                        // 23

std::string With(const std::string& what, const std::string& instead) {
  std::string text = absl::StrReplaceAll(kSmall, {{what, instead}});
  EXPECT_NE(text, kSmall) << what;
  return text;
}

std::string ErrorOf(absl::string_view text) {
  const auto instance = ParseCtt(text);
  EXPECT_FALSE(instance.ok());
  return std::string(instance.status().message());
}

std::string SolutionErrorOf(absl::string_view text) {
  const auto timetable = ParseCttSolution(*ParseCtt(kSmall), text);
  EXPECT_FALSE(timetable.ok());
  return std::string(timetable.status().message());
}

// Everything of an instance, in words.
std::string Described(const CttInstance& instance) {
  std::string text = absl::StrCat(instance.name, " ", instance.days, "x", instance.periods_per_day);
  for (const auto& c : instance.courses) {
    absl::StrAppend(&text, " | ", c.id, " ", c.teacher, " ", c.lectures, " ", c.min_days, " ",
                    c.students);
  }
  for (const auto& r : instance.rooms) absl::StrAppend(&text, " | ", r.id, " ", r.capacity);
  for (const auto& curriculum : instance.curricula) {
    absl::StrAppend(&text, " | ", curriculum.id);
    for (int course : curriculum.courses) absl::StrAppend(&text, " ", course);
  }
  for (const auto& u : instance.unavailable) {
    absl::StrAppend(&text, " | ", u.course, " ", u.day, " ", u.period);
  }
  return text;
}

constexpr char kDescribed[] =
    "Small 2x3 | maths anna 2 1 30 | music bo 1 1 12 | hall 40 | first 0 1 | 1 0 2 | 0 1 0";

TEST(Ctt, ReadsAnInstance) {
  const auto instance = ParseCtt(kSmall);
  ASSERT_TRUE(instance.ok()) << instance.status();
  EXPECT_EQ(Described(*instance), kDescribed);
}

TEST(Ctt, ReadsWhatEditorsAndOtherSystemsMakeOfAnInstance) {
  const std::string variants[] = {
      absl::StrReplaceAll(kSmall, {{"\n", "\r\n"}}),
      absl::StrReplaceAll(kSmall, {{" ", "\t \t"}, {"\n", " \t\n"}}),
      absl::StrReplaceAll(kSmall, {{"\n", "\n\n \n"}}),
      absl::StrReplaceAll(kSmall, {{"\n\n", "\n"}}),
      absl::StrReplaceAll(kSmall, {{"END.\n", "END."}}),
      absl::StrReplaceAll(kSmall, {{": ", ":"}}),
      absl::StrCat("\xEF\xBB\xBF", kSmall),
  };
  for (const std::string& text : variants) {
    const auto instance = ParseCtt(text);
    ASSERT_TRUE(instance.ok()) << instance.status();
    EXPECT_EQ(Described(*instance), kDescribed);
  }
}

TEST(Ctt, CountsAPeriodThatIsUnavailableTwiceOnce) {
  const auto instance = ParseCtt(With("maths 1 0", "music 0 2"));
  ASSERT_TRUE(instance.ok()) << instance.status();
  EXPECT_EQ(instance->unavailable.size(), 1u);
}

TEST(Ctt, SaysWhereThereAreMoreRowsThanAnnounced) {
  EXPECT_EQ(ErrorOf(With("Courses: 2", "Courses: 1")),
            "line 11: found \"music bo 1 1 12\", expected \"ROOMS:\", for line 2 announces 1 row "
            "before it");
  EXPECT_EQ(ErrorOf(With("Constraints: 2", "Constraints: 0")),
            "line 20: found \"music 0 2\", expected \"END.\", for line 7 announces 0 rows before "
            "it");
}

TEST(Ctt, SaysWhereThereAreFewerRowsThanAnnounced) {
  EXPECT_EQ(ErrorOf(With("Courses: 2", "Courses: 3")),
            "line 13: found \"ROOMS:\", expected \"course teacher lectures min-days students\", 3 "
            "of the 3 that line 2 announces");
  EXPECT_EQ(ErrorOf(With("Curricula: 1", "Curricula: 2")),
            "line 19: found \"UNAVAILABILITY_CONSTRAINTS:\", expected \"curriculum number course "
            "...\", 2 of the 2 that line 6 announces");
}

TEST(Ctt, SaysWhichHeaderIsMissing) {
  EXPECT_EQ(ErrorOf(With("Days: 2\n", "")),
            "line 4: found \"Periods_per_day: 3\", expected \"Days: <number>\"");
  EXPECT_EQ(ErrorOf(""),
            "line 1: found the end of the file, expected \"Name: <name of the "
            "instance>\"");
}

TEST(Ctt, RefusesNumbersOutOfRange) {
  EXPECT_EQ(ErrorOf(With("maths anna 2", "maths anna -2")),
            "line 10: found \"-2\", expected lectures, a whole number from 1 to 100000");
  EXPECT_THAT(ErrorOf(With("maths anna 2", "maths anna 0")), HasSubstr("line 10: found \"0\""));
  EXPECT_THAT(ErrorOf(With("hall 40", "hall 4294967336")),
              HasSubstr("line 14: found \"4294967336\", expected capacity"));
  EXPECT_THAT(ErrorOf(With("hall 40", "hall 99999999999999999999999")), HasSubstr("line 14"));
  EXPECT_THAT(ErrorOf(With("hall 40", "hall 4e1")), HasSubstr("found \"4e1\""));
  EXPECT_THAT(ErrorOf(With("hall 40", "hall +40")), HasSubstr("found \"+40\""));
  EXPECT_EQ(ErrorOf(With("music 0 2", "music 2 2")),
            "line 20: found \"2\", expected day, a whole number from 0 to 1");
  EXPECT_EQ(ErrorOf(With("music 0 2", "music 0 3")),
            "line 20: found \"3\", expected period, a whole number from 0 to 2");
}

TEST(Ctt, RefusesAbsurdSizes) {
  EXPECT_THAT(ErrorOf(With("Courses: 2", "Courses: 2000000000")),
              HasSubstr("line 2: found \"2000000000\", expected Courses, a whole number "
                        "from 1 to 5000"));
  EXPECT_THAT(ErrorOf(With("Days: 2", "Days: 0")), HasSubstr("line 4: found \"0\""));
  EXPECT_EQ(ErrorOf(absl::StrReplaceAll(kSmall, {{"Days: 2", "Days: 366"}, {"day: 3", "day: 64"}})),
            "line 5: found 366 days of 64 periods, expected days with at most 5000 periods in all");
  EXPECT_EQ(ErrorOf(absl::StrReplaceAll(kSmall,
                                        {{"anna 2", "anna 99999"}, {"music bo 1", "music bo 2"}})),
            "line 11: found 100001 lectures up to here, expected at most 100000 of all courses");
}

TEST(Ctt, RefusesWhatIsNotKnown) {
  EXPECT_EQ(ErrorOf(With("first 2 maths music", "first 2 maths magic")),
            "line 17: found \"magic\", expected a course of the section COURSES");
  EXPECT_EQ(ErrorOf(With("maths 1 0", "hall 1 0")),
            "line 21: found \"hall\", expected a course of the section COURSES");
}

TEST(Ctt, RefusesIdsThatAreThereTwice) {
  EXPECT_EQ(ErrorOf(With("music bo", "maths bo")),
            "line 11: found course \"maths\" once more, expected each id once in its section");
  EXPECT_THAT(ErrorOf(absl::StrReplaceAll(
                  kSmall, {{"Rooms: 1", "Rooms: 2"}, {"hall 40", "hall 40\nhall 10"}})),
              HasSubstr("line 15: found room \"hall\" once more"));
  EXPECT_THAT(ErrorOf(absl::StrReplaceAll(kSmall, {{"Curricula: 1", "Curricula: 2"},
                                                   {"first 2 maths music",
                                                    "first 1 maths\n"
                                                    "first 1 music"}})),
              HasSubstr("line 18: found curriculum \"first\" once more"));
  EXPECT_EQ(ErrorOf(With("first 2 maths music", "first 2 maths maths")),
            "line 17: found course \"maths\" twice, expected each course of a curriculum once");
}

TEST(Ctt, RefusesACurriculumWithAnotherNumberOfCourses) {
  EXPECT_EQ(ErrorOf(With("first 2", "first 3")),
            "line 17: found 2 courses, expected 3 after \"first\"");
}

TEST(Ctt, RefusesAFileThatWasCutOrGoesOn) {
  EXPECT_EQ(ErrorOf(With("END.\n", "")),
            "line 22: found the end of the file, expected \"END.\", for line 7 announces 2 rows "
            "before it");
  EXPECT_EQ(ErrorOf(absl::StrCat(kSmall, "\nmore\n")),
            "line 25: found \"more\", expected nothing after \"END.\"");
}

TEST(Ctt, QuotesInAnErrorOnlyWhatATerminalCanShow) {
  EXPECT_EQ(ErrorOf(With("hall 40", "hall \x1B[2J")),
            "line 14: found \"\\x1b[2J\", expected capacity, a whole number from 0 to 1000000");
  EXPECT_LT(ErrorOf(std::string(100000, 'x')).size(), 200u);
}

MATCHER_P4(Lecture, course, room, day, period, "") {
  return arg.course == course && arg.room == room && arg.day == day && arg.period == period;
}

TEST(CttSolution, ReadsLecturesInTheirOrder) {
  const auto timetable =
      ParseCttSolution(*ParseCtt(kSmall), "\r\nmusic\thall 1  2\r\n\r\nmaths hall 0 0");
  ASSERT_TRUE(timetable.ok()) << timetable.status();
  EXPECT_THAT(*timetable, ElementsAre(Lecture(1, 0, 1, 2), Lecture(0, 0, 0, 0)));
}

TEST(CttSolution, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(SolutionErrorOf("maths hall 0 0\nmaths hall 0"),
            "line 2: found \"maths hall 0\", expected \"course room day period\"");
  EXPECT_EQ(SolutionErrorOf("magic hall 0 0"),
            "line 1: found \"magic\", expected a course of the instance");
  EXPECT_EQ(SolutionErrorOf("maths yard 0 0"),
            "line 1: found \"yard\", expected a room of the instance");
  EXPECT_EQ(SolutionErrorOf("maths hall 2 0"),
            "line 1: found \"2\", expected day, a whole number from 0 to 1");
  EXPECT_EQ(SolutionErrorOf("maths hall 0 3"),
            "line 1: found \"3\", expected period, a whole number from 0 to 2");
}

TEST(CttSolution, RefusesMoreLinesThanAnyInstanceHasLectures) {
  std::string text;
  for (int i = 0; i < kMaxCttLectures; ++i) text += "maths hall 0 0\n";
  EXPECT_TRUE(ParseCttSolution(*ParseCtt(kSmall), text).ok());
  EXPECT_THAT(SolutionErrorOf(text + "maths hall 0 0\n"), HasSubstr("line 100001:"));
}

TEST(CttSolution, IsWrittenAsItIsRead) {
  const CttInstance instance = *ParseCtt(kSmall);
  const std::string text = "music hall 1 2\nmaths hall 0 0\nmaths hall 0 0\n";
  EXPECT_EQ(WriteCttSolution(instance, *ParseCttSolution(instance, text)), text);
}

TEST(Ctt, ReadsThePublishedInstances) {
  // Courses, rooms, lectures, curricula and constraints as published.
  const std::pair<std::string, std::vector<size_t>> instances[] = {
      {"toy", {4, 2, 16, 2, 8}},           {"comp01", {30, 6, 160, 14, 53}},
      {"comp02", {82, 16, 283, 70, 513}},  {"comp05", {54, 9, 152, 139, 771}},
      {"comp07", {131, 20, 434, 77, 667}}, {"comp10", {115, 18, 370, 67, 694}}};
  for (const auto& [name, numbers] : instances) {
    const CttInstance instance = testing::PublishedCtt(name);
    size_t lectures = 0;
    for (const auto& course : instance.courses) lectures += course.lectures;
    EXPECT_THAT((std::vector<size_t>{instance.courses.size(), instance.rooms.size(), lectures,
                                     instance.curricula.size(), instance.unavailable.size()}),
                ::testing::ElementsAreArray(numbers))
        << name;
  }
}

}  // namespace
}  // namespace klynge::courses::timetable
