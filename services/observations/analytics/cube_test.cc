#include "services/observations/analytics/cube.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "services/observations/analytics/tree_test_support.h"

namespace klynge::observations::analytics {
namespace {

using ::testing::ElementsAre;

TEST(ItemCube, SumsMonthsIntoTheRoundAndUnitsIntoTheCluster) {
  const ReportingTree tree = testing::Cluster(2);
  ItemCube cube(tree, 2, 1, 3);
  cube.Add(0, 0, 1, 4);
  cube.Add(0, 1, 3, 2);
  cube.Add(1, 1, 3, 5);
  cube.RollUp();
  EXPECT_THAT(cube.At(tree.Find("u0"), 0).counts, ElementsAre(4, 0, 2));
  EXPECT_THAT(cube.At(tree.Find("cluster"), 2).counts, ElementsAre(0, 0, 7));
  EXPECT_THAT(cube.At(tree.Find("cluster"), 0).counts, ElementsAre(4, 0, 7));
}

TEST(ItemCube, CountsObservationsByUnitAndMonth) {
  const ReportingTree tree = testing::Cluster(2);
  ItemCube cube(tree, 2, 1, 3);
  cube.Add(1, 0, 1, 4);
  cube.Add(1, 0, 2, 3);
  EXPECT_THAT(cube.Observations().counts, ElementsAre(0, 0, 7, 0));
}

TEST(ItemCube, AnErasedFigureIsGone) {
  const ReportingTree tree = testing::Cluster(1);
  ItemCube cube(tree, 1, 1, 2);
  cube.Add(0, 0, 2, 9);
  cube.RollUp();
  cube.Erase(tree.Find("u0"), 0);
  EXPECT_THAT(cube.At(tree.Find("u0"), 0).counts, ElementsAre(0, 0));
  EXPECT_THAT(cube.At(tree.Find("cluster"), 0).counts, ElementsAre(0, 9));
}

TEST(ItemCube, RollUpEqualsCountingAgainOnRandomTrees) {
  std::mt19937 random(20210901);
  for (int round = 0; round < 100; ++round) {
    const ReportingTree tree = testing::RandomTree(random, 40);
    const int months = 1 + static_cast<int>(random() % 4);
    ItemCube cube(tree, months, 1, 7);
    std::map<std::tuple<int, int, int>, int64_t> expected;  // node, period, value
    for (int i = 0; i < 200; ++i) {
      const int leaf = static_cast<int>(random() % tree.leaf_count());
      const int month = static_cast<int>(random() % months);
      const int value = 1 + static_cast<int>(random() % 7);
      cube.Add(leaf, month, value, 1);
      for (int node = tree.leaf_node(leaf); node >= 0; node = tree.node(node).parent) {
        ++expected[{node, 0, value}];
        ++expected[{node, month + 1, value}];
      }
    }
    cube.RollUp();
    for (int node = 0; node < tree.size(); ++node) {
      for (int period = 0; period <= months; ++period) {
        const Distribution at = cube.At(node, period);
        for (int value = 1; value <= 7; ++value) {
          ASSERT_EQ(at.counts[value - 1], (expected[{node, period, value}]));
        }
      }
    }
  }
}

}  // namespace
}  // namespace klynge::observations::analytics
