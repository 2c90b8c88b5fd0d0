// Curriculum-based course timetabling as ITC-2007, track 3, published it: courses of lectures,
// rooms, and curricula whose courses must not meet. Reads and writes its files.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace klynge::courses::timetable {

struct CttCourse {
  std::string id;
  std::string teacher;
  int lectures = 0;
  int min_days = 0;  // over how many days they should be spread
  int students = 0;
};

struct CttRoom {
  std::string id;
  int capacity = 0;
};

struct CttCurriculum {
  std::string id;
  std::vector<int> courses;  // indexes
};

// A course cannot meet in this period.
struct CttUnavailable {
  int course = 0;
  int day = 0;
  int period = 0;
};

struct CttInstance {
  std::string name;
  int days = 0;
  int periods_per_day = 0;
  std::vector<CttCourse> courses;
  std::vector<CttRoom> rooms;
  std::vector<CttCurriculum> curricula;
  std::vector<CttUnavailable> unavailable;  // each once, in the file's order
};

struct CttLecture {
  int course = 0;
  int room = 0;
  int day = 0;
  int period = 0;
};

using CttTimetable = std::vector<CttLecture>;

// What a file may announce; several times the largest published instances. More is refused before
// anything is made of it.
inline constexpr int kMaxCttCourses = 5000;
inline constexpr int kMaxCttRooms = 1000;
inline constexpr int kMaxCttDays = 366;
inline constexpr int kMaxCttPeriodsPerDay = 64;  // a bit for each in the engine
inline constexpr int kMaxCttPeriods = 5000;      // days x periods a day
inline constexpr int kMaxCttCurricula = 10000;
inline constexpr int kMaxCttMembers = 200000;  // courses of all curricula
inline constexpr int kMaxCttUnavailable = 1000000;
inline constexpr int kMaxCttLectures = 100000;  // of all courses; and lines of a solution
inline constexpr int kMaxCttPersons = 1000000;  // students of a course, seats of a room

// Reads an instance. CRLF, tabs, blank lines and a missing last line end are fine, and a period
// that is unavailable twice counts once. What else is wrong with a file is an InvalidArgument
// error, the first thing only: the line, what stands there, and what was expected.
absl::StatusOr<CttInstance> ParseCtt(absl::string_view text);

// Reads a solution, `course room day period` on each line. It may break every rule and be
// incomplete, which is for ScoreCtt to say; what it names must be in the instance.
absl::StatusOr<CttTimetable> ParseCttSolution(const CttInstance& instance, absl::string_view text);

// One lecture a line, in the order of `timetable`.
std::string WriteCttSolution(const CttInstance& instance, const CttTimetable& timetable);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_H_
