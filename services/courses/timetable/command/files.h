// Files of klynge-timetable: read whole, written whole or not at all.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_FILES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace klynge::courses::timetable {

// The bytes of a file of at most 64 MB. Errors name the file.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

// Whether WriteWholeFile can be expected to succeed: to be asked before an hour of search.
absl::Status CheckCanWrite(const std::string& path);

// Puts `text` beside `path` and renames it, so that nobody ever reads half a file and what was
// there stays until then. What is no regular file, such as a pipe, is written to directly.
absl::Status WriteWholeFile(const std::string& path, absl::string_view text);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_FILES_H_
