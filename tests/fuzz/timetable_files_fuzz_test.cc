// Files of timetabling instances and solutions that nobody wrote: they are read as what they say,
// or refused with one error that points at a line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/courses/timetable/ctt/ctt_score.h"
#include "services/courses/timetable/ctt/ctt_test_support.h"

namespace klynge::courses::timetable::testing {
namespace {

class TimetableFilesFuzz : public ::testing::Test {
 protected:
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

  std::string OddWord() {
    static const char* const kWords[] = {"0",        "-1",         "1",
                                         "2",        "7",          "5001",
                                         "100000",   "2147483648", "18446744073709551616",
                                         "1e3",      "0x1",        "+1",
                                         "END.",     "ROOMS:",     "COURSES:",
                                         "Courses:", "c0",         "r1",
                                         "q1",       "\xFF\xFE",   "",
                                         "\r",       "\t",         "a\nb",
                                         "Name: ",   ":"};
    return kWords[Below(std::size(kWords))];
  }

  // One word of a line becomes another.
  void ChangeWord(std::string& line) {
    std::vector<std::string> words = absl::StrSplit(line, ' ');
    words[Below(words.size())] = OddWord();
    line = absl::StrJoin(words, " ");
  }

  // A few lines or bytes of a file become others, go or come twice.
  std::string Changed(const std::string& file) {
    std::vector<std::string> lines = absl::StrSplit(file, '\n');
    for (size_t i = Below(4); i > 0 && !lines.empty(); --i) {
      const size_t at = Below(lines.size());
      switch (Below(5)) {
        case 0:
          lines.erase(lines.begin() + at);
          break;
        case 1:
          lines.insert(lines.begin() + at, std::string(lines[Below(lines.size())]));
          break;
        case 2:
          std::swap(lines[at], lines[Below(lines.size())]);
          break;
        default:
          ChangeWord(lines[at]);
      }
    }
    std::string text = absl::StrJoin(lines, Below(4) == 0 ? "\r\n" : "\n");
    if (!text.empty() && Below(4) == 0) text.resize(Below(text.size()));
    if (!text.empty() && Below(4) == 0) text[Below(text.size())] = static_cast<char>(Below(256));
    return text;
  }

  // An error names one line of the file and can stand on one line of a terminal.
  static void ExpectPointsAtALine(const absl::Status& status, const std::string& text) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    const std::string message(status.message());
    EXPECT_LT(message.size(), 500u);
    for (char byte : message) EXPECT_FALSE(byte >= 0 && byte < ' ') << message;
    ASSERT_THAT(message, ::testing::MatchesRegex("line [0-9]+: found .+, expected .+"));
    int line = 0;
    ASSERT_TRUE(absl::SimpleAtoi(message.substr(5, message.find(':') - 5), &line));
    EXPECT_GE(line, 1);
    EXPECT_LE(line, 1 + std::count(text.begin(), text.end(), '\n'));
  }

  static std::vector<std::string> Described(const CttTimetable& timetable) {
    std::vector<std::string> lines;
    for (const auto& [course, room, day, period] : timetable) {
      lines.push_back(absl::StrJoin({course, room, day, period}, " "));
    }
    return lines;
  }

  std::mt19937_64 random_{20261122};
};

TEST_F(TimetableFilesFuzz, AnInstanceIsReadAsWhatItSaysOrRefusedWithItsLine) {
  int read = 0, refused = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string text = Changed(WriteCtt(RandomCtt(random_)));
    SCOPED_TRACE(text);
    const auto instance = ParseCtt(text);
    if (!instance.ok()) {
      ++refused;
      ExpectPointsAtALine(instance.status(), text);
      continue;
    }
    ++read;
    const std::string written = WriteCtt(*instance);
    const auto again = ParseCtt(written);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(WriteCtt(*again), written);
    ScoreCtt(*instance, WildTimetable(*instance, random_));
  }
  EXPECT_GT(read, 1000);
  EXPECT_GT(refused, 1000);
}

TEST_F(TimetableFilesFuzz, BytesOfAnyKindAreNoInstance) {
  for (int i = 0; i < 2000; ++i) {
    std::string text(Below(300), ' ');
    for (char& byte : text) byte = static_cast<char>(Below(256));
    const auto instance = ParseCtt(text);
    ASSERT_FALSE(instance.ok());
    ExpectPointsAtALine(instance.status(), text);
  }
}

TEST_F(TimetableFilesFuzz, ASolutionIsReadAsWhatItSaysOrRefusedWithItsLine) {
  int read = 0, refused = 0;
  for (int i = 0; i < 6000; ++i) {
    const CttInstance instance = RandomCtt(random_);
    const std::string text = Changed(WriteCttSolution(instance, WildTimetable(instance, random_)));
    SCOPED_TRACE(text);
    const auto timetable = ParseCttSolution(instance, text);
    if (!timetable.ok()) {
      ++refused;
      ExpectPointsAtALine(timetable.status(), text);
      continue;
    }
    ++read;
    EXPECT_EQ(Described(*ParseCttSolution(instance, WriteCttSolution(instance, *timetable))),
              Described(*timetable));
    ScoreCtt(instance, *timetable);
  }
  EXPECT_GT(read, 1000);
  EXPECT_GT(refused, 1000);
}

TEST_F(TimetableFilesFuzz, ASolutionThatIsWrittenIsReadAsItWas) {
  for (int i = 0; i < 2000; ++i) {
    const CttInstance instance = RandomCtt(random_);
    const CttTimetable timetable = WildTimetable(instance, random_);
    const auto read = ParseCttSolution(instance, WriteCttSolution(instance, timetable));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(Described(*read), Described(timetable));
  }
}

}  // namespace
}  // namespace klynge::courses::timetable::testing
