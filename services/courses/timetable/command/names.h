// Days, periods, rooms and lectures as the command line names them.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_NAMES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_NAMES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/courses/timetable/command/arguments.h"
#include "services/courses/timetable/ctt/ctt.h"

namespace klynge::courses::timetable {

// "--to: found "x", expected a room of the instance."
std::string Unexpected(absl::string_view flag, absl::string_view found, absl::string_view expected);

// DAY, a number below the instance's days.
bool ReadDay(const CttInstance& instance, absl::string_view word, int& day);
// DAY/PERIOD. What was expected is what `PeriodWords` says.
bool ReadPeriod(const CttInstance& instance, absl::string_view word, int& day, int& period);
std::string PeriodWords(const CttInstance& instance);

// Splits at the last @: an id may have one in it. False: there is none, or nothing before it.
bool SplitAt(absl::string_view word, absl::string_view& id, absl::string_view& rest);

// -1: there is none with this id.
int FindRoom(const CttInstance& instance, absl::string_view id);

// The lecture of the timetable that --lecture names, and where --to would have it. InvalidArgument
// tells all that is wrong, a line each.
struct Question {
  CttLecture lecture;
  CttLecture to;
};
absl::StatusOr<Question> ReadQuestion(const CttInstance& instance, const CttTimetable& timetable,
                                      const Arguments& arguments);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_NAMES_H_
