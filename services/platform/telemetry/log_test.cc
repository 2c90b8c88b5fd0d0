#include "services/platform/telemetry/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace klynge::telemetry {
namespace {

TEST(JsonEscape, LeavesTextAsItIs) { EXPECT_EQ(JsonEscape("Nørrebro ☂ {}"), "Nørrebro ☂ {}"); }

TEST(JsonEscape, EscapesWhatWouldBreakOutOfTheString) {
  EXPECT_EQ(JsonEscape("a\"b\\c\nd\x01"), "a\\\"b\\\\c\\u000ad\\u0001");
}

TEST(JsonEscape, ReplacesInvalidUtf8) {
  EXPECT_EQ(JsonEscape("a\xff"
                       "b\xc0\xaf"
                       "c\xed\xa0\x80"
                       "d\xe2\x82"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\xEF\xBF\xBD"
            "c\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
            "d\xEF\xBF\xBD\xEF\xBF\xBD");
}

// Each runs in a process of its own, whose standard error is looked at.
class LogDeathTest : public ::testing::Test {
 protected:
  LogDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(LogDeathTest, WritesOneJsonObjectALine) {
  EXPECT_EXIT(
      {
        StartLogging("goals", Level::kInfo);
        Log(Level::kInfo, "say \"hi\"",
            {{"text", "a\nb"},
             {"whole", 3},
             {"real", 0.5},
             {"small", 12.0046},
             {"below", -1.5},
             {"none", 0.0 / 0.0},
             {"truth", true},
             {"empty", ""}});
        std::exit(0);
      },
      ::testing::ExitedWithCode(0),
      "^\\{\"time\":\"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{6}"
      "Z\","
      "\"level\":\"info\",\"service\":\"goals\",\"message\":\"say \\\\\"hi\\\\\"\","
      "\"text\":\"a\\\\u000ab\",\"whole\":3,\"real\":0.500,\"small\":12.005,\"below\":-1.500,"
      "\"none\":null,\"truth\":true\\}\n$");
}

TEST_F(LogDeathTest, WritesWhatWaitsWhenTheProcessExits) {
  EXPECT_EXIT(
      {
        for (int i = 0; i < 10'000; ++i) Log(Level::kInfo, "one of many");
        Log(Level::kInfo, "the last");
        std::exit(3);
      },
      ::testing::ExitedWithCode(3), "the last");
}

TEST_F(LogDeathTest, WritesErrorsBeforeACrashThatFollows) {
  EXPECT_EXIT(
      {
        Log(Level::kInfo, "what came before");
        Log(Level::kError, "the reason");
        std::raise(SIGKILL);
      },
      ::testing::KilledBySignal(SIGKILL), "what came before.*\n.*the reason");
}

TEST_F(LogDeathTest, LeavesOutWhatIsBelowTheLevelOfTheMoment) {
  EXPECT_EXIT(
      {
        StartLogging("goals", Level::kWarning);
        Log(Level::kInfo, "unheard");
        SetLogLevel(Level::kDebug);
        Log(Level::kDebug, "heard");
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "^[^\n]*\"level\":\"debug\"[^\n]*\"heard\"\\}\n$");
}

}  // namespace
}  // namespace klynge::telemetry
