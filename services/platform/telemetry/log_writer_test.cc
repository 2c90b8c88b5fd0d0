#include "services/platform/telemetry/log_writer.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>

namespace klynge::telemetry {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

// A pipe whose reader reads when the test says so.
class LogWriterTest : public ::testing::Test {
 protected:
  LogWriterTest() {
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(pipe2(ends_, O_CLOEXEC), 0);
  }
  ~LogWriterTest() override {
    CloseReader();
    close(ends_[1]);
  }

  LogWriter::Options Options() const {
    return {.descriptor = ends_[1],
            .linger = absl::Seconds(30),
            .describe_dropped = [](int64_t lines) { return absl::StrCat("lost ", lines, "\n"); }};
  }
  void CloseReader() {
    if (ends_[0] >= 0) close(std::exchange(ends_[0], -1));
  }
  // What has been written until `end` is seen.
  std::string ReadUntil(const std::string& end) {
    std::string text;
    char buffer[65536];
    while (!absl::EndsWith(text, end)) {
      const ssize_t n = read(ends_[0], buffer, sizeof(buffer));
      if (n <= 0) break;
      text.append(buffer, static_cast<size_t>(n));
    }
    return text;
  }
  // Makes the next write to the pipe wait.
  size_t FillPipe() {
    fcntl(ends_[1], F_SETFL, O_NONBLOCK);
    const std::string block(4096, '.');
    size_t filled = 0;
    for (ssize_t n; (n = write(ends_[1], block.data(), block.size())) > 0;) {
      filled += static_cast<size_t>(n);
    }
    fcntl(ends_[1], F_SETFL, 0);
    return filled;
  }

  int ends_[2] = {-1, -1};
};

TEST_F(LogWriterTest, WritesEverythingInOrderBeforeItEnds) {
  std::string expected;
  {
    LogWriter writer(Options());
    for (int i = 0; i < 500; ++i) {
      const std::string line = absl::StrCat("line ", i, "\n");
      expected += line;
      writer.Write(line, false);
    }
  }
  EXPECT_EQ(ReadUntil("line 499\n"), expected);
}

TEST_F(LogWriterTest, DoesNotLetUrgentLinesLinger) {
  LogWriter writer(Options());
  writer.Write("first\n", false);
  writer.Write("urgent\n", true);
  EXPECT_EQ(ReadUntil("urgent\n"), "first\nurgent\n");
}

TEST_F(LogWriterTest, WritesWhatWaitsWhenFlushed) {
  LogWriter writer(Options());
  writer.Write("line\n", false);
  EXPECT_TRUE(writer.Flush(absl::Minutes(1)));
  EXPECT_EQ(ReadUntil("line\n"), "line\n");
  EXPECT_TRUE(writer.Flush(absl::ZeroDuration()));
}

TEST_F(LogWriterTest, DropsCountsAndTellsWhatNobodyReads) {
  LogWriter::Options options = Options();
  options.most_waiting = 100;
  LogWriter writer(std::move(options));
  const size_t filled = FillPipe();
  writer.Write("stuck\n", true);
  while (writer.Flush(absl::ZeroDuration())) {
  }
  int64_t accepted = 0;
  for (int i = 0; i < 100; ++i) {
    writer.Write("123456789\n", false);
  }
  EXPECT_GE(writer.dropped(), 90);
  EXPECT_FALSE(writer.Flush(absl::Milliseconds(1)));
  const int64_t dropped = writer.dropped();
  const std::string text = ReadUntil(absl::StrCat("lost ", dropped, "\n")).substr(filled);
  EXPECT_THAT(text, StartsWith("stuck\n123456789\n"));
  EXPECT_THAT(text, EndsWith(absl::StrCat("lost ", dropped, "\n")));
  for (absl::string_view line : absl::StrSplit(text, '\n')) accepted += line == "123456789";
  EXPECT_EQ(accepted + dropped, 100);
}

TEST_F(LogWriterTest, CountsWhatCannotBeWritten) {
  LogWriter writer(Options());
  CloseReader();
  writer.Write("line\n", true);
  EXPECT_TRUE(writer.Flush(absl::Minutes(1)));
  EXPECT_EQ(writer.dropped(), 1);
}

TEST_F(LogWriterTest, WritesAtOnceAfterItWasStopped) {
  LogWriter writer(Options());
  writer.Write("before\n", false);
  EXPECT_TRUE(writer.Stop(absl::Minutes(1)));
  writer.Write("after\n", false);
  EXPECT_EQ(ReadUntil("after\n"), "before\nafter\n");
}

TEST_F(LogWriterTest, GivesUpStoppingWhenNobodyReads) {
  // Left to itself with its thread.
  static auto* const writer = new LogWriter(Options());
  const size_t filled = FillPipe();
  writer->Write("line\n", true);
  EXPECT_FALSE(writer->Stop(absl::Milliseconds(1)));
  EXPECT_EQ(ReadUntil("line\n").size(), filled + 5);
  // The thread that was left to itself has still to notice.
  EXPECT_TRUE(writer->Flush(absl::Minutes(1)));
  writer->Write("at once\n", false);
  EXPECT_EQ(ReadUntil("at once\n"), "at once\n");
}

}  // namespace
}  // namespace klynge::telemetry
