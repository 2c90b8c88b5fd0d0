// How reports are worded: Danish or English, dates and numbers as each language writes them, and
// user text made safe for Markdown. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "klynge/courses/v1/part.pb.h"
#include "klynge/type/v1/localized_text.pb.h"

namespace klynge::courses {

class Wording {
 public:
  // Anything but English is Danish.
  explicit Wording(v1::ReportLanguage language)
      : english_(language == v1::REPORT_LANGUAGE_ENGLISH) {}

  // The one of two texts that is in the report's language.
  std::string operator()(absl::string_view danish, absl::string_view english) const {
    return std::string(english_ ? english : danish);
  }
  // The user's text in the report's language; Danish where the English is missing. For Markdown.
  std::string Text(const type::v1::LocalizedText& text) const;
  // The same as it was written, not for Markdown.
  std::string Plain(const type::v1::LocalizedText& text) const;
  // "2021-09-01" → "1. september 2021" or "1 September 2021"; anything else unchanged.
  std::string Day(absl::string_view iso) const;
  // 0.927 → "93 %" or "93%".
  std::string Percent(double share) const;
  // 4.256 → "4,26" or "4.26"; with `sign` "+0,50" and "−0,50".
  std::string Number(double value, bool sign = false) const;
  // "a, b og c" or "a, b and c".
  std::string List(const std::vector<std::string>& items) const;
  // "1 leder", "3 ledere".
  std::string Count(int64_t count, absl::string_view one_da, absl::string_view many_da,
                    absl::string_view one_en, absl::string_view many_en) const;

 private:
  const bool english_;
};

// User text as Markdown shows it unchanged: characters with a meaning are escaped, lines joined.
std::string EscapeMarkdown(absl::string_view text);

// A table; each row has as many cells as the header. Cells are Markdown already.
std::string Table(const std::vector<std::string>& header,
                  const std::vector<std::vector<std::string>>& rows);

}  // namespace klynge::courses
