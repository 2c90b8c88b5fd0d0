#include "services/courses/timetable/command/names.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace klynge::courses::timetable {

namespace {

bool ReadBelow(absl::string_view word, int limit, int& to) {
  return absl::SimpleAtoi(word, &to) && to >= 0 && to < limit;
}

// COURSE@DAY/PERIOD. Null: there is none, and `problems` says so.
const CttLecture* FindLecture(const CttInstance& instance, const CttTimetable& timetable,
                              const std::string& word, std::vector<std::string>& problems) {
  absl::string_view id, when;
  int day = 0, period = 0;
  if (!SplitAt(word, id, when) || !ReadPeriod(instance, when, day, period)) {
    problems.push_back(
        Unexpected("--lecture", word, absl::StrCat("COURSE@", PeriodWords(instance))));
    return nullptr;
  }
  for (const CttLecture& lecture : timetable) {
    if (instance.courses[lecture.course].id == id && lecture.day == day &&
        lecture.period == period) {
      return &lecture;
    }
  }
  problems.push_back(Unexpected("--lecture", word, "a lecture of the timetable"));
  return nullptr;
}

// [ROOM@]DAY/PERIOD; without a room that of `to` stays.
void ReadPlace(const CttInstance& instance, const std::string& word, CttLecture& to,
               std::vector<std::string>& problems) {
  absl::string_view id, when = word;
  if (SplitAt(word, id, when)) to.room = FindRoom(instance, id);
  if (to.room < 0) {
    problems.push_back(Unexpected("--to", id, "a room of the instance"));
  } else if (!ReadPeriod(instance, when, to.day, to.period)) {
    problems.push_back(Unexpected("--to", word, absl::StrCat("[ROOM@]", PeriodWords(instance))));
  }
}

}  // namespace

std::string Unexpected(absl::string_view flag, absl::string_view found,
                       absl::string_view expected) {
  return absl::StrCat(flag, ": found \"", found, "\", expected ", expected, ".");
}

bool ReadDay(const CttInstance& instance, absl::string_view word, int& day) {
  return ReadBelow(word, instance.days, day);
}

bool ReadPeriod(const CttInstance& instance, absl::string_view word, int& day, int& period) {
  const size_t slash = word.find('/');
  return slash != absl::string_view::npos && ReadDay(instance, word.substr(0, slash), day) &&
         ReadBelow(word.substr(slash + 1), instance.periods_per_day, period);
}

std::string PeriodWords(const CttInstance& instance) {
  return absl::StrCat("DAY/PERIOD, a day up to ", instance.days - 1, " and a period up to ",
                      instance.periods_per_day - 1);
}

bool SplitAt(absl::string_view word, absl::string_view& id, absl::string_view& rest) {
  const size_t at = word.rfind('@');
  if (at == absl::string_view::npos || at == 0) return false;
  id = word.substr(0, at);
  rest = word.substr(at + 1);
  return true;
}

int FindRoom(const CttInstance& instance, absl::string_view id) {
  const auto room = std::find_if(instance.rooms.begin(), instance.rooms.end(),
                                 [&](const CttRoom& candidate) { return candidate.id == id; });
  return room == instance.rooms.end() ? -1 : static_cast<int>(room - instance.rooms.begin());
}

absl::StatusOr<Question> ReadQuestion(const CttInstance& instance, const CttTimetable& timetable,
                                      const Arguments& arguments) {
  Question question;
  std::vector<std::string> problems;
  const std::string& name = arguments.lecture;
  if (const CttLecture* lecture = FindLecture(instance, timetable, name, problems)) {
    question.lecture = question.to = *lecture;
  }
  if (!arguments.place.empty()) ReadPlace(instance, arguments.place, question.to, problems);
  if (problems.empty()) return question;
  return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
}

}  // namespace klynge::courses::timetable
