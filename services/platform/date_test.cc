#include "services/platform/date.h"

#include <gtest/gtest.h>

namespace klynge {
namespace {

TEST(ParseDate, ReadsAnIsoDate) { EXPECT_EQ(ParseDate("2021-09-01"), Date(2021, 9, 1)); }

TEST(ParseDate, RefusesWhatIsNoDate) {
  for (const char* text : {"", "2021-02-30", "2021-13-01", "2021-9-1", "01-09-2021", "2021/09/01",
                           "2021-09-01T00:00", "0000-01-01", "+021-09-01", "20 1-09-01"}) {
    EXPECT_EQ(ParseDate(text), absl::nullopt) << text;
  }
}

TEST(FormatDate, WritesWhatParseDateReads) {
  for (Date date = Date(2019, 12, 25); date < Date(2020, 3, 5); ++date) {
    EXPECT_EQ(ParseDate(FormatDate(date)), date);
  }
}

TEST(FormatEnd, ShowsNothingForTheOpenEnd) {
  EXPECT_EQ(FormatEnd(kOpenEnd), "");
  EXPECT_EQ(FormatEnd(Date(2023, 12, 31)), "2023-12-31");
}

TEST(Today, IsTheDateInCopenhagen) {
  // Half past eleven in the evening, UTC: already the next day in Copenhagen, summer and winter.
  FakeClock clock(absl::FromCivil(absl::CivilMinute(2021, 7, 1, 23, 30), absl::UTCTimeZone()));
  EXPECT_EQ(Today(clock), Date(2021, 7, 2));
  clock.Set(absl::FromCivil(absl::CivilMinute(2021, 12, 31, 22, 30), absl::UTCTimeZone()));
  EXPECT_EQ(Today(clock), Date(2021, 12, 31));
}

TEST(DateRange, BeginsInclusiveAndEndsExclusive) {
  const DateRange range{Date(2021, 1, 1), Date(2021, 2, 1)};
  EXPECT_TRUE(range.Contains(Date(2021, 1, 1)));
  EXPECT_FALSE(range.Contains(Date(2021, 2, 1)));
  EXPECT_FALSE(range.Overlaps({Date(2021, 2, 1), kOpenEnd}));
  EXPECT_TRUE(range.Overlaps({Date(2021, 1, 31), kOpenEnd}));
}

}  // namespace
}  // namespace klynge
