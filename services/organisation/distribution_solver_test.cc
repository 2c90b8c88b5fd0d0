#include "services/organisation/distribution_solver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace klynge::organisation {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

constexpr int64_t kLeft = 1'000'000;

DistributionItem Item(int percent, std::vector<int64_t> costs) {
  return {percent, kLeft, std::move(costs), kNowhere};
}
DistributionItem AtHome(int percent, std::vector<int64_t> costs, int home) {
  return {percent, kNever, std::move(costs), home};
}

// Tries every way.
int64_t LeastCost(const DistributionProblem& problem, std::vector<int>& bin_of, size_t next = 0) {
  if (next == problem.items.size()) return CostOf(problem, bin_of);
  int64_t least = kNever;
  for (int bin = kNowhere; bin < static_cast<int>(problem.bins.size()); ++bin) {
    bin_of[next] = bin;
    least = std::min(least, LeastCost(problem, bin_of, next + 1));
  }
  return least;
}
int64_t LeastCost(const DistributionProblem& problem) {
  std::vector<int> bin_of(problem.items.size(), kNowhere);
  return LeastCost(problem, bin_of);
}

TEST(DistributionSolver, HasNothingToDo) {
  const Distribution made = Distribute({{{30, 100}}, {}});
  EXPECT_TRUE(made.bin_of.empty());
  EXPECT_EQ(made.cost, 900);
  EXPECT_TRUE(made.is_best());
}

TEST(DistributionSolver, GivesTheLessLoadedMore) {
  EXPECT_THAT(Distribute({{{60, 100}, {20, 100}}, {Item(20, {0, 0}), Item(10, {0, 0})}}).bin_of,
              Each(1));
}

TEST(DistributionSolver, GivesEachItemWhereItIsCheapest) {
  EXPECT_THAT(
      Distribute({{{0, 100}, {0, 100}}, {Item(10, {5'000, 0}), Item(10, {0, 5'000})}}).bin_of,
      ElementsAre(1, 0));
}

TEST(DistributionSolver, NeverGivesMoreThanTheMost) {
  EXPECT_THAT(Distribute({{{90, 100}, {95, 100}}, {Item(10, {0, 0}), Item(10, {0, 0})}}).bin_of,
              ::testing::UnorderedElementsAre(0, kNowhere));
}

TEST(DistributionSolver, GivesNothingToWhoHasTooMuchAlready) {
  EXPECT_THAT(Distribute({{{110, 100}}, {Item(1, {0})}}).bin_of, ElementsAre(kNowhere));
}

TEST(DistributionSolver, LeavesWhatMayGoNowhere) {
  EXPECT_THAT(Distribute({{{0, 100}}, {Item(1, {kNever})}}).bin_of, ElementsAre(kNowhere));
}

// The two that fit together leave no room for the third; a greedy choice takes the cheapest.
TEST(DistributionSolver, FillsBothGapsWhereTheCheapestFillsOne) {
  EXPECT_THAT(
      Distribute({{{0, 50}, {0, 30}}, {Item(30, {0, 100}), Item(50, {100, kNever})}}).bin_of,
      ElementsAre(1, 0));
}

TEST(DistributionSolver, TakesFromTheOverloadedAsMuchAsIsTooMuch) {
  const Distribution made = Distribute(
      {{{80, 100}, {0, 100}},
       {AtHome(20, {0, 3'000}, 0), AtHome(20, {0, 3'000}, 0), AtHome(5, {0, 3'000}, 0)}});
  EXPECT_THAT(std::count(made.bin_of.begin(), made.bin_of.end(), 0), 1);
  EXPECT_TRUE(made.is_best());
}

TEST(DistributionSolver, LetsTheOverloadedKeepWhatNobodyHasTimeFor) {
  const Distribution made =
      Distribute({{{80, 100}, {100, 100}}, {AtHome(60, {0, 3'000}, 0), AtHome(5, {0, 3'000}, 0)}});
  EXPECT_THAT(made.bin_of, Each(0));
}

class RandomProblem : public ::testing::TestWithParam<int> {
 protected:
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

  DistributionProblem Make(int bins, int items) {
    DistributionProblem problem;
    std::vector<bool> overloaded;
    for (int bin = 0; bin < bins; ++bin) {
      overloaded.push_back(Below(4) == 0);
      const int most = 60 + 10 * Below(5);
      problem.bins.push_back({overloaded.back() ? most - 5 * Below(4) : Below(most + 1), most});
    }
    for (int i = 0; i < items; ++i) {
      DistributionItem item = Item(Below(4) == 0 ? 1 + Below(60) : 5 * (1 + Below(6)), {});
      const int home = Below(bins);
      if (overloaded[static_cast<size_t>(home)] && Below(2)) {
        item.home = home;
        item.cost_nowhere = kNever;
      }
      for (int bin = 0; bin < bins; ++bin) {
        const bool mine = item.home == bin;
        const bool closed = overloaded[static_cast<size_t>(bin)] || Below(6) == 0;
        item.costs.push_back(mine ? 0
                             : closed
                                 ? kNever
                                 : 5'000 * Below(3) + 500 * Below(3) + (item.home >= 0 ? 300 : 0));
      }
      problem.items.push_back(std::move(item));
    }
    return problem;
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
};

TEST_P(RandomProblem, IsSolvedAsWellAsByTryingEveryWay) {
  for (int round = 0; round < 12; ++round) {
    const DistributionProblem problem = Make(1 + Below(4), Below(7));
    const int64_t least = LeastCost(problem);
    const Distribution made = Distribute(problem);
    EXPECT_EQ(made.cost, least);
    EXPECT_EQ(made.cost, CostOf(problem, made.bin_of));
    EXPECT_TRUE(made.is_best());
    // Without time to search it says so, or is right.
    const Distribution hasty = Distribute(problem, 0);
    EXPECT_GE(hasty.cost, least);
    EXPECT_LE(hasty.lower_bound, least);
    EXPECT_EQ(hasty.cost, CostOf(problem, hasty.bin_of));
    EXPECT_EQ(Distribute(problem).bin_of, made.bin_of);
  }
}

// A whole cluster that has distributed nothing yet.
TEST_P(RandomProblem, OfAWholeClusterIsSolvedNearlyAsWellAsCanBe) {
  DistributionProblem problem;
  for (int bin = 0; bin < 8; ++bin) problem.bins.push_back({5 * Below(5), 100});
  for (int i = 0; i < 60; ++i) {
    DistributionItem item = Item(5 * (1 + Below(3)), {});
    for (int bin = 0; bin < 8; ++bin) {
      item.costs.push_back(5'000 * (Below(3) / 2) + (i % 8 == bin ? 0 : 1'000));
    }
    problem.items.push_back(std::move(item));
  }
  const Distribution made = Distribute(problem);
  EXPECT_EQ(made.cost, CostOf(problem, made.bin_of));
  EXPECT_LE(made.lower_bound, made.cost);
  EXPECT_LE(static_cast<double>(made.cost), 1.02 * static_cast<double>(made.lower_bound));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomProblem, ::testing::Range(0, 40));

}  // namespace
}  // namespace klynge::organisation
