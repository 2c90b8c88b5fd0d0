#include "services/organisation/sorted_ranges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace klynge::organisation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<uint32_t> Smallest(const SortedRanges& ranges, uint32_t begin, uint32_t end,
                               uint32_t from, size_t limit) {
  std::vector<uint32_t> found;
  ranges.SmallestFrom(begin, end, from, limit, found);
  return found;
}

TEST(SortedRanges, ListsARangeFromTheSmallestUp) {
  const SortedRanges ranges({7, 2, 9, 4, 0, 5});
  EXPECT_THAT(Smallest(ranges, 0, 6, 0, 10), ElementsAre(0, 2, 4, 5, 7, 9));
  EXPECT_THAT(Smallest(ranges, 1, 4, 0, 10), ElementsAre(2, 4, 9));
  EXPECT_THAT(Smallest(ranges, 1, 4, 3, 1), ElementsAre(4));
  EXPECT_THAT(Smallest(ranges, 3, 3, 0, 10), IsEmpty());
  EXPECT_THAT(Smallest(ranges, 0, 6, 10, 10), IsEmpty());
  EXPECT_THAT(Smallest(ranges, 0, 6, 16, 10), IsEmpty());
}

TEST(SortedRanges, MayHoldNothingOrOnlyNought) {
  EXPECT_THAT(Smallest(SortedRanges(), 0, 0, 0, 10), IsEmpty());
  EXPECT_THAT(Smallest(SortedRanges({0}), 0, 1, 0, 10), ElementsAre(0));
  EXPECT_THAT(Smallest(SortedRanges({0}), 0, 1, 1, 10), IsEmpty());
}

TEST(SortedRanges, EqualsSortingOnAnyRange) {
  std::mt19937 random(20260901);
  for (const uint32_t size : {1u, 63u, 64u, 65u, 1000u}) {
    // Not every number is there, as not every version of a unit holds on a day.
    std::vector<uint32_t> numbers(2 * size);
    std::iota(numbers.begin(), numbers.end(), 0u);
    std::shuffle(numbers.begin(), numbers.end(), random);
    numbers.resize(size);
    const SortedRanges ranges(numbers);
    for (int i = 0; i < 300; ++i) {
      uint32_t begin = random() % (size + 1), end = random() % (size + 1);
      if (begin > end) std::swap(begin, end);
      const uint32_t from = random() % (2 * size + 2);
      const size_t limit = random() % 60;
      std::vector<uint32_t> expected(numbers.begin() + begin, numbers.begin() + end);
      std::sort(expected.begin(), expected.end());
      expected.erase(expected.begin(), std::lower_bound(expected.begin(), expected.end(), from));
      if (expected.size() > limit) expected.resize(limit);
      ASSERT_EQ(Smallest(ranges, begin, end, from, limit), expected)
          << "[" << begin << ", " << end << ") of " << size << " from " << from;
    }
  }
}

}  // namespace
}  // namespace klynge::organisation
