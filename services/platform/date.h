// Civil dates of the municipality: ISO text outside, absl::CivilDay inside, half-open ranges.
#pragma once

#include <absl/strings/string_view.h>
#include <absl/time/civil_time.h>
#include <absl/types/optional.h>

#include <string>

#include "services/platform/clock.h"

namespace klynge {

using Date = absl::CivilDay;

// The end of what has no end. SQL stores it as text ("9999-12-31"); protos show it as "".
inline constexpr Date kOpenEnd = Date(9999, 12, 31);
// The beginning of what has no beginning.
inline constexpr Date kOpenStart = Date(1, 1, 1);

// "2021-09-01" → the date; nothing for anything else, also not for dates that do not exist.
absl::optional<Date> ParseDate(absl::string_view iso);

// The date as "YYYY-MM-DD".
std::string FormatDate(Date date);

// As FormatDate, but the open end is "" (how protos show it).
std::string FormatEnd(Date date);

// The date it is in Europe/Copenhagen.
Date Today(const Clock& clock);
Date DateOf(absl::Time time);

// Days from `from` (inclusive) to `to` (exclusive).
struct DateRange {
  Date from = kOpenStart;
  Date to = kOpenEnd;

  bool Contains(Date date) const { return from <= date && date < to; }
  bool Contains(const DateRange& other) const { return from <= other.from && other.to <= to; }
  bool Overlaps(const DateRange& other) const { return from < other.to && other.from < to; }
  bool empty() const { return to <= from; }
  bool operator==(const DateRange& other) const { return from == other.from && to == other.to; }
};

}  // namespace klynge
