#include "services/platform/date.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>

namespace klynge {
namespace {

const absl::TimeZone& Copenhagen() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone loaded;
    // Without zone data the offset of Danish winter time keeps dates right but for one hour a day.
    if (!absl::LoadTimeZone("Europe/Copenhagen", &loaded)) loaded = absl::FixedTimeZone(3600);
    return loaded;
  }();
  return zone;
}

}  // namespace

absl::optional<Date> ParseDate(absl::string_view iso) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return absl::nullopt;
  for (size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(iso[i]))) return absl::nullopt;
  }
  int year = 0, month = 0, day = 0;
  if (!absl::SimpleAtoi(iso.substr(0, 4), &year) || !absl::SimpleAtoi(iso.substr(5, 2), &month) ||
      !absl::SimpleAtoi(iso.substr(8, 2), &day)) {
    return absl::nullopt;
  }
  const Date date(year, month, day);
  // CivilDay carries 31 February into March: that is not the date that was written.
  if (date.year() != year || date.month() != month || date.day() != day) return absl::nullopt;
  if (date < kOpenStart) return absl::nullopt;
  return date;
}

std::string FormatDate(Date date) {
  return absl::StrFormat("%04d-%02d-%02d", static_cast<int>(date.year()), date.month(), date.day());
}

std::string FormatEnd(Date date) { return date >= kOpenEnd ? "" : FormatDate(date); }

Date DateOf(absl::Time time) { return absl::ToCivilDay(time, Copenhagen()); }

Date Today(const Clock& clock) { return DateOf(clock.Now()); }

}  // namespace klynge
