#include "services/courses/timetable/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klynge::courses::timetable {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(Calendar, FindsEasterSundayInAnyYear) {
  EXPECT_EQ(EasterSunday(1818), Date(1818, 3, 22));  // the earliest possible
  EXPECT_EQ(EasterSunday(1943), Date(1943, 4, 25));  // the latest possible
  EXPECT_EQ(EasterSunday(2000), Date(2000, 4, 23));
  EXPECT_EQ(EasterSunday(2021), Date(2021, 4, 4));
  EXPECT_EQ(EasterSunday(2022), Date(2022, 4, 17));
  EXPECT_EQ(EasterSunday(2023), Date(2023, 4, 9));
  EXPECT_EQ(EasterSunday(2024), Date(2024, 3, 31));
  EXPECT_EQ(EasterSunday(2038), Date(2038, 4, 25));
}

TEST(Calendar, NamesThePublicHolidaysOfTheProgrammesYears) {
  EXPECT_THAT(PublicHoliday(Date(2022, 1, 1)), Optional(Eq("nytårsdag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 4, 14)), Optional(Eq("skærtorsdag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 4, 15)), Optional(Eq("langfredag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 4, 17)), Optional(Eq("påskedag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 4, 18)), Optional(Eq("2. påskedag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 5, 13)), Optional(Eq("store bededag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 5, 26)), Optional(Eq("Kristi himmelfartsdag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 6, 5)), Optional(Eq("pinsedag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 6, 6)), Optional(Eq("2. pinsedag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 12, 25)), Optional(Eq("juledag")));
  EXPECT_THAT(PublicHoliday(Date(2022, 12, 26)), Optional(Eq("2. juledag")));
}

TEST(Calendar, HasElevenPublicHolidaysUntil2023AndTenAfterwards) {
  for (int year : {2021, 2022, 2023, 2024, 2025, 2030}) {
    int holidays = 0;
    for (Date date(year, 1, 1); date.year() == year; ++date) {
      if (PublicHoliday(date)) ++holidays;
    }
    EXPECT_EQ(holidays, year <= 2023 ? 11 : 10) << year;
  }
}

TEST(Calendar, DropsStoreBededagFrom2024) {
  EXPECT_TRUE(PublicHoliday(Date(2023, 5, 5)));
  EXPECT_FALSE(PublicHoliday(Date(2024, 4, 26)));
}

TEST(Calendar, CountsIsoWeeksAcrossTheTurnOfTheYear) {
  EXPECT_EQ(IsoWeek(Date(2021, 1, 1)), 53);
  EXPECT_EQ(IsoWeek(Date(2021, 1, 3)), 53);
  EXPECT_EQ(IsoWeek(Date(2021, 1, 4)), 1);
  EXPECT_EQ(IsoWeek(Date(2024, 12, 30)), 1);
  EXPECT_EQ(IsoWeek(Date(2022, 2, 14)), 7);
  EXPECT_EQ(IsoWeek(Date(2022, 2, 20)), 7);
  EXPECT_EQ(IsoWeek(Date(2022, 2, 21)), 8);
  EXPECT_EQ(IsoWeek(Date(2022, 10, 17)), 42);
}

TEST(CalendarRules, CloseWeekendsAndHolidaysWhateverIsOpened) {
  const CalendarRules open{DayUse::kOpen, DayUse::kOpen, DayUse::kOpen, DayUse::kOpen, {}};
  EXPECT_EQ(UseOf(Date(2022, 9, 3), open), DayUse::kClosed);   // Saturday
  EXPECT_EQ(UseOf(Date(2022, 5, 26), open), DayUse::kClosed);  // Kristi himmelfartsdag
  EXPECT_EQ(UseOf(Date(2023, 6, 5), open), DayUse::kOpen);     // grundlovsdag, a Monday
  EXPECT_EQ(UseOf(Date(2022, 7, 6), open), DayUse::kOpen);
}

TEST(CalendarRules, TreatMunicipalAndSchoolDaysAsToldByDefault) {
  const CalendarRules rules;
  EXPECT_EQ(UseOf(Date(2023, 6, 5), rules), DayUse::kClosed);
  EXPECT_EQ(UseOf(Date(2021, 12, 24), rules), DayUse::kClosed);
  EXPECT_EQ(UseOf(Date(2021, 12, 31), rules), DayUse::kClosed);
  EXPECT_EQ(UseOf(Date(2022, 7, 1), rules), DayUse::kClosed);
  EXPECT_EQ(UseOf(Date(2022, 2, 15), rules), DayUse::kAvoided);
  EXPECT_EQ(UseOf(Date(2022, 10, 18), rules), DayUse::kAvoided);
  EXPECT_EQ(UseOf(Date(2022, 9, 6), rules), DayUse::kOpen);
}

TEST(CalendarRules, CloseTheOperatorsOwnDates) {
  CalendarRules rules;
  rules.closed_dates = {Date(2022, 9, 6)};
  EXPECT_EQ(UseOf(Date(2022, 9, 6), rules), DayUse::kClosed);
  EXPECT_EQ(ReasonAgainst(Date(2022, 9, 6), rules), "lukket dato");
}

TEST(CalendarRules, SayTheStrictestReason) {
  CalendarRules rules;
  EXPECT_EQ(ReasonAgainst(Date(2022, 4, 18), rules), "2. påskedag");
  EXPECT_EQ(ReasonAgainst(Date(2022, 2, 19), rules), "weekend");  // a Saturday of week 7
  EXPECT_EQ(ReasonAgainst(Date(2022, 2, 18), rules), "vinterferie, uge 7");
  EXPECT_EQ(ReasonAgainst(Date(2022, 9, 6), rules), "");
}

}  // namespace
}  // namespace klynge::courses::timetable
