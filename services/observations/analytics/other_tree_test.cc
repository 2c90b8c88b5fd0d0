#include "services/observations/analytics/other_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "services/observations/analytics/elimination_test_support.h"
#include "services/observations/analytics/tree_test_support.h"

namespace klynge::observations::analytics {
namespace {

using testing::Attacker;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::UnorderedElementsAre;

// top → {a → a0, a1; b → b0, b1}
ReportingTree TwoClusters() {
  return testing::TreeOf({{"top", ""},
                          {"a", "top"},
                          {"a0", "a"},
                          {"a1", "a"},
                          {"b", "top"},
                          {"b0", "b"},
                          {"b1", "b"}});
}

LeafSet Among(const ReportingTree& tree, const std::set<std::string>& units) {
  std::vector<bool> among;
  for (int leaf = 0; leaf < tree.leaf_count(); ++leaf) {
    among.push_back(units.count(tree.node(tree.leaf_node(leaf)).unit.unit_id) > 0);
  }
  return LeafSet(tree, among);
}

// "+a −a0" from what of the tree is shown.
absl::optional<std::string> Composed(const ReportingTree& tree, const std::set<std::string>& units,
                                     const std::set<std::string>& shown) {
  const auto terms = Compose(
      Among(tree, units), [&](int node) { return shown.count(tree.node(node).unit.unit_id) > 0; });
  if (!terms) return absl::nullopt;
  std::string text;
  for (const Term& term : *terms) {
    absl::StrAppend(&text, text.empty() ? "" : " ", term.sign > 0 ? "+" : "−",
                    tree.node(term.node).unit.unit_id);
  }
  return text;
}

TEST(OtherTree, AddsGroupsThatWereMergedWhole) {
  const ReportingTree tree = TwoClusters();
  EXPECT_THAT(Composed(tree, {"a0", "a1", "b0"}, {"a", "b0"}), Optional(std::string("+a +b0")));
  EXPECT_THAT(Composed(tree, {"a0", "a1", "b0", "b1"}, {"a", "b"}), Optional(std::string("+a +b")));
}

TEST(OtherTree, TakesOffWhatHasLeft) {
  const ReportingTree tree = TwoClusters();
  EXPECT_THAT(Composed(tree, {"a1"}, {"a", "a0"}), Optional(std::string("+a −a0")));
  EXPECT_THAT(Composed(tree, {"a0", "a1", "b1"}, {"top", "b0"}), Optional(std::string("+top −b0")));
}

TEST(OtherTree, GivesNothingWhereAGroupIsCutThatIsShownOnlyWhole) {
  const ReportingTree tree = TwoClusters();
  EXPECT_EQ(Composed(tree, {"a0", "b0", "b1"}, {"top", "a", "b"}), absl::nullopt);
  EXPECT_EQ(Composed(tree, {"a0"}, {}), absl::nullopt);
}

TEST(OtherTree, NeedsNothingForNoLeaves) {
  EXPECT_THAT(Composed(TwoClusters(), {}, {}), Optional(std::string()));
}

TEST(OtherTree, KnowsTheNodeThatHasTheSameLeaves) {
  const ReportingTree tree = TwoClusters();
  EXPECT_EQ(Among(tree, {"a0", "a1"}).Node(), tree.Find("a"));
  EXPECT_EQ(Among(tree, {"b1"}).Node(), tree.Find("b1"));
  EXPECT_EQ(Among(tree, {"a0", "a1", "b0", "b1"}).Node(), tree.Find("top"));
  EXPECT_EQ(Among(tree, {"a0", "b0"}).Node(), -1);
}

TEST(OtherTree, AddsUpTheRatings) {
  const auto tree = std::make_shared<const ReportingTree>(TwoClusters());
  const PublishedFigures figures(
      tree, 1, {{1, 3}, {1, 3}},
      {{0, 0, 0, 1, 5}, {1, 0, 0, 2, 6}, {2, 0, 0, 3, 7}, {3, 0, 0, 3, 2}, {0, 1, 0, 1, 3}}, 5,
      DetailPriority::kUnits);
  EXPECT_THAT(ComposedAt(figures, Among(*tree, {"a0", "a1"}), {0}, 0)->counts,
              ElementsAre(5, 6, 0));
  EXPECT_THAT(ComposedAt(figures, Among(*tree, {"a1", "b0", "b1"}), {0}, 0)->counts,
              ElementsAre(0, 6, 9));
  EXPECT_EQ(ComposedAt(figures, Among(*tree, {"a0", "b0"}), {0}, 0), absl::nullopt);
  // The other item is shown nowhere where somebody has rated it.
  EXPECT_EQ(ComposedAt(figures, Among(*tree, {"a0", "a1"}), {0, 1}, 0), absl::nullopt);
  EXPECT_THAT(ComposedAt(figures, Among(*tree, {"a1"}), {0, 1}, 0)->counts, ElementsAre(0, 6, 0));
}

// A round with what only the test knows of it, and everything that is shown of it over its own tree
// and over others.
class RandomRound {
 public:
  explicit RandomRound(std::mt19937& random)
      : tree_(std::make_shared<const ReportingTree>(testing::RandomTree(random, 16))),
        months_(1 + static_cast<int>(random() % 3)) {
    for (int leaf = 0; leaf < tree_->leaf_count(); ++leaf) {
      for (int item = 0; item < kItems; ++item) {
        for (int month = 0; month < months_; ++month) {
          const auto n = static_cast<int64_t>(random() % 11);
          if (n > 0) atoms_[{leaf, item, month}] = {1 + static_cast<int>(random() % 3), n};
        }
      }
    }
    std::vector<RatingCount> counts;
    for (const auto& [atom, given] : atoms_) {
      counts.push_back({atom[0], atom[1], atom[2], given.first, given.second});
    }
    figures_ = std::make_unique<PublishedFigures>(
        tree_, months_, std::vector<ItemScale>(kItems, {1, 3}), counts, kThreshold,
        random() % 2 == 0 ? DetailPriority::kUnits : DetailPriority::kMonths);
  }

  static constexpr int kItems = 2;
  static constexpr int kThreshold = 5;

  const ReportingTree& tree() const { return *tree_; }
  const PublishedFigures& figures() const { return *figures_; }
  int months() const { return months_; }
  const std::map<std::vector<int>, std::pair<int, int64_t>>& atoms() const { return atoms_; }

  // The groups that a merge, a split or a move may make of the single units.
  std::vector<bool> AnyLeaves(std::mt19937& random) const {
    std::vector<bool> among(tree_->leaf_count());
    const auto often = 1 + random() % 4;
    for (size_t leaf = 0; leaf < among.size(); ++leaf) among[leaf] = random() % 5 < often;
    return among;
  }

  Attacker::Vector VectorOf(const std::vector<bool>& among, const std::vector<int>& items,
                            int period) const {
    Attacker::Vector vector;
    for (const auto& [atom, given] : atoms_) {
      const bool item = std::count(items.begin(), items.end(), atom[1]) > 0;
      vector.push_back(among[atom[0]] && item && (period == 0 || period == atom[2] + 1) ? 1 : 0);
    }
    return vector;
  }

  std::vector<bool> LeavesOf(int node) const {
    std::vector<bool> among(tree_->leaf_count(), false);
    for (int leaf = tree_->node(node).first_leaf; leaf < tree_->node(node).end_leaf; ++leaf) {
      among[leaf] = true;
    }
    return among;
  }

  // What counting anew gives.
  Distribution Count(const std::vector<bool>& among, const std::vector<int>& items,
                     int period) const {
    Distribution sum{1, {0, 0, 0}};
    for (const auto& [atom, given] : atoms_) {
      const bool item = std::count(items.begin(), items.end(), atom[1]) > 0;
      if (!among[atom[0]] || !item || (period > 0 && period != atom[2] + 1)) continue;
      sum.counts[given.first - 1] += given.second;
    }
    return sum;
  }

 private:
  std::shared_ptr<const ReportingTree> tree_;
  int months_;
  std::map<std::vector<int>, std::pair<int, int64_t>> atoms_;  // leaf, item, month → value, n
  std::unique_ptr<PublishedFigures> figures_;
};

const std::vector<std::vector<int>> kSubjects = {{0}, {1}, {0, 1}};

// Everything that is shown over the round's own tree is learnt, then what is composed for many
// others beside it: no suppressed figure of either view can be computed, and no small group.
TEST(OtherTree, AndTheRoundsOwnTogetherGiveNothingAway) {
  std::mt19937 random(2022);
  int64_t hidden = 0, composed = 0, withheld = 0;
  for (int trial = 0; trial < 150; ++trial) {
    const RandomRound round(random);
    Attacker attacker;
    std::vector<Attacker::Vector> suppressed;
    for (int node = 0; node < round.tree().size(); ++node) {
      for (int period = 0; period <= round.months(); ++period) {
        for (const auto& items : kSubjects) {
          auto vector = round.VectorOf(round.LeavesOf(node), items, period);
          if (round.figures().At(node, items, period)) {
            attacker.Learn(std::move(vector));
          } else {
            suppressed.push_back(std::move(vector));
          }
        }
      }
    }
    for (int other = 0; other < 40; ++other) {
      const std::vector<bool> among = round.AnyLeaves(random);
      const LeafSet leaves(round.tree(), among);
      for (int period = 0; period <= round.months(); ++period) {
        for (const auto& items : kSubjects) {
          const auto shown = ComposedAt(round.figures(), leaves, items, period);
          auto vector = round.VectorOf(among, items, period);
          if (!shown) {
            ++withheld;
            continue;
          }
          ASSERT_EQ(shown->counts, round.Count(among, items, period).counts);
          int64_t n = 0;
          for (const int64_t count : shown->counts) n += count;
          ASSERT_TRUE(n == 0 || n >= RandomRound::kThreshold);
          attacker.Learn(std::move(vector));
          ++composed;
        }
      }
    }
    for (const auto& figure : suppressed) ASSERT_FALSE(attacker.CanCompute(figure));
    size_t place = 0;
    for (const auto& [atom, given] : round.atoms()) {
      Attacker::Vector alone(round.atoms().size(), 0);
      alone[place++] = 1;
      if (given.second < RandomRound::kThreshold) {
        ASSERT_FALSE(attacker.CanCompute(alone));
      }
    }
    hidden += static_cast<int64_t>(suppressed.size());
  }
  EXPECT_GT(hidden, 1000);
  EXPECT_GT(composed, 5000);
  EXPECT_GT(withheld, 5000);
}

// Not only safe: what is composed was there to be computed by everybody.
TEST(OtherTree, SaysNothingThatTheRoundsOwnFiguresDoNot) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 100; ++trial) {
    const RandomRound round(random);
    for (int item = 0; item < RandomRound::kItems; ++item) {
      for (int period = 0; period <= round.months(); ++period) {
        Attacker attacker;
        for (int node = 0; node < round.tree().size(); ++node) {
          if (round.figures().Shows(node, item, period)) {
            attacker.Learn(round.VectorOf(round.LeavesOf(node), {item}, period));
          }
        }
        for (int other = 0; other < 10; ++other) {
          const std::vector<bool> among = round.AnyLeaves(random);
          if (ComposedAt(round.figures(), LeafSet(round.tree(), among), {item}, period)) {
            ASSERT_TRUE(attacker.CanCompute(round.VectorOf(among, {item}, period)));
          }
        }
      }
    }
  }
}

// Whole published groups always make a figure.
TEST(OtherTree, ShowsEverySumOfGroupsThatAreShown) {
  std::mt19937 random(11);
  for (int trial = 0; trial < 100; ++trial) {
    const RandomRound round(random);
    std::vector<bool> among(round.tree().leaf_count(), false);
    for (int node = 0; node < round.tree().size(); ++node) {
      if (random() % 3 > 0 || !round.figures().Shows(node, 0, 0)) continue;
      for (int leaf = round.tree().node(node).first_leaf; leaf < round.tree().node(node).end_leaf;
           ++leaf) {
        among[leaf] = true;
      }
    }
    ASSERT_TRUE(ComposedAt(round.figures(), LeafSet(round.tree(), among), {0}, 0));
  }
}

}  // namespace
}  // namespace klynge::observations::analytics
