#include "services/courses/timetable/ctt/line_reader.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace klynge::courses::timetable {

namespace {

constexpr size_t kLongestQuote = 60;
constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

// Digits only: neither a sign nor a space, which SimpleAtoi would take.
bool IsDigits(absl::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), absl::ascii_isdigit);
}

}  // namespace

std::string Quoted(absl::string_view text) {
  const bool cut = text.size() > kLongestQuote;
  // A letter of several bytes is not cut in two.
  size_t size = std::min(text.size(), kLongestQuote);
  while (cut && size > 0 && (text[size] & 0xC0) == 0x80) --size;
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(text.substr(0, size)), cut ? "…" : "", "\"");
}

LineReader::LineReader(absl::string_view text) : rest_(absl::StripPrefix(text, kByteOrderMark)) {}

bool LineReader::Next() {
  while (!rest_.empty()) {
    ++number_;
    const size_t end = rest_.find('\n');
    line_ = absl::StripAsciiWhitespace(rest_.substr(0, end));
    rest_.remove_prefix(end == absl::string_view::npos ? rest_.size() : end + 1);
    if (line_.empty()) continue;
    words_ = absl::StrSplit(line_, absl::ByAnyChar(" \t\r\v\f"), absl::SkipEmpty());
    return true;
  }
  at_end_ = true;
  line_ = {};
  words_.clear();
  return false;
}

absl::Status LineReader::Expected(absl::string_view expected) const {
  return Expected(at_end_ ? "the end of the file" : Quoted(line_), expected);
}

absl::Status LineReader::Expected(absl::string_view found, absl::string_view expected) const {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", std::max(number_, 1), ": found ", found, ", expected ", expected));
}

absl::StatusOr<int> LineReader::Number(absl::string_view word, int least, int most,
                                       absl::string_view what) const {
  int number = 0;
  if (IsDigits(word) && absl::SimpleAtoi(word, &number) && number >= least && number <= most) {
    return number;
  }
  return Expected(Quoted(word), absl::StrCat(what, ", a whole number from ", least, " to ", most));
}

}  // namespace klynge::courses::timetable
