#include "services/platform/config/flag_table.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/processes.h"

namespace klynge::config {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

enum class Colour { kRed, kGreen };

class FlagTableTest : public ::testing::Test {
 protected:
  FlagTableTest() {
    flags_.Text("name", &name_, "a name");
    flags_.Address("where", &where_, "a place", "none");
    flags_.Integer("count", &count_, 1, 10, "how many");
    flags_.Real("share", &share_, 0, 1, "how much");
    flags_.Duration("wait", &wait_, absl::Milliseconds(1), absl::Hours(24 * 30), "how long");
    flags_.Choice<Colour>("colour", &colour_, {{"red", Colour::kRed}, {"green", Colour::kGreen}},
                          "which");
    flags_.List("callers", &callers_, "who");
    flags_.Secret("password_file", &password_, "holds the password");
    flags_.File("certificate", &certificate_, "a certificate");
  }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = directory_.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  testing::TemporaryDirectory directory_;
  std::string name_ = "Nina";
  std::string where_ = "127.0.0.1:1";
  int count_ = 3;
  double share_ = 0.5;
  absl::Duration wait_ = absl::Hours(48);
  Colour colour_ = Colour::kRed;
  std::vector<std::string> callers_;
  std::string password_;
  std::string certificate_;
  FlagTable flags_{"tries"};
};

TEST_F(FlagTableTest, LeavesTheDefaultsWhenNothingIsGiven) {
  EXPECT_THAT(flags_.Read({}, {}), IsEmpty());
  EXPECT_EQ(name_, "Nina");
  EXPECT_EQ(count_, 3);
  EXPECT_EQ(wait_, absl::Hours(48));
}

TEST_F(FlagTableTest, ReadsEveryKindInBothSpellings) {
  EXPECT_THAT(flags_.Read({"--name=Ali", "--count", "7", "--share=0.25", "--wait=90s",
                           "--colour=green", "--callers=a, b,", "--where", "unix:/run/x"},
                          {}),
              IsEmpty());
  EXPECT_EQ(name_, "Ali");
  EXPECT_EQ(count_, 7);
  EXPECT_EQ(share_, 0.25);
  EXPECT_EQ(wait_, absl::Seconds(90));
  EXPECT_EQ(colour_, Colour::kGreen);
  EXPECT_THAT(callers_, ElementsAre("a", "b"));
  EXPECT_EQ(where_, "unix:/run/x");
}

TEST_F(FlagTableTest, CountsDurationsInDaysToo) {
  EXPECT_THAT(flags_.Read({"--wait=7d"}, {}), IsEmpty());
  EXPECT_EQ(wait_, absl::Hours(168));
}

TEST_F(FlagTableTest, TakesTheWordForNoAddress) {
  EXPECT_THAT(flags_.Read({"--where=none"}, {}), IsEmpty());
  EXPECT_EQ(where_, "");
}

TEST_F(FlagTableTest, TakesFromTheEnvironmentWhatIsNoArgument) {
  EXPECT_THAT(flags_.Read({"--count=7"}, {{"KLYNGE_COUNT", "9"}, {"KLYNGE_NAME", "Ali"}}),
              IsEmpty());
  EXPECT_EQ(count_, 7);
  EXPECT_EQ(name_, "Ali");
}

TEST_F(FlagTableTest, TellsEveryMistakeAtOnce) {
  EXPECT_THAT(flags_.Read({"--count=eleven", "--share=2", "--wait=1y", "--colour=blue",
                           "--where=nowhere", "--nmae=x", "loose", "--name=a", "--name=b"},
                          {{"KLYNGE_CERTIFICATE", "/does/not/exist"}}),
              ElementsAre(HasSubstr("--count=eleven"), HasSubstr("--share=2: allowed is 0 to 1"),
                          HasSubstr("--wait=1y"), HasSubstr("write one of red|green"),
                          HasSubstr("--where=nowhere"), HasSubstr("--nmae: there is no such flag"),
                          HasSubstr("loose: not a flag"), HasSubstr("--name: given twice"),
                          HasSubstr("KLYNGE_CERTIFICATE=/does/not/exist")));
}

TEST_F(FlagTableTest, AsksForTheValueThatIsMissing) {
  EXPECT_THAT(flags_.Read({"--count"}, {}), ElementsAre(HasSubstr("write --count=NUMBER")));
}

TEST_F(FlagTableTest, RefusesWhatIsOutOfRange) {
  for (const char* argument :
       {"--count=0", "--count=11", "--count=99999999999", "--share=nan", "--wait=0s", "--wait=-1s",
        "--wait=inf", "--where=127.0.0.1:70000"}) {
    EXPECT_THAT(flags_.Read({argument}, {}), SizeIs(1)) << argument;
  }
}

TEST_F(FlagTableTest, ReadsSecretsFromFilesOnly) {
  EXPECT_THAT(flags_.Read({"--password_file=" + Write("password", "  geheim\n")}, {}), IsEmpty());
  EXPECT_EQ(password_, "geheim");
}

TEST_F(FlagTableTest, RefusesASecretThatIsNotThere) {
  EXPECT_THAT(flags_.Read({"--password_file=/does/not/exist"}, {}), SizeIs(1));
  EXPECT_THAT(flags_.Read({"--password_file=" + Write("empty", " \n")}, {}), Not(IsEmpty()));
}

TEST_F(FlagTableTest, NamesVariablesThatMeanNothing) {
  EXPECT_THAT(flags_.UnknownVariables({{"KLYNGE_NAME", "x"}, {"KLYNGE_NMAE", "x"}, {"PATH", "x"}}),
              ElementsAre("KLYNGE_NMAE"));
}

TEST_F(FlagTableTest, ShowsEveryFlagWithItsDefaultInHelp) {
  flags_.Section("More");
  int more = 4;
  flags_.Integer("more", &more, 1, 5, "minutes");
  const std::string help = flags_.Help();
  EXPECT_THAT(help, HasSubstr("--name=TEXT   (Nina)\n      a name\n"));
  EXPECT_THAT(help, HasSubstr("--wait=DURATION   (2d)"));
  EXPECT_THAT(help, HasSubstr("--colour=red|green   (red)"));
  EXPECT_THAT(help, HasSubstr("\nMore\n  --more=NUMBER   (4)\n      minutes; 1 to 5\n"));
}

}  // namespace
}  // namespace klynge::config
