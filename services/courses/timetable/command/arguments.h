// What klynge-timetable is asked on its command line.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_ARGUMENTS_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_ARGUMENTS_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace klynge::courses::timetable {

enum class Verb { kHelp, kSolve, kImprove, kScore, kReplan, kWhy, kWhyNot, kSuggest, kDiff };

struct Arguments {
  Verb verb = Verb::kHelp;
  std::string instance_path;
  std::string solution_path;  // of every verb but solve
  std::string other_path;     // the later one of diff
  std::string output_path;    // "-" for standard output

  absl::Duration time_limit = absl::InfiniteDuration();
  int64_t max_iterations = std::numeric_limits<int64_t>::max();
  uint64_t seed = 1;
  int threads = 1;
  int64_t target = 0;
  bool quiet = false;

  bool explain = false;

  std::vector<std::string> closed_rooms;     // ROOM@DAY
  std::vector<std::string> closed_periods;   // DAY/PERIOD
  std::vector<std::string> absent_teachers;  // TEACHER@DAY
  int max_changes = 20;
  bool prefer_cost = false;  // the cheapest timetable within max_changes, not the most alike

  std::string lecture;  // COURSE@DAY/PERIOD; empty: all
  std::string place;    // [ROOM@]DAY/PERIOD
  int count = 10;       // suggestions
};

// Reads `words` (without the program's name) into `arguments`. Returns everything that is wrong
// with them, a sentence each.
std::vector<std::string> ReadArguments(const std::vector<std::string>& words, Arguments& arguments);

// What --help prints.
std::string Usage();

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_ARGUMENTS_H_
