// klynge-timetable from its command line to its exit code.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_RUN_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_RUN_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace klynge::courses::timetable {

inline constexpr int kExitOk = 0;          // no hard rule is broken
inline constexpr int kExitInfeasible = 1;  // one is, or no timetable was found
inline constexpr int kExitUsage = 2;       // the command line or a file is wrong

// Where the command stands.
struct Surroundings {
  std::function<void(absl::string_view)> out;
  std::function<void(absl::string_view)> err;
  bool err_is_terminal = false;
  std::function<bool()> cancelled;  // asked from any thread
};

int Run(const std::vector<std::string>& words, const Surroundings& surroundings);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_RUN_H_
