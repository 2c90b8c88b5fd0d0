// Random numbers that are the same on every machine for one seed (the standard's distributions are
// not), and cheap enough for the inner loop.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_RANDOM_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_RANDOM_H_

#include <cstdint>

namespace klynge::courses::timetable {

// SplitMix64 (Steele, Lea and Flood 2014).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // 0 .. bound-1; `bound` is at least 1 and below 2^31. Its bias is below 2^-32 × bound.
  int Below(int bound) {
    return static_cast<int>(((Next() >> 32) * static_cast<uint64_t>(bound)) >> 32);
  }
  uint32_t Bits32() { return static_cast<uint32_t>(Next() >> 32); }
  double Fraction() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }  // in [0, 1)

 private:
  uint64_t state_;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_RANDOM_H_
