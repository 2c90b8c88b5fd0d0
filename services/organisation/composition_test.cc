#include "services/organisation/composition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/body_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kTooFew = CompositionProblem::kTooFew;
constexpr auto kTooMany = CompositionProblem::kTooMany;
constexpr auto kNoMajority = CompositionProblem::kNoMajority;

// Gaps as "role problem count/least from to".
class CompositionTest : public ::testing::Test {
 protected:
  std::vector<std::string> Gaps() {
    std::vector<const BodyMembership*> pointers;
    for (const BodyMembership& held : held_) pointers.push_back(&held);
    std::vector<std::string> words;
    for (const CompositionGap& gap : GapsOf(body_, kind_, pointers)) {
      const char* const problem = gap.problem == kTooFew    ? " too few "
                                  : gap.problem == kTooMany ? " too many "
                                                            : " no majority ";
      words.push_back(absl::StrCat(gap.seat->role, problem, gap.count, "/", gap.least, " ",
                                   FormatDate(gap.valid.from), " ", FormatEnd(gap.valid.to)));
    }
    return words;
  }

  BodyKind kind_{"board", "", "", {}, {SeatFor("chair", 1, 1)}};
  Body body_ = BodyOf("b", "board", "kl-vvk-01", "2020-01-01", "2024-01-01");
  std::vector<BodyMembership> held_;
};

TEST_F(CompositionTest, HasNoGapsWhenEveryDayHasWhatItNeeds) {
  held_ = {Seat("b", "p-1", "chair", "2020-01-01", "2022-01-01"),
           Seat("b", "p-2", "chair", "2022-01-01", "2024-01-01")};
  EXPECT_THAT(Gaps(), IsEmpty());
}

TEST_F(CompositionTest, IsOneGapAllThroughWhenNobodySitsInIt) {
  EXPECT_THAT(Gaps(), ElementsAre("chair too few 0/1 2020-01-01 2024-01-01"));
}

TEST_F(CompositionTest, HasAGapBetweenTwoMembers) {
  held_ = {Seat("b", "p-1", "chair", "2020-01-01", "2022-01-01"),
           Seat("b", "p-2", "chair", "2022-02-01", "2024-01-01")};
  EXPECT_THAT(Gaps(), ElementsAre("chair too few 0/1 2022-01-01 2022-02-01"));
}

TEST_F(CompositionTest, HasTooManyOnTheDaysOnWhichTwoOverlap) {
  held_ = {Seat("b", "p-1", "chair", "2020-01-01", "2022-02-01"),
           Seat("b", "p-2", "chair", "2022-01-01", "2024-01-01")};
  EXPECT_THAT(Gaps(), ElementsAre("chair too many 2/1 2022-01-01 2022-02-01"));
}

TEST_F(CompositionTest, LeavesOutWhatIsOutsideTheBodysLife) {
  held_ = {Seat("b", "p-1", "chair", "2019-01-01", "")};
  EXPECT_THAT(Gaps(), IsEmpty());
}

TEST_F(CompositionTest, IsOneGapAsLongAsTheSameIsWrong) {
  kind_.seats[0].least = 2;
  kind_.seats[0].most = 0;
  held_ = {Seat("b", "p-1", "chair", "2020-01-01", "2022-01-01"),
           Seat("b", "p-2", "chair", "2022-01-01", "2023-01-01")};
  EXPECT_THAT(Gaps(), ElementsAre("chair too few 1/2 2020-01-01 2023-01-01",
                                  "chair too few 0/2 2023-01-01 2024-01-01"));
}

TEST_F(CompositionTest, HasNoMajorityWithHalfOfTheMembers) {
  kind_.seats = {SeatFor("other"), SeatFor("parent", 0, 0, true)};
  held_ = {Seat("b", "p-1", "parent"), Seat("b", "p-2", "other", "2021-01-01", "2022-01-01")};
  EXPECT_THAT(Gaps(), ElementsAre("parent no majority 1/2 2021-01-01 2022-01-01"));
}

TEST_F(CompositionTest, CountsAPersonWithTwoRolesOnce) {
  kind_.seats = {SeatFor("chair"), SeatFor("parent", 0, 0, true)};
  held_ = {Seat("b", "p-1", "chair"), Seat("b", "p-1", "parent")};
  EXPECT_THAT(Gaps(), IsEmpty());
  held_.push_back(Seat("b", "p-2", "chair", "2021-01-01", "2022-01-01"));
  EXPECT_THAT(Gaps(), ElementsAre("parent no majority 1/2 2021-01-01 2022-01-01"));
}

TEST_F(CompositionTest, NeedsNoMajorityOfNobody) {
  kind_.seats = {SeatFor("parent", 0, 0, true)};
  EXPECT_THAT(Gaps(), IsEmpty());
}

}  // namespace
}  // namespace klynge::organisation
