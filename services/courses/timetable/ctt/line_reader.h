// The lines of a file of words, without the blank ones, and the errors that point at them.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_LINE_READER_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_LINE_READER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace klynge::courses::timetable {

class LineReader {
 public:
  // `text` must outlive the reader. A byte order mark before it is passed over.
  explicit LineReader(absl::string_view text);

  // Goes to the next line that is not blank; false at the end of the file.
  bool Next();

  absl::string_view line() const { return line_; }  // without white space around it
  const std::vector<absl::string_view>& words() const { return words_; }
  int number() const { return number_; }

  // "line 7: found "x", expected y". At the end of the file that is what was found.
  absl::Status Expected(absl::string_view expected) const;
  absl::Status Expected(absl::string_view found, absl::string_view expected) const;

  // `word` as a whole number from `least` to `most`; `what` names it in the error.
  absl::StatusOr<int> Number(absl::string_view word, int least, int most,
                             absl::string_view what) const;

 private:
  absl::string_view rest_;
  absl::string_view line_;
  std::vector<absl::string_view> words_;
  int number_ = 0;
  bool at_end_ = false;
};

// `text` as it can stand in an error: in quotes, escaped, not longer than a line.
std::string Quoted(absl::string_view text);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_LINE_READER_H_
