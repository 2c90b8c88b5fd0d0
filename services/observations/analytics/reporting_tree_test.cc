#include "services/observations/analytics/reporting_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/observations/analytics/tree_test_support.h"

namespace klynge::observations::analytics {
namespace {

using ::testing::HasSubstr;

TEST(ReportingTree, KeepsEverySubtreeTogetherWhateverTheOrderGiven) {
  const ReportingTree tree = testing::TreeOf(
      {{"u1", "c1"}, {"c2", "top"}, {"c1", "top"}, {"top", ""}, {"u2", "c2"}, {"u3", "c1"}});
  const int c1 = tree.Find("c1");
  EXPECT_EQ(tree.node(c1).end - c1, 3);
  EXPECT_EQ(tree.node(c1).end_leaf - tree.node(c1).first_leaf, 2);
  EXPECT_EQ(tree.node(tree.Find("top")).end, 6);
  EXPECT_EQ(tree.node(tree.Find("u3")).depth, 2);
  EXPECT_EQ(tree.node(tree.Find("u3")).parent, c1);
  EXPECT_EQ(tree.leaf_count(), 3);
}

TEST(ReportingTree, OnlyUnitsWithNothingBelowAreLeaves) {
  const ReportingTree tree =
      testing::TreeOf({{"top", ""}, {"empty-cluster", "top"}, {"c", "top"}, {"u", "c"}});
  EXPECT_TRUE(tree.node(tree.Find("empty-cluster")).leaf);
  EXPECT_TRUE(tree.node(tree.Find("u")).leaf);
  EXPECT_FALSE(tree.node(tree.Find("c")).leaf);
}

TEST(ReportingTree, FindsNothingForAnUnknownUnit) {
  EXPECT_EQ(testing::Cluster(2).Find("elsewhere"), -1);
}

TEST(ReportingTree, RefusesAMissingParentATwinAndACircle) {
  using Unit = ReportingTree::Unit;
  EXPECT_THAT(ReportingTree::Make({Unit{"a", "", "", "gone"}}).status().message(),
              HasSubstr("gone"));
  EXPECT_THAT(
      ReportingTree::Make({Unit{"a", "", "", ""}, Unit{"a", "", "", ""}}).status().message(),
      HasSubstr("twice"));
  EXPECT_THAT(
      ReportingTree::Make({Unit{"t", "", "", ""}, Unit{"a", "", "", "b"}, Unit{"b", "", "", "a"}})
          .status()
          .message(),
      HasSubstr("circle"));
}

TEST(ReportingTree, CarriesATreeAsDeepAsAChainOfTenThousand) {
  std::vector<std::pair<std::string, std::string>> chain = {{"n0", ""}};
  for (int i = 1; i < 10'000; ++i) {
    chain.emplace_back(absl::StrCat("n", i), absl::StrCat("n", i - 1));
  }
  const ReportingTree tree = testing::TreeOf(chain);
  EXPECT_EQ(tree.leaf_count(), 1);
  EXPECT_EQ(tree.node(0).end, 10'000);
}

}  // namespace
}  // namespace klynge::observations::analytics
