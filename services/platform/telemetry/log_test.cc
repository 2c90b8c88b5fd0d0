#include "services/platform/telemetry/log.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace klynge::telemetry
