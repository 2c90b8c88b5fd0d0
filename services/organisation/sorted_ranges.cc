#include "services/organisation/sorted_ranges.h"

#include <algorithm>
#include <bit>

namespace klynge::organisation {
namespace {

// As std::popcount, which is a call into a library where the compiler may not use the instruction.
uint64_t OnesIn(uint64_t bits) {
  bits -= (bits >> 1) & 0x5555'5555'5555'5555;
  bits = (bits & 0x3333'3333'3333'3333) + ((bits >> 2) & 0x3333'3333'3333'3333);
  bits = (bits + (bits >> 4)) & 0x0f0f'0f0f'0f0f'0f0f;
  return (bits * 0x0101'0101'0101'0101) >> 56;
}

}  // namespace

struct SortedRanges::Search {
  const uint32_t from;
  const size_t full;  // the size at which there is enough in `found`
  std::vector<uint32_t>& found;
};

SortedRanges::SortedRanges(std::vector<uint32_t> numbers) {
  if (numbers.empty()) return;
  const int bits = std::bit_width(*std::max_element(numbers.begin(), numbers.end()));
  for (int bit = bits - 1; bit >= 0; --bit) levels_.push_back(MakeLevel(numbers, 1u << bit));
}

SortedRanges::Level SortedRanges::MakeLevel(std::vector<uint32_t>& numbers, uint32_t bit) {
  Level level;
  // One block more, so that the place behind the last number is in a block too.
  level.blocks.resize(numbers.size() / 64 + 1);
  for (size_t i = 0; i < numbers.size(); ++i) {
    if ((numbers[i] & bit) != 0) level.blocks[i / 64].bits |= uint64_t{1} << (i % 64);
  }
  for (size_t i = 1; i < level.blocks.size(); ++i) {
    const Block& before = level.blocks[i - 1];
    level.blocks[i].ones_before = before.ones_before + OnesIn(before.bits);
  }
  const auto ones = std::stable_partition(numbers.begin(), numbers.end(),
                                          [bit](uint32_t number) { return (number & bit) == 0; });
  level.zeros = static_cast<uint32_t>(ones - numbers.begin());
  return level;
}

uint32_t SortedRanges::Level::OnesBefore(uint32_t place) const {
  const Block& block = blocks[place / 64];
  const uint64_t before = (uint64_t{1} << (place % 64)) - 1;
  return static_cast<uint32_t>(block.ones_before + OnesIn(block.bits & before));
}

void SortedRanges::SmallestFrom(uint32_t begin, uint32_t end, uint32_t from, size_t limit,
                                std::vector<uint32_t>& found) const {
  if (uint64_t{from} >> levels_.size() != 0) return;  // greater than any of the numbers
  Search search{from, found.size() + limit, found};
  Visit(0, begin, end, 0, search);
}

// The numbers at [begin, end) of the level share the bits above it, which are those of `number`.
void SortedRanges::Visit(size_t level, uint32_t begin, uint32_t end, uint32_t number,
                         Search& search) const {
  if (begin == end || search.found.size() == search.full) return;
  if (level == levels_.size()) {
    search.found.push_back(number);
    return;
  }
  const Level& here = levels_[level];
  const uint32_t bit = 1u << (levels_.size() - 1 - level);
  const uint32_t ones_begin = here.OnesBefore(begin), ones_end = here.OnesBefore(end);
  // Without the bit there is nothing greater than number + bit - 1.
  if (search.from < number + bit) {
    Visit(level + 1, begin - ones_begin, end - ones_end, number, search);
  }
  Visit(level + 1, here.zeros + ones_begin, here.zeros + ones_end, number | bit, search);
}

}  // namespace klynge::organisation
