#include "services/observations/analytics/disclosure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/observations/analytics/elimination_test_support.h"
#include "services/observations/analytics/tree_test_support.h"

namespace klynge::observations::analytics {
namespace {

using testing::Attacker;
using ::testing::Combine;
using ::testing::Values;

constexpr int kThreshold = 5;

// The decision for one round, asked by unit and period.
class Decision {
 public:
  Decision(const ReportingTree& tree, int months, std::vector<int64_t> counts,
           DetailPriority priority = DetailPriority::kUnits)
      : tree_(tree),
        months_(months),
        shown_(DecideShown({&tree, months, std::move(counts)}, kThreshold, priority)) {}

  bool Shows(absl::string_view unit, int period = 0) const {
    return shown_[static_cast<size_t>(tree_.Find(unit)) * (months_ + 1) + period];
  }

 private:
  const ReportingTree& tree_;
  const int months_;
  const std::vector<bool> shown_;
};

TEST(Disclosure, ShowsEverythingWhenNoGroupIsSmall) {
  const ReportingTree tree = testing::Cluster(3);
  const Decision decision(tree, 1, {5, 8, 13});
  for (const char* unit : {"cluster", "u0", "u1", "u2"}) EXPECT_TRUE(decision.Shows(unit)) << unit;
}

TEST(Disclosure, HidesASmallGroupAndTheSmallestGroupBesideIt) {
  const ReportingTree tree = testing::Cluster(4);
  const Decision decision(tree, 1, {50, 3, 7, 20});
  EXPECT_TRUE(decision.Shows("cluster"));
  EXPECT_TRUE(decision.Shows("u0"));
  EXPECT_TRUE(decision.Shows("u3"));
  EXPECT_FALSE(decision.Shows("u1"));
  EXPECT_FALSE(decision.Shows("u2")) << "cluster − u0 − u3 − u2 would be u1";
}

TEST(Disclosure, HidesNothingElseWhenTheSmallGroupsAreEnoughTogether) {
  const ReportingTree tree = testing::Cluster(4);
  const Decision decision(tree, 1, {50, 3, 2, 20});
  EXPECT_TRUE(decision.Shows("u0"));
  EXPECT_TRUE(decision.Shows("u3"));
  EXPECT_FALSE(decision.Shows("u1"));
  EXPECT_FALSE(decision.Shows("u2"));
}

TEST(Disclosure, ShowsAnEmptyUnitAsEmptyWithoutHelpingAnybody) {
  const ReportingTree tree = testing::Cluster(3);
  const Decision decision(tree, 1, {6, 0, 4});
  EXPECT_TRUE(decision.Shows("u1"));
  EXPECT_FALSE(decision.Shows("u0")) << "cluster − u0 would be u2";
  EXPECT_FALSE(decision.Shows("u2"));
}

TEST(Disclosure, ShowsNothingOfASmallRound) {
  const ReportingTree tree = testing::Cluster(2);
  const Decision decision(tree, 1, {2, 2});
  for (const char* unit : {"cluster", "u0", "u1"}) EXPECT_FALSE(decision.Shows(unit)) << unit;
}

TEST(Disclosure, HidesACousinWhereASmallClusterHasNoUnitToSpare) {
  const ReportingTree tree = testing::TreeOf(
      {{"area", ""}, {"a", "area"}, {"a1", "a"}, {"b", "area"}, {"b1", "b"}, {"b2", "b"}});
  const Decision decision(tree, 1, {3, 10, 6});
  EXPECT_TRUE(decision.Shows("area"));
  EXPECT_FALSE(decision.Shows("a"));
  EXPECT_FALSE(decision.Shows("b")) << "area − b would be a";
  EXPECT_TRUE(decision.Shows("b1"));
  EXPECT_FALSE(decision.Shows("b2")) << "area − b1 − b2 would be a";
}

TEST(Disclosure, KeepsUnitsAndGivesUpMonthsInACampaign) {
  const ReportingTree tree = testing::Cluster(2);
  const Decision decision(tree, 2, {4, 4, 4, 4}, DetailPriority::kUnits);
  EXPECT_TRUE(decision.Shows("u0"));
  EXPECT_TRUE(decision.Shows("u1"));
  EXPECT_FALSE(decision.Shows("cluster", 1));
  EXPECT_FALSE(decision.Shows("cluster", 2));
}

TEST(Disclosure, KeepsMonthsAndGivesUpUnitsWhereMonthsComeFirst) {
  const ReportingTree tree = testing::Cluster(2);
  const Decision decision(tree, 2, {4, 4, 4, 4}, DetailPriority::kMonths);
  EXPECT_FALSE(decision.Shows("u0"));
  EXPECT_TRUE(decision.Shows("cluster"));
  EXPECT_TRUE(decision.Shows("cluster", 1));
  EXPECT_TRUE(decision.Shows("cluster", 2));
}

TEST(Disclosure, ShowsUnitsAndMonthsWhereBothAreLarge) {
  const ReportingTree tree = testing::Cluster(2);
  for (DetailPriority priority : {DetailPriority::kUnits, DetailPriority::kMonths}) {
    const Decision decision(tree, 2, {9, 8, 7, 6}, priority);
    for (const char* unit : {"cluster", "u0", "u1"}) {
      for (int period = 0; period <= 2; ++period) EXPECT_TRUE(decision.Shows(unit, period));
    }
  }
}

TEST(Disclosure, HidesAMonthThatWouldGiveAwayASmallOneOfTheSameUnit) {
  const ReportingTree tree = testing::Cluster(1);
  const Decision decision(tree, 3, {20, 3, 6});
  EXPECT_TRUE(decision.Shows("u0"));
  EXPECT_TRUE(decision.Shows("u0", 1));
  EXPECT_FALSE(decision.Shows("u0", 2));
  EXPECT_FALSE(decision.Shows("u0", 3)) << "the round − month 1 − month 3 would be month 2";
}

// --- The guarantee, against an attacker who solves the equations of everything that is shown.

struct Round {
  ReportingTree tree;
  int months;
  std::vector<int64_t> counts;
};

Round RandomRound(std::mt19937& random, int most_units) {
  Round round{testing::RandomTree(random, most_units), 1 + static_cast<int>(random() % 4), {}};
  const int64_t largest = 2 + static_cast<int64_t>(random() % 12);
  for (int i = 0; i < round.tree.leaf_count() * round.months; ++i) {
    // Many places without observations: known zeros help the attacker.
    round.counts.push_back(random() % 3 == 0 ? 0 : static_cast<int64_t>(random() % (largest + 1)));
  }
  return round;
}

// The figures of a round as sums over the places (leaf and month) that have observations; the
// attacker is assumed to know where there are none.
class Equations {
 public:
  explicit Equations(const Round& round) : round_(round) {
    for (size_t atom = 0; atom < round.counts.size(); ++atom) {
      if (round.counts[atom] > 0) atoms_.push_back(static_cast<int>(atom));
    }
  }

  Attacker::Vector Figure(int node, int period) const {
    Attacker::Vector figure(atoms_.size(), 0);
    const auto& at = round_.tree.node(node);
    for (size_t i = 0; i < atoms_.size(); ++i) {
      const int leaf = atoms_[i] / round_.months;
      const int month = atoms_[i] % round_.months;
      const bool below = at.first_leaf <= leaf && leaf < at.end_leaf;
      figure[i] = below && (period == 0 || period == month + 1) ? 1 : 0;
    }
    return figure;
  }

  int64_t Observations(const Attacker::Vector& figure) const {
    int64_t sum = 0;
    for (size_t i = 0; i < atoms_.size(); ++i) sum += figure[i] * round_.counts[atoms_[i]];
    return sum;
  }

  size_t size() const { return atoms_.size(); }

 private:
  const Round& round_;
  std::vector<int> atoms_;
};

class DisclosureGuarantee : public ::testing::TestWithParam<std::tuple<int, DetailPriority>> {};

TEST_P(DisclosureGuarantee, NoSuppressedFigureCanBeComputedFromThoseShown) {
  const auto [seed, priority] = GetParam();
  std::mt19937 random(static_cast<unsigned>(seed));
  int64_t hidden = 0;
  for (int i = 0; i < 1000; ++i) {
    const Round round = RandomRound(random, 30);
    const auto shown = DecideShown({&round.tree, round.months, round.counts}, kThreshold, priority);
    const Equations equations(round);
    Attacker attacker;
    const auto for_each_figure = [&](auto visit) {
      for (int node = 0; node < round.tree.size(); ++node) {
        for (int period = 0; period <= round.months; ++period) {
          visit(equations.Figure(node, period),
                shown[static_cast<size_t>(node) * (round.months + 1) + period]);
        }
      }
    };
    for_each_figure([&](Attacker::Vector figure, bool is_shown) {
      if (is_shown) attacker.Learn(std::move(figure));
    });
    for_each_figure([&](const Attacker::Vector& figure, bool is_shown) {
      const int64_t n = equations.Observations(figure);
      if (is_shown) {
        ASSERT_TRUE(n == 0 || n >= kThreshold);
      } else {
        ASSERT_FALSE(attacker.CanCompute(figure)) << "round " << i << ", n = " << n;
        ++hidden;
      }
    });
  }
  EXPECT_GT(hidden, 1000) << "the trees drawn must put the method to the test";
}

TEST_P(DisclosureGuarantee, NoSetOfFewerThanTheThresholdCanBeComputed) {
  const auto [seed, priority] = GetParam();
  std::mt19937 random(static_cast<unsigned>(seed) + 1000);
  int64_t tried = 0;
  for (int i = 0; i < 1500; ++i) {
    const Round round = RandomRound(random, 9);
    const Equations equations(round);
    if (equations.size() > 12) continue;
    const auto shown = DecideShown({&round.tree, round.months, round.counts}, kThreshold, priority);
    Attacker attacker;
    for (size_t figure = 0; figure < shown.size(); ++figure) {
      const int periods = round.months + 1;
      if (!shown[figure]) continue;
      attacker.Learn(
          equations.Figure(static_cast<int>(figure) / periods, static_cast<int>(figure) % periods));
    }
    for (uint32_t set = 1; set < 1u << equations.size(); ++set) {
      Attacker::Vector sum(equations.size(), 0);
      for (size_t atom = 0; atom < sum.size(); ++atom) sum[atom] = set >> atom & 1;
      if (equations.Observations(sum) >= kThreshold) continue;
      ASSERT_FALSE(attacker.CanCompute(sum)) << "round " << i << ", set " << set;
      ++tried;
    }
  }
  EXPECT_GT(tried, 1000);
}

INSTANTIATE_TEST_SUITE_P(Seeds, DisclosureGuarantee,
                         Combine(Values(1, 2, 3),
                                 Values(DetailPriority::kUnits, DetailPriority::kMonths)));

TEST(Attacker, SolvesWhatPlainSuppressionLeavesOpen) {
  // Hiding only the small group itself, as a naive method would: the attacker finds it.
  Attacker attacker;
  attacker.Learn({1, 1, 1});
  attacker.Learn({1, 0, 0});
  attacker.Learn({0, 1, 0});
  EXPECT_TRUE(attacker.CanCompute({0, 0, 1}));
}

}  // namespace
}  // namespace klynge::observations::analytics
