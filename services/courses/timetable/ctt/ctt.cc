#include "services/courses/timetable/ctt/ctt.h"

#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/courses/timetable/ctt/line_reader.h"

namespace klynge::courses::timetable {

namespace {

using Index = absl::flat_hash_map<absl::string_view, int>;  // by id; the text outlives it

// How many of something the header announces, and where.
struct Announced {
  int number = 0;
  int line = 0;
};

class InstanceReader {
 public:
  explicit InstanceReader(absl::string_view text) : lines_(text) {}

  absl::StatusOr<CttInstance> Read() {
    using Step = absl::Status (InstanceReader::*)();
    for (Step step : {&InstanceReader::ReadHeader, &InstanceReader::ReadCourses,
                      &InstanceReader::ReadRooms, &InstanceReader::ReadCurricula,
                      &InstanceReader::ReadUnavailable, &InstanceReader::ReadEnd}) {
      if (absl::Status status = (this->*step)(); !status.ok()) return status;
    }
    return std::move(instance_);
  }

 private:
  absl::Status ReadHeader() {
    absl::Status status = ReadName();
    Announced days, periods;
    if (status.ok()) status = ReadCount("Courses", 1, kMaxCttCourses, courses_);
    if (status.ok()) status = ReadCount("Rooms", 1, kMaxCttRooms, rooms_);
    if (status.ok()) status = ReadCount("Days", 1, kMaxCttDays, days);
    if (status.ok()) status = ReadCount("Periods_per_day", 1, kMaxCttPeriodsPerDay, periods);
    if (status.ok() && days.number * periods.number > kMaxCttPeriods) {
      status =
          lines_.Expected(absl::StrCat(days.number, " days of ", periods.number, " periods"),
                          absl::StrCat("days with at most ", kMaxCttPeriods, " periods in all"));
    }
    if (status.ok()) status = ReadCount("Curricula", 0, kMaxCttCurricula, curricula_);
    if (status.ok()) status = ReadCount("Constraints", 0, kMaxCttUnavailable, unavailable_);
    instance_.days = days.number;
    instance_.periods_per_day = periods.number;
    return status;
  }

  // Puts what stands after "key:" on the next line into `value`.
  absl::Status ReadValue(absl::string_view key, absl::string_view wanted,
                         absl::string_view& value) {
    lines_.Next();
    const size_t colon = lines_.line().find(':');
    if (colon == absl::string_view::npos ||
        absl::StripAsciiWhitespace(lines_.line().substr(0, colon)) != key) {
      return lines_.Expected(absl::StrCat("\"", key, ": ", wanted, "\""));
    }
    value = absl::StripAsciiWhitespace(lines_.line().substr(colon + 1));
    return absl::OkStatus();
  }

  absl::Status ReadName() {
    absl::string_view name;
    absl::Status status = ReadValue("Name", "<name of the instance>", name);
    instance_.name = std::string(name);
    return status;
  }

  absl::Status ReadCount(absl::string_view key, int least, int most, Announced& count) {
    absl::string_view value;
    absl::Status status = ReadValue(key, "<number>", value);
    if (!status.ok()) return status;
    auto number = lines_.Number(value, least, most, key);
    if (!number.ok()) return number.status();
    count = {.number = *number, .line = lines_.number()};
    return absl::OkStatus();
  }

  // The heading of a section, then as many lines as were announced, each given to `read_row`.
  absl::Status ReadSection(absl::string_view heading, absl::string_view row, Announced rows,
                           absl::Status (InstanceReader::*read_row)(absl::string_view expected)) {
    if (absl::Status status = ReadHeading(heading); !status.ok()) return status;
    for (int i = 1; i <= rows.number; ++i) {
      lines_.Next();
      const std::string expected = absl::StrCat("\"", row, "\", ", i, " of the ", rows.number,
                                                " that line ", rows.line, " announces");
      if (absl::Status status = (this->*read_row)(expected); !status.ok()) return status;
    }
    before_ = absl::StrCat(", for line ", rows.line, " announces ", rows.number,
                           rows.number == 1 ? " row" : " rows", " before it");
    return absl::OkStatus();
  }

  absl::Status ReadHeading(absl::string_view heading) {
    lines_.Next();
    if (lines_.line() == heading) return absl::OkStatus();
    return lines_.Expected(absl::StrCat("\"", heading, "\"", before_));
  }

  absl::Status ReadCourses() {
    return ReadSection("COURSES:", "course teacher lectures min-days students", courses_,
                       &InstanceReader::ReadCourse);
  }

  absl::Status ReadCourse(absl::string_view expected) {
    const auto& words = lines_.words();
    if (words.size() != 5) return lines_.Expected(expected);
    CttCourse course;
    course.id = std::string(words[0]);
    course.teacher = std::string(words[1]);
    absl::Status status = AddId(words[0], "course", course_index_);
    if (status.ok()) status = Read(words[2], 1, kMaxCttLectures, "lectures", course.lectures);
    if (status.ok()) status = Read(words[3], 0, kMaxCttDays, "min-days", course.min_days);
    if (status.ok()) status = Read(words[4], 0, kMaxCttPersons, "students", course.students);
    if (status.ok() && (lectures_ += course.lectures) > kMaxCttLectures) {
      status = lines_.Expected(absl::StrCat(lectures_, " lectures up to here"),
                               absl::StrCat("at most ", kMaxCttLectures, " of all courses"));
    }
    instance_.courses.push_back(std::move(course));
    return status;
  }

  absl::Status ReadRooms() {
    return ReadSection("ROOMS:", "room capacity", rooms_, &InstanceReader::ReadRoom);
  }

  absl::Status ReadRoom(absl::string_view expected) {
    const auto& words = lines_.words();
    if (words.size() != 2) return lines_.Expected(expected);
    CttRoom room{.id = std::string(words[0]), .capacity = 0};
    absl::Status status = AddId(words[0], "room", room_index_);
    if (status.ok()) status = Read(words[1], 0, kMaxCttPersons, "capacity", room.capacity);
    instance_.rooms.push_back(std::move(room));
    return status;
  }

  absl::Status ReadCurricula() {
    return ReadSection("CURRICULA:", "curriculum number course ...", curricula_,
                       &InstanceReader::ReadCurriculum);
  }

  absl::Status ReadCurriculum(absl::string_view expected) {
    const auto& words = lines_.words();
    // A line of one word is the next heading, or nothing at all.
    if (words.size() < 2) return lines_.Expected(expected);
    CttCurriculum curriculum{.id = std::string(words[0]), .courses = {}};
    absl::Status status = AddId(words[0], "curriculum", curriculum_index_);
    int number = 0;
    if (status.ok()) status = Read(words[1], 1, kMaxCttCourses, "number of courses", number);
    if (!status.ok()) return status;
    if (words.size() - 2 != static_cast<size_t>(number)) {
      return lines_.Expected(absl::StrCat(words.size() - 2, " courses"),
                             absl::StrCat(number, " after ", Quoted(words[0])));
    }
    absl::flat_hash_set<int> seen;
    for (size_t i = 2; i < words.size(); ++i) {
      auto course = Course(words[i]);
      if (!course.ok()) return course.status();
      if (!seen.insert(*course).second) {
        return lines_.Expected(absl::StrCat("course ", Quoted(words[i]), " twice"),
                               "each course of a curriculum once");
      }
      curriculum.courses.push_back(*course);
    }
    if ((members_ += number) > kMaxCttMembers) {
      return lines_.Expected(absl::StrCat(members_, " courses up to here"),
                             absl::StrCat("at most ", kMaxCttMembers, " of all curricula"));
    }
    instance_.curricula.push_back(std::move(curriculum));
    return absl::OkStatus();
  }

  absl::Status ReadUnavailable() {
    return ReadSection("UNAVAILABILITY_CONSTRAINTS:", "course day period", unavailable_,
                       &InstanceReader::ReadConstraint);
  }

  absl::Status ReadConstraint(absl::string_view expected) {
    const auto& words = lines_.words();
    if (words.size() != 3) return lines_.Expected(expected);
    auto course = Course(words[0]);
    if (!course.ok()) return course.status();
    CttUnavailable when{.course = *course};
    absl::Status status = Read(words[1], 0, instance_.days - 1, "day", when.day);
    if (status.ok()) {
      status = Read(words[2], 0, instance_.periods_per_day - 1, "period", when.period);
    }
    if (status.ok() && closed_.emplace(when.course, when.day, when.period).second) {
      instance_.unavailable.push_back(when);
    }
    return status;
  }

  absl::Status ReadEnd() {
    if (absl::Status status = ReadHeading("END."); !status.ok()) return status;
    return lines_.Next() ? lines_.Expected("nothing after \"END.\"") : absl::OkStatus();
  }

  absl::Status Read(absl::string_view word, int least, int most, absl::string_view what, int& to) {
    auto number = lines_.Number(word, least, most, what);
    if (number.ok()) to = *number;
    return number.status();
  }

  absl::Status AddId(absl::string_view id, absl::string_view what, Index& index) {
    if (index.emplace(id, static_cast<int>(index.size())).second) return absl::OkStatus();
    return lines_.Expected(absl::StrCat(what, " ", Quoted(id), " once more"),
                           "each id once in its section");
  }

  absl::StatusOr<int> Course(absl::string_view id) const {
    const auto found = course_index_.find(id);
    if (found != course_index_.end()) return found->second;
    return lines_.Expected(Quoted(id), "a course of the section COURSES");
  }

  LineReader lines_;
  CttInstance instance_;
  Announced courses_, rooms_, curricula_, unavailable_;
  std::string before_;  // why a heading is expected here
  Index course_index_, room_index_, curriculum_index_;
  absl::flat_hash_set<std::tuple<int, int, int>> closed_;
  int lectures_ = 0;
  int members_ = 0;
};

template <typename Things>
Index IndexOf(const Things& things) {
  Index index;
  for (size_t i = 0; i < things.size(); ++i) index.emplace(things[i].id, static_cast<int>(i));
  return index;
}

absl::StatusOr<CttLecture> ReadLecture(const CttInstance& instance, const Index& courses,
                                       const Index& rooms, const LineReader& lines) {
  const auto& words = lines.words();
  if (words.size() != 4) return lines.Expected("\"course room day period\"");
  const auto course = courses.find(words[0]);
  if (course == courses.end()) return lines.Expected(Quoted(words[0]), "a course of the instance");
  const auto room = rooms.find(words[1]);
  if (room == rooms.end()) return lines.Expected(Quoted(words[1]), "a room of the instance");
  auto day = lines.Number(words[2], 0, instance.days - 1, "day");
  if (!day.ok()) return day.status();
  auto period = lines.Number(words[3], 0, instance.periods_per_day - 1, "period");
  if (!period.ok()) return period.status();
  return CttLecture{course->second, room->second, *day, *period};
}

}  // namespace

absl::StatusOr<CttInstance> ParseCtt(absl::string_view text) { return InstanceReader(text).Read(); }

absl::StatusOr<CttTimetable> ParseCttSolution(const CttInstance& instance, absl::string_view text) {
  const Index courses = IndexOf(instance.courses);
  const Index rooms = IndexOf(instance.rooms);
  CttTimetable timetable;
  for (LineReader lines(text); lines.Next();) {
    if (timetable.size() == kMaxCttLectures) {
      return lines.Expected(absl::StrCat("at most ", kMaxCttLectures, " lectures"));
    }
    auto lecture = ReadLecture(instance, courses, rooms, lines);
    if (!lecture.ok()) return lecture.status();
    timetable.push_back(*lecture);
  }
  return timetable;
}

std::string WriteCttSolution(const CttInstance& instance, const CttTimetable& timetable) {
  std::string text;
  for (const CttLecture& lecture : timetable) {
    absl::StrAppend(&text, instance.courses[lecture.course].id, " ",
                    instance.rooms[lecture.room].id, " ", lecture.day, " ", lecture.period, "\n");
  }
  return text;
}

}  // namespace klynge::courses::timetable
