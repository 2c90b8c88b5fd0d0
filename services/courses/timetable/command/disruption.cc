#include "services/courses/timetable/command/disruption.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/command/names.h"

namespace klynge::courses::timetable {

namespace {

class Reader {
 public:
  Reader(const CttInstance& instance, CttDisruption& disruption)
      : instance_(instance), disruption_(disruption) {}

  void ReadRoom(const std::string& word) {
    absl::string_view id;
    int day = 0;
    if (!ReadAtDay("--close-room", "ROOM", word, id, day)) return;
    const int room = FindRoom(instance_, id);
    if (room < 0) {
      Complain("--close-room", id, "a room of the instance");
    } else {
      disruption_.room_days.emplace_back(room, day);
    }
  }

  void ReadPeriod(const std::string& word) {
    int day = 0, period = 0;
    if (timetable::ReadPeriod(instance_, word, day, period)) {
      disruption_.periods.emplace_back(day, period);
    } else {
      Complain("--close-period", word, PeriodWords(instance_));
    }
  }

  void ReadTeacher(const std::string& word) {
    absl::string_view id;
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
  bool ReadAtDay(absl::string_view flag, absl::string_view what, const std::string& word,
                 absl::string_view& id, int& day) {
    absl::string_view when;
    if (SplitAt(word, id, when) && ReadDay(instance_, when, day)) return true;
    Complain(flag, word, absl::StrCat(what, "@DAY, a day up to ", instance_.days - 1));
    return false;
  }

  void Complain(absl::string_view flag, absl::string_view found, absl::string_view expected) {
    problems_.push_back(Unexpected(flag, found, expected));
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
