#include "services/courses/wording.h"

#include "services/courses/courses_test_support.h"

namespace klynge::courses {
namespace {

const Wording kDanish(v1::REPORT_LANGUAGE_DANISH);
const Wording kEnglish(v1::REPORT_LANGUAGE_ENGLISH);

TEST(Wording, WritesDatesAsEachLanguageDoes) {
  EXPECT_EQ(kDanish.Day("2021-09-01"), "1. september 2021");
  EXPECT_EQ(kEnglish.Day("2021-09-01"), "1 September 2021");
}

TEST(Wording, WritesNumbersAsEachLanguageDoes) {
  EXPECT_EQ(kDanish.Number(4.256), "4,26");
  EXPECT_EQ(kEnglish.Number(4.256), "4.26");
  EXPECT_EQ(kDanish.Number(0.5, true), "+0,50");
  EXPECT_EQ(kDanish.Number(-0.5, true), "−0,50");
  EXPECT_EQ(kDanish.Number(-0.004, true), "0,00");
  EXPECT_EQ(kDanish.Percent(0.927), "93 %");
  EXPECT_EQ(kEnglish.Percent(0.927), "93%");
}

TEST(Wording, JoinsListsWithAWord) {
  EXPECT_EQ(kDanish.List({"a", "b", "c"}), "a, b og c");
  EXPECT_EQ(kEnglish.List({"a", "b"}), "a and b");
  EXPECT_EQ(kEnglish.List({"a"}), "a");
}

TEST(Wording, FallsBackToDanish) {
  EXPECT_EQ(kEnglish.Plain(testing::Text("Seminar")), "Seminar");
  EXPECT_EQ(kEnglish.Plain(testing::Text("Fagdag", "Professional day")), "Professional day");
}

TEST(EscapeMarkdown, KeepsUserTextFromBecomingMarkup) {
  EXPECT_EQ(EscapeMarkdown("a|b\n# <b>"), "a\\|b \\# \\<b\\>");
}

}  // namespace
}  // namespace klynge::courses
