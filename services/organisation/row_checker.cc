#include "services/organisation/row_checker.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

namespace klynge::organisation {

void RowChecker::Id(absl::string_view field, const std::string& value) {
  RequireId(violations_, absl::StrCat(prefix_, field), value);
}

void RowChecker::EitherId(absl::string_view field, const std::string& value,
                          absl::string_view other_field, const std::string& other_value) {
  if (!value.empty()) return Id(field, value);
  if (!other_value.empty()) return Id(other_field, other_value);
  Wrong(field, absl::StrCat("is required: it, or ", other_field));
}

void RowChecker::Text(absl::string_view field, const std::string& value, size_t most_bytes) {
  RequireText(violations_, absl::StrCat(prefix_, field), value, most_bytes);
  if (std::any_of(value.begin(), value.end(),
                  [](unsigned char byte) { return absl::ascii_iscntrl(byte); })) {
    Wrong(field, "has control characters: write it on one line");
  }
}

DateRange RowChecker::Dates(const std::string& from, const std::string& to) {
  const size_t before = violations_.list().size();
  if (from.empty()) Wrong("valid_from", "is required: a date as 2021-09-01");
  const DateRange range{DateOr(violations_, prefix_ + "valid_from", from, kOpenStart),
                        DateOr(violations_, prefix_ + "valid_to", to, kOpenEnd)};
  if (violations_.list().size() == before && range.empty()) {
    reversed_.push_back(
        {v1::ERROR_REASON_DATES_REVERSED, prefix_ + "valid_to",
         absl::StrCat("must be after valid_from (", from, "), was ", FormatDate(range.to))});
  }
  return range;
}

Date RowChecker::Day(absl::string_view field, const std::string& value, Date if_empty) {
  return DateOr(violations_, absl::StrCat(prefix_, field), value, if_empty);
}

void RowChecker::Wrong(absl::string_view field, std::string description) {
  violations_.Add(absl::StrCat(prefix_, field), std::move(description));
}

std::vector<Problem> RowChecker::TakeProblems() {
  std::vector<Problem> problems = std::move(reversed_);
  for (const FieldViolation& violation : violations_.list()) {
    problems.push_back({v1::ERROR_REASON_INVALID_FIELDS, violation.field, violation.description});
  }
  return problems;
}

}  // namespace klynge::organisation
