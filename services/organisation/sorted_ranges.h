// A sequence of numbers of which any range can be listed from the smallest up without sorting it.
//
// A wavelet matrix (Claude and Navarro 2012): the bits of the numbers, one level for each, where
// every level is in the order of the bits above it. It takes two bits of memory for each bit of
// each number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace klynge::organisation {

// Immutable, so any number of threads may ask it.
class SortedRanges {
 public:
  SortedRanges() = default;
  explicit SortedRanges(std::vector<uint32_t> numbers);

  // Appends to `found` the smallest numbers that stand at [begin, end) and are at least `from`,
  // ascending, at most `limit`. Takes time by what it finds, whatever the range.
  void SmallestFrom(uint32_t begin, uint32_t end, uint32_t from, size_t limit,
                    std::vector<uint32_t>& found) const;

 private:
  struct Block {
    uint64_t bits = 0;
    uint64_t ones_before = 0;  // in the blocks before this one
  };
  struct Level {
    std::vector<Block> blocks;
    uint32_t zeros = 0;  // numbers without this bit; the next level has them first

    uint32_t OnesBefore(uint32_t place) const;
  };
  struct Search;

  static Level MakeLevel(std::vector<uint32_t>& numbers, uint32_t bit);
  void Visit(size_t level, uint32_t begin, uint32_t end, uint32_t number, Search& search) const;

  std::vector<Level> levels_;  // the highest bit first
};

}  // namespace klynge::organisation
