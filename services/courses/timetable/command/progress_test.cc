// What is shown of a search while it goes on.
#include "services/courses/timetable/command/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klynge::courses::timetable {
namespace {

class ProgressLineTest : public ::testing::Test {
 protected:
  ProgressLine On(bool terminal) {
    return {terminal, [this](absl::string_view text) { absl::StrAppend(&shown_, text); }};
  }
  static SearchProgress At(double seconds, int64_t cost) {
    return {.feasible = true,
            .cost = cost,
            .iterations = static_cast<int64_t>(seconds * 2e6),
            .elapsed = absl::Seconds(seconds)};
  }

  std::string shown_;
};

TEST_F(ProgressLineTest, TellsCostTimeAndRate) {
  EXPECT_EQ(DescribeProgress(At(12.5, 57)), "cost 57, 12.5 s, 2.00 M iterations/s");
  EXPECT_EQ(DescribeProgress({}), "not feasible yet, 0.0 s, 0.00 M iterations/s");
}

TEST_F(ProgressLineTest, IsWrittenOverOnATerminalAndTakenAway) {
  ProgressLine line = On(true);
  line.Show(At(1, 9));
  line.Show(At(1.2, 9));
  EXPECT_EQ(shown_,
            "\r\x1b[Kcost 9, 1.0 s, 2.00 M iterations/s\r\x1b[Kcost 9, 1.2 s, 2.00 M iterations/s");
  shown_.clear();
  line.Clear();
  EXPECT_EQ(shown_, "\r\x1b[K");
}

TEST_F(ProgressLineTest, IsALineForEachImprovementElsewhere) {
  ProgressLine line = On(false);
  line.Show({.feasible = false, .cost = 3, .iterations = 0, .elapsed = absl::Seconds(0.1)});
  line.Show(At(1, 9));
  line.Show(At(1.2, 8));  // too soon after the last
  line.Show(At(2.5, 8));
  line.Show(At(5, 8));  // nothing new
  line.Clear();
  EXPECT_EQ(shown_,
            "not feasible yet, 0.1 s, 0.00 M iterations/s\ncost 9, 1.0 s, 2.00 M iterations/s\n"
            "cost 8, 2.5 s, 2.00 M iterations/s\n");
}

TEST_F(ProgressLineTest, GivesASignOfLifeElsewhere) {
  ProgressLine line = On(false);
  line.Show(At(1, 9));
  shown_.clear();
  line.Show(At(31, 9));
  EXPECT_EQ(shown_, "cost 9, 31.0 s, 2.00 M iterations/s\n");
}

}  // namespace
}  // namespace klynge::courses::timetable
