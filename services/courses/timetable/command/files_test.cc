// Files are read whole, and written whole or not at all.
#include "services/courses/timetable/command/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace klynge::courses::timetable {
namespace {

using ::testing::HasSubstr;

class FilesTest : public ::testing::Test {
 protected:
  FilesTest() {
    directory_ = ::testing::TempDir() + "/klynge_files_XXXXXX";
    EXPECT_NE(mkdtemp(directory_.data()), nullptr);
  }
  ~FilesTest() override { std::filesystem::remove_all(directory_); }

  std::string In(const std::string& name) const { return directory_ + "/" + name; }
  long Files() const { return std::distance(std::filesystem::directory_iterator(directory_), {}); }

  std::string directory_;
};

TEST_F(FilesTest, AreReadAsTheyWereWritten) {
  const std::string text("a\r\n\0b", 5);
  ASSERT_TRUE(WriteWholeFile(In("a"), text).ok());
  EXPECT_EQ(*ReadWholeFile(In("a")), text);
}

TEST_F(FilesTest, ReplaceWhatWasThereAndKeepItsPermissions) {
  ASSERT_TRUE(WriteWholeFile(In("a"), "a long text").ok());
  ASSERT_EQ(chmod(In("a").c_str(), 0640), 0);
  ASSERT_TRUE(WriteWholeFile(In("a"), "short").ok());
  EXPECT_EQ(*ReadWholeFile(In("a")), "short");
  struct stat there;
  ASSERT_EQ(stat(In("a").c_str(), &there), 0);
  EXPECT_EQ(there.st_mode & 0777, 0640u);
  EXPECT_EQ(Files(), 1);
}

TEST_F(FilesTest, GoWhereALinkLeads) {
  ASSERT_TRUE(WriteWholeFile(In("a"), "before").ok());
  std::filesystem::create_symlink("a", In("link"));
  ASSERT_TRUE(WriteWholeFile(In("link"), "after").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(In("link")));
  EXPECT_EQ(*ReadWholeFile(In("a")), "after");
}

TEST_F(FilesTest, AreWrittenIntoADeviceAndNotInItsPlace) {
  ASSERT_TRUE(CheckCanWrite("/dev/null").ok());
  ASSERT_TRUE(WriteWholeFile("/dev/null", "text").ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_THAT(WriteWholeFile("/dev/full", "text").message(), HasSubstr("/dev/full"));
}

TEST_F(FilesTest, SayWhichOneCannotBeReadOrWritten) {
  EXPECT_THAT(ReadWholeFile(In("none")).status().message(),
              HasSubstr("none: cannot be read: No such file"));
  EXPECT_THAT(ReadWholeFile(directory_).status().message(), HasSubstr("Is a directory"));
  EXPECT_THAT(CheckCanWrite(directory_).message(), HasSubstr("Is a directory"));
  EXPECT_THAT(CheckCanWrite(In("none/a")).message(), HasSubstr("No such file"));
  EXPECT_THAT(WriteWholeFile(In("none/a"), "").message(), HasSubstr("No such file"));
  EXPECT_EQ(Files(), 0);
}

TEST_F(FilesTest, AreNotReadWithoutEnd) {
  EXPECT_THAT(ReadWholeFile("/dev/zero").status().message(), HasSubstr("more than 64 MB"));
}

}  // namespace
}  // namespace klynge::courses::timetable
