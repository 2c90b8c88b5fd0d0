#include "services/courses/timetable/command/progress.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace klynge::courses::timetable {

namespace {

// Not more lines than these in a log, however fast it gets better, and one even if it does not.
constexpr absl::Duration kBetweenImprovements = absl::Seconds(1);
constexpr absl::Duration kBetweenSigns = absl::Seconds(30);

constexpr absl::string_view kEraseLine = "\r\x1b[K";

}  // namespace

std::string DescribeProgress(const SearchProgress& progress) {
  const double seconds = absl::ToDoubleSeconds(progress.elapsed);
  const double rate = seconds > 0 ? static_cast<double>(progress.iterations) / seconds : 0;
  return absl::StrCat(progress.feasible ? absl::StrCat("cost ", progress.cost) : "not feasible yet",
                      absl::StrFormat(", %.1f s, %.2f M iterations/s", seconds, rate / 1e6));
}

void ProgressLine::Show(const SearchProgress& progress) {
  if (terminal_) {
    write_(absl::StrCat(kEraseLine, DescribeProgress(progress)));
  } else if (IsNews(progress)) {
    write_(absl::StrCat(DescribeProgress(progress), "\n"));
  } else {
    return;
  }
  shown_ = true;
  last_ = progress;
}

void ProgressLine::Clear() {
  if (terminal_ && shown_) write_(kEraseLine);
  shown_ = false;
}

bool ProgressLine::IsNews(const SearchProgress& progress) const {
  if (!shown_ || progress.feasible != last_.feasible) return true;
  const absl::Duration since = progress.elapsed - last_.elapsed;
  return since >= (progress.cost < last_.cost ? kBetweenImprovements : kBetweenSigns);
}

}  // namespace klynge::courses::timetable
