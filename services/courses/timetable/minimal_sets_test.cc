#include "services/courses/timetable/minimal_sets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace klynge::courses::timetable {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Enough is what contains one of `sets`.
Enough Containing(const std::vector<IndexSet>& sets) {
  return [sets](const IndexSet& given) {
    return std::any_of(sets.begin(), sets.end(), [&](const IndexSet& set) {
      return std::includes(given.begin(), given.end(), set.begin(), set.end());
    });
  };
}

TEST(SmallestEnough, AreAllThatNoSmallerOneBeats) {
  EXPECT_THAT(SmallestEnough(6, 10, Containing({{0, 1, 2}, {3, 4}, {1, 5}, {1, 4, 5}})),
              UnorderedElementsAre(IndexSet{3, 4}, IndexSet{1, 5}));
}

TEST(SmallestEnough, AreNoMoreThanAskedFor) {
  EXPECT_EQ(SmallestEnough(6, 2, Containing({{0}, {1}, {2}})).size(), 2u);
}

TEST(SmallestEnough, IsNothingWhenNothingNeedsToBeGivenUp) {
  EXPECT_THAT(SmallestEnough(3, 10, Containing({{}})), ElementsAre(IndexSet{}));
}

TEST(SmallestEnough, IsMissingWhenEverythingIsNotEnough) {
  EXPECT_THAT(SmallestEnough(3, 10, Containing({})), IsEmpty());
}

TEST(SmallestEnough, TriesFewOfTheManySets) {
  int tried = 0;
  const Enough enough = Containing({{3, 11, 17}});
  EXPECT_THAT(SmallestEnough(20, 10,
                             [&](const IndexSet& set) {
                               ++tried;
                               return enough(set);
                             }),
              ElementsAre(IndexSet{3, 11, 17}));
  EXPECT_LT(tried, 80);  // of 1351 with at most three members
}

TEST(MinimalEnough, CannotSpareAnyMember) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    const int count = 1 + static_cast<int>(random() % 12);
    std::vector<IndexSet> sets(1 + random() % 3);
    for (IndexSet& set : sets) {
      for (size_t i = 0; i <= random() % 4; ++i) set.insert(static_cast<int>(random() % count));
    }
    const Enough enough = Containing(sets);
    const IndexSet minimal = MinimalEnough(count, enough);
    ASSERT_TRUE(enough(minimal)) << "round " << round;
    for (int member : minimal) {
      IndexSet without = minimal;
      without.erase(member);
      ASSERT_FALSE(enough(without)) << "round " << round;
    }
  }
}

TEST(MinimalEnough, TriesFewSetsWhenLittleIsNeeded) {
  int tried = 0;
  const Enough enough = Containing({{37}});
  EXPECT_THAT(MinimalEnough(64,
                            [&](const IndexSet& set) {
                              ++tried;
                              return enough(set);
                            }),
              ElementsAre(37));
  EXPECT_LE(tried, 12);
}

}  // namespace
}  // namespace klynge::courses::timetable
