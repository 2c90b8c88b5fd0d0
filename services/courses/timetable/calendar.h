// The days on which a seminar can be held in a Danish municipality: which dates are weekends,
// public holidays, municipal closing days or school holidays, for any year. Pure arithmetic, no
// tables of years.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CALENDAR_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CALENDAR_H_

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

namespace klynge::courses::timetable {

// The same type as klynge::Date; named here so that the library stands alone.
using Date = absl::CivilDay;

// Easter Sunday of a Gregorian year (the anonymous algorithm of Meeus/Jones/Butcher).
Date EasterSunday(int year);

// The Danish name of the public holiday on `date`, or nullopt. Store bededag counts up to and
// including 2023: the act of 2023 abolished it from 2024 on. Weekends are no holidays by
// themselves.
absl::optional<std::string> PublicHoliday(Date date);

// Days that are no public holidays but on which the municipality is closed: grundlovsdag (5 June),
// juleaftensdag (24 December) and nytårsaftensdag (31 December). Their Danish name, or nullopt.
absl::optional<std::string> MunicipalClosingDay(Date date);

bool IsWeekend(Date date);

// ISO 8601 week number, 1..53.
int IsoWeek(Date date);

// How a kind of day is treated: freely used, used at a cost (constraint "school_holidays"), or
// never.
enum class DayUse { kOpen, kAvoided, kClosed };

// What the operator decides about the calendar. Weekends and public holidays are always closed.
struct CalendarRules {
  DayUse municipal_closing_days = DayUse::kClosed;  // 5 June, 24 and 31 December
  DayUse winter_holiday = DayUse::kAvoided;         // ISO week 7
  DayUse autumn_holiday = DayUse::kAvoided;         // ISO week 42
  DayUse summer_holiday = DayUse::kClosed;          // all of July
  std::vector<Date> closed_dates;                   // further dates, e.g. local closing days
};

// Whether `date` can be used under `rules`; the strictest rule that applies decides.
DayUse UseOf(Date date, const CalendarRules& rules);

// Why `date` is avoided or closed ("2. påskedag", "weekend", "vinterferie, uge 7"); empty when
// open.
std::string ReasonAgainst(Date date, const CalendarRules& rules);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CALENDAR_H_
