#include "services/observations/analytics/published_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "services/observations/analytics/elimination_test_support.h"
#include "services/observations/analytics/tree_test_support.h"

namespace klynge::observations::analytics {
namespace {

using testing::Attacker;
using ::testing::ElementsAre;

std::shared_ptr<const ReportingTree> Share(ReportingTree tree) {
  return std::make_shared<const ReportingTree>(std::move(tree));
}

TEST(PublishedFigures, ShowTheDistributionOfALargeGroup) {
  const auto tree = Share(testing::Cluster(2));
  const PublishedFigures figures(tree, 1, {{1, 3}}, {{0, 0, 0, 1, 5}, {1, 0, 0, 3, 6}}, 5,
                                 DetailPriority::kUnits);
  EXPECT_THAT(figures.At(tree->Find("cluster"), {0}, 0)->counts, ElementsAre(5, 0, 6));
  EXPECT_THAT(figures.At(tree->Find("u1"), {0}, 1)->counts, ElementsAre(0, 0, 6));
}

TEST(PublishedFigures, GiveNothingForASmallGroup) {
  const auto tree = Share(testing::Cluster(2));
  const PublishedFigures figures(tree, 1, {{1, 3}}, {{0, 0, 0, 1, 4}, {1, 0, 0, 3, 6}}, 5,
                                 DetailPriority::kUnits);
  EXPECT_FALSE(figures.At(tree->Find("u0"), {0}, 0).has_value());
  EXPECT_FALSE(figures.At(tree->Find("u1"), {0}, 0).has_value());
  EXPECT_TRUE(figures.At(tree->Find("cluster"), {0}, 0).has_value());
}

TEST(PublishedFigures, SumItemsOfOneScaleWhereEachIsShown) {
  const auto tree = Share(testing::Cluster(1));
  const PublishedFigures figures(tree, 1, {{1, 3}, {1, 3}, {1, 3}},
                                 {{0, 0, 0, 1, 5}, {0, 1, 0, 3, 6}, {0, 2, 0, 3, 2}}, 5,
                                 DetailPriority::kUnits);
  const int u0 = tree->Find("u0");
  EXPECT_THAT(figures.At(u0, {0, 1}, 0)->counts, ElementsAre(5, 0, 6));
  EXPECT_FALSE(figures.At(u0, {0, 2}, 0).has_value());
}

TEST(PublishedFigures, CountAnItemNobodyRatedAsEmptyNotAsSmall) {
  const auto tree = Share(testing::Cluster(1));
  const PublishedFigures figures(tree, 1, {{1, 3}, {1, 3}}, {{0, 0, 0, 1, 5}}, 5,
                                 DetailPriority::kUnits);
  EXPECT_THAT(figures.At(0, {1}, 0)->counts, ElementsAre(0, 0, 0));
  EXPECT_THAT(figures.At(0, {0, 1}, 0)->counts, ElementsAre(5, 0, 0));
}

// Ratings by (leaf, item, month) that nobody but the test knows.
TEST(PublishedFigures, NeitherItemsNorTheirSumsGiveASmallGroupAway) {
  std::mt19937 random(22);
  int64_t hidden = 0;
  for (int trial = 0; trial < 150; ++trial) {
    const auto tree = Share(testing::RandomTree(random, 14));
    const int months = 1 + static_cast<int>(random() % 3);
    const int items = 3;
    std::map<std::vector<int>, int64_t> atoms;  // leaf, item, month
    std::vector<RatingCount> counts;
    for (int leaf = 0; leaf < tree->leaf_count(); ++leaf) {
      for (int item = 0; item < items; ++item) {
        for (int month = 0; month < months; ++month) {
          const auto n = static_cast<int64_t>(random() % 11);
          if (n == 0) continue;
          atoms[{leaf, item, month}] = n;
          counts.push_back({leaf, item, month, 1 + static_cast<int>(random() % 3), n});
        }
      }
    }
    const PublishedFigures figures(tree, months, {{1, 3}, {1, 3}, {1, 3}}, counts, 5,
                                   DetailPriority::kUnits);
    const auto vector_of = [&](int node, const std::vector<int>& of, int period) {
      Attacker::Vector vector;
      for (const auto& [atom, n] : atoms) {
        const bool below =
            tree->node(node).first_leaf <= atom[0] && atom[0] < tree->node(node).end_leaf;
        const bool among = std::count(of.begin(), of.end(), atom[1]) > 0;
        vector.push_back(below && among && (period == 0 || period == atom[2] + 1) ? 1 : 0);
      }
      return vector;
    };
    const std::vector<std::vector<int>> subjects = {{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 1, 2}};
    Attacker attacker;
    std::vector<Attacker::Vector> suppressed;
    for (int node = 0; node < tree->size(); ++node) {
      for (int period = 0; period <= months; ++period) {
        for (const auto& subject : subjects) {
          if (figures.At(node, subject, period)) {
            attacker.Learn(vector_of(node, subject, period));
          } else {
            suppressed.push_back(vector_of(node, subject, period));
          }
        }
      }
    }
    for (const auto& figure : suppressed) ASSERT_FALSE(attacker.CanCompute(figure));
    size_t place = 0;
    for (const auto& [atom, n] : atoms) {
      Attacker::Vector alone(atoms.size(), 0);
      alone[place++] = 1;
      if (n < 5) {
        ASSERT_FALSE(attacker.CanCompute(alone));
      }
    }
    hidden += static_cast<int64_t>(suppressed.size());
  }
  EXPECT_GT(hidden, 1000);
}

}  // namespace
}  // namespace klynge::observations::analytics
