#include "services/courses/timetable/ctt/ctt_test_support.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace klynge::courses::timetable::testing {

namespace {

int Between(int least, int most, std::mt19937_64& random) {
  return std::uniform_int_distribution<int>(least, most)(random);
}

CttLecture Anywhere(const CttInstance& instance, int course, std::mt19937_64& random) {
  return {.course = course,
          .room = Between(0, static_cast<int>(instance.rooms.size()) - 1, random),
          .day = Between(0, instance.days - 1, random),
          .period = Between(0, instance.periods_per_day - 1, random)};
}

bool ShareACurriculum(const CttInstance& instance, int a, int b) {
  for (const auto& [id, courses] : instance.curricula) {
    if (std::count(courses.begin(), courses.end(), a) > 0 &&
        std::count(courses.begin(), courses.end(), b) > 0) {
      return true;
    }
  }
  return false;
}

// Whether a lecture can join the others without breaking a hard rule.
bool Fits(const CttInstance& instance, const CttTimetable& others, const CttLecture& lecture) {
  for (const CttUnavailable& when : instance.unavailable) {
    if (when.course == lecture.course && when.day == lecture.day && when.period == lecture.period) {
      return false;
    }
  }
  for (const CttLecture& other : others) {
    if (other.day != lecture.day || other.period != lecture.period) continue;
    if (other.room == lecture.room || other.course == lecture.course ||
        instance.courses[other.course].teacher == instance.courses[lecture.course].teacher ||
        ShareACurriculum(instance, other.course, lecture.course)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> PublishedCttNames() {
  std::vector<std::string> names = {"toy"};
  for (int i = 1; i <= 10; ++i) names.push_back(absl::StrFormat("comp%02d", i));
  return names;
}

std::string PublishedCttText(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(absl::StrCat("tests/data/itc2007/", name, ".ctt")).rdbuf();
  return text.str();
}

CttInstance PublishedCtt(const std::string& name) {
  auto instance = ParseCtt(PublishedCttText(name));
  EXPECT_TRUE(instance.ok()) << name << ": " << instance.status();
  return *std::move(instance);
}

CttInstance RandomCtt(std::mt19937_64& random) {
  CttInstance instance;
  instance.name = "random";
  instance.days = Between(1, 4, random);
  instance.periods_per_day = Between(1, 4, random);
  const int courses = Between(1, 9, random);
  const int periods = instance.days * instance.periods_per_day;
  for (int i = 0; i < courses; ++i) {
    instance.courses.push_back({.id = absl::StrCat("c", i),
                                .teacher = absl::StrCat("t", Between(0, courses, random)),
                                .lectures = Between(1, std::max(1, periods / 3), random),
                                .min_days = Between(0, instance.days + 1, random),
                                .students = Between(0, 30, random)});
  }
  for (int i = Between(1, 3, random); i > 0; --i) {
    instance.rooms.push_back({absl::StrCat("r", i), Between(0, 40, random)});
  }
  for (int i = Between(0, 5, random); i > 0; --i) {
    CttCurriculum curriculum{absl::StrCat("q", i), {Between(0, courses - 1, random)}};
    for (int c = 0; c < courses; ++c) {
      if (c != curriculum.courses[0] && Between(0, 3, random) == 0) curriculum.courses.push_back(c);
    }
    instance.curricula.push_back(std::move(curriculum));
  }
  for (int c = 0; c < courses; ++c) {
    for (int p = 0; p < periods; ++p) {
      if (Between(0, 7, random) > 0) continue;
      instance.unavailable.push_back(
          {c, p / instance.periods_per_day, p % instance.periods_per_day});
    }
  }
  return instance;
}

CttTimetable WildTimetable(const CttInstance& instance, std::mt19937_64& random) {
  CttTimetable timetable;
  const int courses = static_cast<int>(instance.courses.size());
  for (int i = Between(0, 5 * courses, random); i > 0; --i) {
    timetable.push_back(Anywhere(instance, Between(0, courses - 1, random), random));
  }
  return timetable;
}

CttTimetable CarefulTimetable(const CttInstance& instance, std::mt19937_64& random) {
  std::vector<int> courses;
  for (size_t i = 0; i < instance.courses.size(); ++i) {
    courses.insert(courses.end(), instance.courses[i].lectures, static_cast<int>(i));
  }
  std::shuffle(courses.begin(), courses.end(), random);
  CttTimetable timetable;
  for (int course : courses) {
    CttLecture lecture = Anywhere(instance, course, random);
    for (int tries = 0; tries < 100 && !Fits(instance, timetable, lecture); ++tries) {
      lecture = Anywhere(instance, course, random);
    }
    timetable.push_back(lecture);
  }
  return timetable;
}

void Disturb(const CttInstance& instance, CttTimetable& timetable, std::mt19937_64& random) {
  for (int i = Between(0, 3, random); i > 0 && !timetable.empty(); --i) {
    CttLecture& lecture = timetable[Between(0, static_cast<int>(timetable.size()) - 1, random)];
    switch (Between(0, 2, random)) {
      case 0:
        lecture = Anywhere(instance, lecture.course, random);
        break;
      case 1:
        lecture = timetable.back();
        timetable.pop_back();
        break;
      default:
        timetable.push_back(CttLecture(lecture));
    }
  }
}

std::string WriteCtt(const CttInstance& instance) {
  std::string text = absl::StrCat("Name: ", instance.name, "\nCourses: ", instance.courses.size(),
                                  "\nRooms: ", instance.rooms.size(), "\nDays: ", instance.days,
                                  "\nPeriods_per_day: ", instance.periods_per_day,
                                  "\nCurricula: ", instance.curricula.size(),
                                  "\nConstraints: ", instance.unavailable.size(), "\n\nCOURSES:\n");
  for (const CttCourse& course : instance.courses) {
    absl::StrAppend(&text, course.id, " ", course.teacher, " ", course.lectures, " ",
                    course.min_days, " ", course.students, "\n");
  }
  absl::StrAppend(&text, "\nROOMS:\n");
  for (const CttRoom& room : instance.rooms)
    absl::StrAppend(&text, room.id, " ", room.capacity, "\n");
  absl::StrAppend(&text, "\nCURRICULA:\n");
  for (const CttCurriculum& curriculum : instance.curricula) {
    absl::StrAppend(&text, curriculum.id, " ", curriculum.courses.size());
    for (int course : curriculum.courses) absl::StrAppend(&text, " ", instance.courses[course].id);
    absl::StrAppend(&text, "\n");
  }
  absl::StrAppend(&text, "\nUNAVAILABILITY_CONSTRAINTS:\n");
  for (const CttUnavailable& when : instance.unavailable) {
    absl::StrAppend(&text, instance.courses[when.course].id, " ", when.day, " ", when.period, "\n");
  }
  absl::StrAppend(&text, "\nEND.\n");
  return text;
}

}  // namespace klynge::courses::timetable::testing
