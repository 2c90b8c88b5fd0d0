#include "services/observations/round_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "services/observations/observations_test_support.h"
#include "services/organisation/client/random_lineage.h"

namespace klynge::observations {
namespace {

using organisation::testing::D;
using organisation::testing::OrganisationBuilder;
using organisation::testing::RandomLineage;
using testing::CatalogueBuilder;
using ::testing::ElementsAre;
using testing::Given;
using testing::TestRound;

// kl-1 → a, b and kl-2 → c, d until 2022-01-01; then kl-3 has all four.
OrganisationBuilder MergedCity() {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("omr", "area", "buf");
  city.Unit("kl-1", "cluster", "omr", "2020-01-01", "2022-01-01");
  city.Unit("kl-2", "cluster", "omr", "2020-01-01", "2022-01-01");
  city.Unit("kl-3", "cluster", "omr", "2022-01-01");
  for (const auto& [unit, cluster] : std::map<std::string, std::string>{
           {"a", "kl-1"}, {"b", "kl-1"}, {"c", "kl-2"}, {"d", "kl-2"}}) {
    city.Unit(unit, "nursery", cluster, "2020-01-01", "2022-01-01");
    city.Unit(unit, "nursery", "kl-3", "2022-01-01");
  }
  city.Succeed("kl-1", "kl-3", "2022-01-01").Succeed("kl-2", "kl-3", "2022-01-01");
  return city;
}

std::shared_ptr<const Round> Closed(const organisation::Tree& city,
                                    const std::vector<Given>& given) {
  return std::make_shared<Round>(
      *CatalogueBuilder().Closed(TestRound(), city, given).Build().FindRound("autumn"));
}

v1::Figure FigureOf(const RoundView& view, const std::string& unit, const std::string& item = "a",
                    int period = 0) {
  const auto subjects =
      SubjectsOf(*view.round().instrument, v1::AGGREGATE_SUBJECT_ITEM, {{item}, {}});
  v1::Figure figure;
  const int node = view.tree().Find(unit);
  EXPECT_GE(node, 0) << unit;
  if (node >= 0) view.Fill(subjects.at(0), node, period, &figure);
  return figure;
}

TEST(RoundView, CountsAMergedClusterAsTheSumOfWhatItWasMadeOf) {
  const auto city = MergedCity().BuildTree();
  const auto round = Closed(*city, {{"a", "a", 0, 1, 6}, {"c", "a", 0, 3, 7}, {"d", "a", 0, 2, 2}});
  const RoundView as_was(round);
  EXPECT_EQ(FigureOf(as_was, "kl-1").n(), 6);
  EXPECT_EQ(FigureOf(as_was, "kl-2").n(), 9);
  EXPECT_EQ(as_was.tree().Find("kl-3"), -1);
  const RoundView as_is(round, *city, D("2022-06-01"));
  const v1::Figure merged = FigureOf(as_is, "kl-3");
  EXPECT_EQ(merged.n(), 15);
  EXPECT_EQ(merged.distribution(0).count(), 6);
  EXPECT_EQ(merged.distribution(2).count(), 7);
  EXPECT_EQ(as_is.tree().Find("kl-1"), -1);
  EXPECT_EQ(FigureOf(as_is, "buf").n(), 15);
  EXPECT_THAT(as_is.CountedIn(as_is.tree().Find("kl-3")), ElementsAre("a", "b", "c", "d"));
}

TEST(RoundView, WithholdsAPartOfAGroupThatIsShownOnlyWhole) {
  // b goes to another cluster, and has too few to be shown beside a.
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("kl-1", "cluster", "buf");
  city.Unit("kl-2", "cluster", "buf").Unit("c", "nursery", "kl-2");
  city.Unit("a", "nursery", "kl-1");
  city.Unit("b", "nursery", "kl-1", "2020-01-01", "2022-01-01");
  city.Unit("b", "nursery", "kl-2", "2022-01-01");
  const auto tree = city.BuildTree();
  const auto round = Closed(*tree, {{"a", "a", 0, 1, 9}, {"b", "a", 0, 3, 2}, {"c", "a", 0, 2, 8}});
  const RoundView as_is(round, *tree, D("2022-06-01"));
  EXPECT_EQ(FigureOf(RoundView(round), "kl-1").n(), 11);
  // "a" alone is a figure of the round's own tree too, and suppressed there.
  EXPECT_EQ(FigureOf(as_is, "kl-1").suppression(), v1::SUPPRESSION_SMALL_GROUP);
  EXPECT_EQ(FigureOf(as_is, "kl-2").suppression(), v1::SUPPRESSION_OTHER_TREE);
  EXPECT_EQ(FigureOf(as_is, "kl-2").n(), 0);
  EXPECT_EQ(FigureOf(as_is, "c").n(), 8);
  EXPECT_EQ(FigureOf(as_is, "buf").n(), 19);
}

TEST(RoundView, TakesOffAUnitThatMovedAwayWhereItIsShown) {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("kl-1", "cluster", "buf");
  city.Unit("kl-2", "cluster", "buf").Unit("c", "nursery", "kl-2");
  city.Unit("a", "nursery", "kl-1").Unit("a2", "nursery", "kl-1");
  city.Unit("b", "nursery", "kl-1", "2020-01-01", "2022-01-01");
  city.Unit("b", "nursery", "kl-2", "2022-01-01");
  const auto tree = city.BuildTree();
  // a and a2 are too few for figures of their own.
  const auto round = Closed(
      *tree, {{"a", "a", 0, 1, 3}, {"a2", "a", 0, 1, 4}, {"b", "a", 0, 3, 7}, {"c", "a", 0, 2, 8}});
  const RoundView as_is(round, *tree, D("2022-06-01"));
  EXPECT_EQ(FigureOf(as_is, "a").suppression(), v1::SUPPRESSION_SMALL_GROUP);
  EXPECT_EQ(FigureOf(as_is, "kl-1").n(), 7);
  EXPECT_EQ(FigureOf(as_is, "kl-2").n(), 15);
}

TEST(RoundView, CountsAUnitSplitWithoutACarrierInTheOneAbove) {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("kl-1", "cluster", "buf");
  city.Unit("a", "nursery", "kl-1").Unit("b", "nursery", "kl-1", "2020-01-01", "2022-01-01");
  city.Unit("b-1", "nursery", "kl-1", "2022-01-01").Unit("b-2", "nursery", "kl-1", "2022-01-01");
  city.Succeed("b", "b-1", "2022-01-01").Succeed("b", "b-2", "2022-01-01");
  const auto tree = city.BuildTree();
  const auto round = Closed(*tree, {{"a", "a", 0, 1, 9}, {"b", "a", 0, 3, 7}});
  const RoundView as_is(round, *tree, D("2022-06-01"));
  EXPECT_EQ(as_is.tree().Find("b-1"), -1);
  EXPECT_EQ(FigureOf(as_is, "a").n(), 9);
  EXPECT_EQ(FigureOf(as_is, "kl-1").n(), 16);
}

TEST(RoundView, ShowsNothingOfAnOpenRound) {
  const auto city = MergedCity().BuildTree();
  const auto round = std::make_shared<Round>(
      *CatalogueBuilder().Open(TestRound(), *city).Build().FindRound("autumn"));
  const RoundView as_is(round, *city, D("2022-06-01"));
  EXPECT_EQ(FigureOf(as_is, "kl-3").suppression(), v1::SUPPRESSION_ROUND_OPEN);
}

// Whatever was merged, split, closed and moved: over every tree each rating counts once, and where
// replaying what became of its unit puts it. All groups are large, so that nothing is withheld.
TEST(RoundViewProperty, EachRatingCountsOnceAsIsAndAsWas) {
  for (unsigned seed = 1; seed <= 25; ++seed) {
    RandomLineage history(seed);
    v1::Round proto = TestRound();
    const Date opens = history.AnyDay();
    proto.set_opens_on(FormatDate(opens));
    proto.set_closes_on(FormatDate(opens + 20));
    std::vector<Given> given;
    int64_t all = 0;
    for (const auto* unit : history.tree()->UnitsOn(opens)) {
      if (unit->kind != "nursery") continue;
      const auto n = static_cast<int64_t>(5 + history.Pick(9));
      given.push_back({unit->unit_id, "a", 0, 1 + static_cast<int>(history.Pick(3)), n});
      all += n;
    }
    CatalogueBuilder builder;
    builder.Closed(proto, *history.tree(), given);
    const auto round = std::make_shared<Round>(*builder.Build().FindRound("autumn"));
    for (int tree_day = 0; tree_day < 8; ++tree_day) {
      const Date on = tree_day == 0 ? opens : history.AnyDay();
      const RoundView view(round, *history.tree(), on);
      std::map<std::string, std::vector<int64_t>> naive;
      for (const Given& rated : given) {
        std::string at = history.CountedAt(rated.unit, on);
        while (!at.empty()) {
          auto& counts = naive[at];
          counts.resize(3);
          counts[rated.value - 1] += rated.n;
          at = history.tree()->FindUnit(at, on)->parent_id;
        }
      }
      EXPECT_EQ(FigureOf(view, "buf").n(), all) << "seed " << seed;
      ASSERT_EQ(static_cast<size_t>(view.tree().size()), naive.size());
      for (const auto& [unit, counts] : naive) {
        const v1::Figure figure = FigureOf(view, unit);
        ASSERT_EQ(figure.suppression(), v1::SUPPRESSION_NONE) << unit << " on " << on;
        ASSERT_EQ(figure.distribution_size(), 3);
        for (int value = 0; value < 3; ++value) {
          EXPECT_EQ(figure.distribution(value).count(), counts[value]);
        }
      }
    }
  }
}

// With small groups too: what is shown is right, and the top is as it was.
TEST(RoundViewProperty, WhatIsShownOverAnotherTreeIsRight) {
  int64_t shown = 0, withheld = 0;
  for (unsigned seed = 1; seed <= 25; ++seed) {
    RandomLineage history(seed);
    v1::Round proto = TestRound();
    const Date opens = history.AnyDay();
    proto.set_opens_on(FormatDate(opens));
    proto.set_closes_on(FormatDate(opens));
    std::vector<Given> given;
    for (const auto* unit : history.tree()->UnitsOn(opens)) {
      if (unit->kind != "nursery") continue;
      given.push_back({unit->unit_id, "a", 0, 2, static_cast<int64_t>(1 + history.Pick(12))});
    }
    CatalogueBuilder builder;
    builder.Closed(proto, *history.tree(), given);
    const auto round = std::make_shared<Round>(*builder.Build().FindRound("autumn"));
    const Date on = history.AnyDay();
    const RoundView view(round, *history.tree(), on);
    EXPECT_EQ(FigureOf(view, "buf").SerializeAsString(),
              FigureOf(RoundView(round), "buf").SerializeAsString());
    for (const auto& node : view.tree().nodes()) {
      int64_t n = 0;
      for (const Given& rated : given) {
        if (history.tree()->IsWithin(history.CountedAt(rated.unit, on), node.unit.unit_id, on)) {
          n += rated.n;
        }
      }
      const v1::Figure figure = FigureOf(view, node.unit.unit_id);
      if (figure.suppression() == v1::SUPPRESSION_NONE) {
        EXPECT_EQ(figure.n(), n);
        EXPECT_GE(n, 5);
        ++shown;
      } else {
        ++withheld;
      }
    }
  }
  EXPECT_GT(shown, 300);
  EXPECT_GT(withheld, 50);
}

}  // namespace
}  // namespace klynge::observations
