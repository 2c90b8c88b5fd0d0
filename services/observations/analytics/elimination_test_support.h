// An attacker who adds and subtracts: exact linear algebra on what is shown. Only for tests.
#pragma once

#include <cstdint>
#include <vector>

namespace klynge::observations::analytics::testing {

// The span of the vectors it was told, over the integers modulo the prime 2³¹ − 1 (so exactly, and
// without the fractions of the rationals).
class Attacker {
 public:
  using Vector = std::vector<int64_t>;

  // Learns the figure that sums the unknowns with a 1 in `figure`.
  void Learn(Vector figure) {
    Reduce(figure);
    const size_t pivot = FirstNonZero(figure);
    if (pivot == figure.size()) return;  // nothing new
    const int64_t inverse = Power(figure[pivot], kPrime - 2);
    for (int64_t& x : figure) x = x * inverse % kPrime;
    basis_.push_back(std::move(figure));
    pivots_.push_back(pivot);
  }

  // True when the figure is a combination of those learnt.
  bool CanCompute(Vector figure) const {
    Reduce(figure);
    return FirstNonZero(figure) == figure.size();
  }

 private:
  static constexpr int64_t kPrime = 2147483647;

  static int64_t Power(int64_t base, int64_t exponent) {
    int64_t result = 1;
    for (; exponent > 0; exponent >>= 1, base = base * base % kPrime) {
      if (exponent & 1) result = result * base % kPrime;
    }
    return result;
  }

  static size_t FirstNonZero(const Vector& v) {
    size_t i = 0;
    while (i < v.size() && v[i] == 0) ++i;
    return i;
  }

  void Reduce(Vector& v) const {
    for (size_t b = 0; b < basis_.size(); ++b) {
      const int64_t factor = v[pivots_[b]];
      if (factor == 0) continue;
      for (size_t i = 0; i < v.size(); ++i) {
        v[i] = (v[i] + (kPrime - factor) * basis_[b][i]) % kPrime;
      }
    }
  }

  std::vector<Vector> basis_;
  std::vector<size_t> pivots_;
};

}  // namespace klynge::observations::analytics::testing
