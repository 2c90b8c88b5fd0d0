// The command line of klynge-timetable.
#include "services/courses/timetable/command/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "services/courses/timetable/command/disruption.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Problems(absl::string_view line, Arguments* arguments = nullptr) {
  Arguments unused;
  return ReadArguments(absl::StrSplit(line, ' ', absl::SkipEmpty()),
                       arguments != nullptr ? *arguments : unused);
}

TEST(Arguments, AreReadInAnyOrderAndBothWays) {
  Arguments arguments;
  EXPECT_THAT(Problems("solve --seconds 1.5 --seed=18446744073709551 a.ctt -o b.sol --threads 2 "
                       "--iterations=900 --target 5 --quiet",
                       &arguments),
              IsEmpty());
  EXPECT_EQ(arguments.verb, Verb::kSolve);
  EXPECT_EQ(arguments.instance_path, "a.ctt");
  EXPECT_EQ(arguments.output_path, "b.sol");
  EXPECT_EQ(arguments.time_limit, absl::Seconds(1.5));
  EXPECT_EQ(arguments.seed, 18446744073709551u);
  EXPECT_EQ(arguments.threads, 2);
  EXPECT_EQ(arguments.max_iterations, 900);
  EXPECT_EQ(arguments.target, 5);
  EXPECT_TRUE(arguments.quiet);
}

TEST(Arguments, TakeAFileWithAnyNameAfterTwoDashes) {
  Arguments arguments;
  EXPECT_THAT(Problems("score -- --a.ctt -b", &arguments), IsEmpty());
  EXPECT_EQ(arguments.instance_path, "--a.ctt");
  EXPECT_EQ(arguments.solution_path, "-b");
}

TEST(Arguments, LimitASearchThatWouldNeverEnd) {
  Arguments arguments, counted;
  Problems("solve a -o b", &arguments);
  EXPECT_EQ(arguments.time_limit, absl::Seconds(60));
  Problems("solve a -o b --iterations 5", &counted);
  EXPECT_EQ(counted.time_limit, absl::InfiniteDuration());
}

TEST(Arguments, TellEverythingThatIsWrongAtOnce) {
  EXPECT_THAT(
      Problems("solve --seconds zero --threads 0 --explain --speed --quiet=yes a b"),
      ElementsAre("--seconds: found \"zero\", expected a number of seconds above 0, at most 1e+07.",
                  "--threads: found \"0\", expected a whole number from 1 to 256.",
                  "solve has no flag --explain.", "solve has no flag --speed.",
                  "--quiet takes no value.", "solve needs FILE.ctt, found a b.",
                  "-o OUT.sol is missing."));
}

TEST(Arguments, RefuseNumbersThatAreNone) {
  for (const char* number : {"-1", "1x", "99999999999999999999", "0.5"}) {
    EXPECT_THAT(Problems(absl::StrCat("solve a -o b --seed ", number)),
                ElementsAre(HasSubstr("expected a whole number from 0")));
  }
  for (const char* seconds : {"0", "-1", "nan", "inf", "1e9"}) {
    EXPECT_THAT(Problems(absl::StrCat("solve a -o b --seconds ", seconds)),
                ElementsAre(HasSubstr("expected a number of seconds")));
  }
}

TEST(Arguments, NeedAVerbAndAValue) {
  EXPECT_THAT(Problems(""), ElementsAre(HasSubstr("Nothing was asked")));
  EXPECT_THAT(Problems("sovle a"), ElementsAre(HasSubstr("\"sovle\" is unknown")));
  EXPECT_THAT(Problems("solve a -o"), ElementsAre("-o needs OUT.sol.", "-o OUT.sol is missing."));
  EXPECT_THAT(Problems("replan a b -o c"), ElementsAre(HasSubstr("replan needs what went wrong")));
  EXPECT_THAT(Problems("why-not a b"), ElementsAre("--lecture COURSE@DAY/PERIOD is missing.",
                                                   "--to [ROOM@]DAY/PERIOD is missing."));
  EXPECT_THAT(Problems("suggest a b"), ElementsAre("--lecture COURSE@DAY/PERIOD is missing."));
  EXPECT_THAT(Problems("diff a b"),
              ElementsAre("diff needs FILE.ctt BEFORE.sol AFTER.sol, found a b."));
  EXPECT_THAT(Problems("why a b"), IsEmpty());
}

TEST(Arguments, AreAllInTheUsage) {
  for (const char* flag :
       {"-o", "--seconds", "--iterations", "--target", "--seed", "--threads", "--quiet",
        "--explain", "--close-room", "--close-period", "--teacher-ill", "--max-changes", "--prefer",
        "--lecture", "--to", "--count"}) {
    EXPECT_THAT(Usage(), HasSubstr(absl::StrCat("\n  ", flag)));
  }
}

class DisruptionTest : public ::testing::Test {
 protected:
  DisruptionTest() {
    instance_.days = 2;
    instance_.periods_per_day = 3;
    instance_.courses = {{"maths", "anna", 2, 1, 30}, {"music", "b@o", 1, 1, 12}};
    instance_.rooms = {{"hall", 40}, {"attic", 10}};
  }

  std::vector<std::string> Read(absl::string_view flags) {
    Arguments arguments;
    EXPECT_THAT(Problems(absl::StrCat("replan a b -o c ", flags), &arguments), IsEmpty());
    return ReadDisruption(instance_, arguments, disruption_);
  }

  CttInstance instance_;
  CttDisruption disruption_;
};

TEST_F(DisruptionTest, HitsTheLecturesInItsPlaces) {
  EXPECT_THAT(Read("--close-room attic@1 --close-period 0/2 --teacher-ill b@o@0"), IsEmpty());
  const CttTimetable stays = {{0, 0, 0, 0}, {0, 0, 1, 2}, {0, 1, 0, 1}, {1, 0, 1, 0}};
  const CttTimetable hit = {{0, 1, 1, 0}, {0, 0, 0, 2}, {1, 0, 0, 0}};
  EXPECT_THAT(LecturesHit(instance_, stays, disruption_), IsEmpty());
  EXPECT_EQ(LecturesHit(instance_, hit, disruption_).size(), hit.size());
}

TEST_F(DisruptionTest, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_THAT(
      Read("--close-room cellar@1 --close-room hall@2 --close-room hall --close-period 0/3 "
           "--close-period 1 --teacher-ill eve@0 --teacher-ill @0"),
      ElementsAre("--close-room: found \"cellar\", expected a room of the instance.",
                  "--close-room: found \"hall@2\", expected ROOM@DAY, a day up to 1.",
                  "--close-room: found \"hall\", expected ROOM@DAY, a day up to 1.",
                  "--close-period: found \"0/3\", expected DAY/PERIOD, a day up to 1 and a period "
                  "up to 2.",
                  "--close-period: found \"1\", expected DAY/PERIOD, a day up to 1 and a period up "
                  "to 2.",
                  "--teacher-ill: found \"eve\", expected a teacher of the instance.",
                  "--teacher-ill: found \"@0\", expected TEACHER@DAY, a day up to 1."));
}

}  // namespace
}  // namespace klynge::courses::timetable
