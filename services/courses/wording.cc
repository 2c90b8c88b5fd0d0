#include "services/courses/wording.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/platform/date.h"

namespace klynge::courses {
namespace {

constexpr const char* kMonths[][2] = {
    {"januar", "January"},  {"februar", "February"},  {"marts", "March"},
    {"april", "April"},     {"maj", "May"},           {"juni", "June"},
    {"juli", "July"},       {"august", "August"},     {"september", "September"},
    {"oktober", "October"}, {"november", "November"}, {"december", "December"}};

}  // namespace

std::string Wording::Plain(const type::v1::LocalizedText& text) const {
  return english_ && !text.en().empty() ? text.en() : text.da();
}

std::string Wording::Text(const type::v1::LocalizedText& text) const {
  return EscapeMarkdown(Plain(text));
}

std::string Wording::Day(absl::string_view iso) const {
  const auto date = ParseDate(iso);
  if (!date) return EscapeMarkdown(iso);
  const char* month = kMonths[date->month() - 1][english_ ? 1 : 0];
  return absl::StrCat(date->day(), english_ ? " " : ". ", month, " ", date->year());
}

std::string Wording::Percent(double share) const {
  return absl::StrCat(std::lround(share * 100), english_ ? "%" : " %");
}

std::string Wording::Number(double value, bool sign) const {
  // Rounded first, so that -0.004 does not come out as "−0,00".
  const double rounded = std::round(value * 100) / 100;
  std::string text = absl::StrFormat("%.2f", std::fabs(rounded));
  if (!english_) text = absl::StrReplaceAll(text, {{".", ","}});
  if (rounded < 0) return absl::StrCat("−", text);
  return sign && rounded > 0 ? absl::StrCat("+", text) : text;
}

std::string Wording::List(const std::vector<std::string>& items) const {
  if (items.size() < 2) return items.empty() ? "" : items[0];
  return absl::StrCat(absl::StrJoin(items.begin(), items.end() - 1, ", "),
                      english_ ? " and " : " og ", items.back());
}

std::string Wording::Count(int64_t count, absl::string_view one_da, absl::string_view many_da,
                           absl::string_view one_en, absl::string_view many_en) const {
  if (english_) return absl::StrCat(count, " ", count == 1 ? one_en : many_en);
  return absl::StrCat(count, " ", count == 1 ? one_da : many_da);
}

std::string EscapeMarkdown(absl::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : absl::StripAsciiWhitespace(text)) {
    if (absl::string_view("\\`*_[]<>|#").find(c) != absl::string_view::npos) escaped += '\\';
    escaped += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  return escaped;
}

std::string Table(const std::vector<std::string>& header,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string table = absl::StrCat("| ", absl::StrJoin(header, " | "), " |\n|");
  for (size_t i = 0; i < header.size(); ++i) table += "---|";
  table += "\n";
  for (const auto& row : rows) absl::StrAppend(&table, "| ", absl::StrJoin(row, " | "), " |\n");
  return table;
}

}  // namespace klynge::courses
