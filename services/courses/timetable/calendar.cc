#include "services/courses/timetable/calendar.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace klynge::courses::timetable {
namespace {

constexpr int kLastYearOfStoreBededag = 2023;

struct Reason {
  DayUse use = DayUse::kOpen;
  std::string text;
};

// Every reason that could keep a seminar from `date`, strictest first among equals.
std::vector<Reason> Reasons(Date date, const CalendarRules& rules) {
  std::vector<Reason> reasons;
  if (auto holiday = PublicHoliday(date)) reasons.push_back({DayUse::kClosed, *holiday});
  if (IsWeekend(date)) reasons.push_back({DayUse::kClosed, "weekend"});
  const auto& closed = rules.closed_dates;
  if (std::find(closed.begin(), closed.end(), date) != closed.end()) {
    reasons.push_back({DayUse::kClosed, "lukket dato"});
  }
  if (auto closing_day = MunicipalClosingDay(date)) {
    reasons.push_back({rules.municipal_closing_days, *closing_day});
  }
  if (date.month() == 7) reasons.push_back({rules.summer_holiday, "sommerferie, juli"});
  if (IsoWeek(date) == 7) reasons.push_back({rules.winter_holiday, "vinterferie, uge 7"});
  if (IsoWeek(date) == 42) reasons.push_back({rules.autumn_holiday, "efterårsferie, uge 42"});
  return reasons;
}

Reason Strictest(Date date, const CalendarRules& rules) {
  Reason strictest;
  for (Reason& reason : Reasons(date, rules)) {
    if (reason.use > strictest.use) strictest = std::move(reason);
  }
  return strictest;
}

}  // namespace

Date EasterSunday(int year) {
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int d = b / 4;
  const int e = b % 4;
  const int f = (b + 8) / 25;
  const int g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4;
  const int k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return Date(year, n / 31, n % 31 + 1);
}

absl::optional<std::string> PublicHoliday(Date date) {
  if (date.month() == 1 && date.day() == 1) return std::string("nytårsdag");
  if (date.month() == 12 && date.day() == 25) return std::string("juledag");
  if (date.month() == 12 && date.day() == 26) return std::string("2. juledag");
  const int year = static_cast<int>(date.year());
  switch (date - EasterSunday(year)) {
    case -3:
      return std::string("skærtorsdag");
    case -2:
      return std::string("langfredag");
    case 0:
      return std::string("påskedag");
    case 1:
      return std::string("2. påskedag");
    case 26:
      if (year <= kLastYearOfStoreBededag) return std::string("store bededag");
      return absl::nullopt;
    case 39:
      return std::string("Kristi himmelfartsdag");
    case 49:
      return std::string("pinsedag");
    case 50:
      return std::string("2. pinsedag");
    default:
      return absl::nullopt;
  }
}

absl::optional<std::string> MunicipalClosingDay(Date date) {
  if (date.month() == 6 && date.day() == 5) return std::string("grundlovsdag");
  if (date.month() == 12 && date.day() == 24) return std::string("juleaftensdag");
  if (date.month() == 12 && date.day() == 31) return std::string("nytårsaftensdag");
  return absl::nullopt;
}

bool IsWeekend(Date date) {
  const absl::Weekday weekday = absl::GetWeekday(date);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

int IsoWeek(Date date) {
  // A week belongs to the year of its Thursday, and is counted from that year's first day.
  const Date thursday = absl::NextWeekday(absl::PrevWeekday(date + 1, absl::Weekday::monday),
                                          absl::Weekday::thursday);
  return (absl::GetYearDay(thursday) - 1) / 7 + 1;
}

DayUse UseOf(Date date, const CalendarRules& rules) { return Strictest(date, rules).use; }

std::string ReasonAgainst(Date date, const CalendarRules& rules) {
  return Strictest(date, rules).text;
}

}  // namespace klynge::courses::timetable
