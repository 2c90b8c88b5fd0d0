#include "services/courses/timetable/command/disruption.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace klynge::courses::timetable {

namespace {

class Reader {
 public:
  Reader(const CttInstance& instance, CttDisruption& disruption)
      : instance_(instance), disruption_(disruption) {}

  void ReadRoom(const std::string& word) {
    std::string id;
    int day = 0;
    if (!ReadAtDay("--close-room", "ROOM", word, id, day)) return;
    const auto room = std::find_if(instance_.rooms.begin(), instance_.rooms.end(),
                                   [&](const CttRoom& candidate) { return candidate.id == id; });
    if (room == instance_.rooms.end()) {
      Complain("--close-room", id, "a room of the instance");
    } else {
      disruption_.room_days.emplace_back(room - instance_.rooms.begin(), day);
    }
  }

  void ReadPeriod(const std::string& word) {
    const size_t slash = word.find('/');
    int day = 0, period = 0;
    if (slash == std::string::npos || !ReadBelow(word.substr(0, slash), instance_.days, day) ||
        !ReadBelow(word.substr(slash + 1), instance_.periods_per_day, period)) {
      Complain("--close-period", word,
               absl::StrCat("DAY/PERIOD, a day up to ", instance_.days - 1, " and a period up to ",
                            instance_.periods_per_day - 1));
      return;
    }
    disruption_.periods.emplace_back(day, period);
  }

  void ReadTeacher(const std::string& word) {
    std::string id;
    int day = 0;
    if (!ReadAtDay("--teacher-ill", "TEACHER", word, id, day)) return;
    if (std::none_of(instance_.courses.begin(), instance_.courses.end(),
                     [&](const CttCourse& course) { return course.teacher == id; })) {
      Complain("--teacher-ill", id, "a teacher of the instance");
    } else {
      disruption_.teacher_days.emplace_back(id, day);
    }
  }

  std::vector<std::string> problems() && { return std::move(problems_); }

 private:
  // An id may have an @ in it, so the last one counts.
  bool ReadAtDay(absl::string_view flag, absl::string_view what, const std::string& word,
                 std::string& id, int& day) {
    const size_t at = word.rfind('@');
    if (at != std::string::npos && at > 0 && ReadBelow(word.substr(at + 1), instance_.days, day)) {
      id = word.substr(0, at);
      return true;
    }
    Complain(flag, word, absl::StrCat(what, "@DAY, a day up to ", instance_.days - 1));
    return false;
  }

  static bool ReadBelow(const std::string& word, int limit, int& to) {
    return absl::SimpleAtoi(word, &to) && to >= 0 && to < limit;
  }

  void Complain(absl::string_view flag, absl::string_view found, absl::string_view expected) {
    problems_.push_back(absl::StrCat(flag, ": found \"", found, "\", expected ", expected, "."));
  }

  const CttInstance& instance_;
  CttDisruption& disruption_;
  std::vector<std::string> problems_;
};

template <typename First>
bool Contains(const std::vector<std::pair<First, int>>& pairs, const First& first, int second) {
  return std::find(pairs.begin(), pairs.end(), std::pair(first, second)) != pairs.end();
}

}  // namespace

std::vector<std::string> ReadDisruption(const CttInstance& instance, const Arguments& arguments,
                                        CttDisruption& disruption) {
  Reader reader(instance, disruption);
  for (const std::string& word : arguments.closed_rooms) reader.ReadRoom(word);
  for (const std::string& word : arguments.closed_periods) reader.ReadPeriod(word);
  for (const std::string& word : arguments.absent_teachers) reader.ReadTeacher(word);
  return std::move(reader).problems();
}

CttTimetable LecturesHit(const CttInstance& instance, const CttTimetable& timetable,
                         const CttDisruption& disruption) {
  CttTimetable hit;
  for (const CttLecture& lecture : timetable) {
    if (Contains(disruption.room_days, lecture.room, lecture.day) ||
        Contains(disruption.periods, lecture.day, lecture.period) ||
        Contains(disruption.teacher_days, instance.courses[lecture.course].teacher, lecture.day)) {
      hit.push_back(lecture);
    }
  }
  return hit;
}

}  // namespace klynge::courses::timetable
