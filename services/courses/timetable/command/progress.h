// Shows how a search gets on: one line that is written over on a terminal, a line for each
// improvement elsewhere.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_PROGRESS_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_PROGRESS_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/courses/timetable/engine/search.h"

namespace klynge::courses::timetable {

// "cost 57, 12.4 s, 1.93 M iterations/s".
std::string DescribeProgress(const SearchProgress& progress);

class ProgressLine {
 public:
  using Write = std::function<void(absl::string_view)>;

  ProgressLine(bool terminal, Write write) : terminal_(terminal), write_(std::move(write)) {}

  void Show(const SearchProgress& progress);
  // Takes the line on a terminal away.
  void Clear();

 private:
  // Elsewhere than on a terminal: whether it is worth a line.
  bool IsNews(const SearchProgress& progress) const;

  const bool terminal_;
  const Write write_;
  bool shown_ = false;
  SearchProgress last_;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_PROGRESS_H_
