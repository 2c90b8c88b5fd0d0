#include "services/goals/roll_up.h"

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/goals/goal_test_support.h"
#include "services/goals/progress.h"
#include "services/organisation/client/random_lineage.h"
#include "services/organisation/client/test_support.h"

namespace klynge::goals {
namespace {

using organisation::testing::OrganisationBuilder;
using organisation::testing::SmallCity;
using testing::D;
using ::testing::ElementsAre;
using testing::GoalBuilder;
using ::testing::IsEmpty;

const Date kDay = D("2022-06-01");

GoalBuilder Agreed(std::string goal_id, std::string unit_id, double value) {
  GoalBuilder goal(std::move(goal_id), std::move(unit_id));
  return goal.AgreedOn("2021-09-15").Value("2022-01-01", value);
}

RollUp Over(const std::vector<GoalBuilder>& goals) {
  RollUp roll_up(SmallCity().BuildTree(), kDay);
  for (const GoalBuilder& goal : goals) roll_up.Set(goal.Build());
  return roll_up;
}

double Progress(RollUp& roll_up, absl::string_view unit_id) {
  return roll_up.Find(unit_id)->total.sum.Mean().value();
}

TEST(RollUp, GivesAUnitItsOwnGoalsAndThoseBelow) {
  RollUp roll_up = Over(
      {Agreed("a", "e-vvk-01-01", 10), Agreed("b", "kl-vvk-01", 0), Agreed("c", "kl-vvk-02", 10)});
  EXPECT_DOUBLE_EQ(Progress(roll_up, "e-vvk-01-01"), 1);
  EXPECT_DOUBLE_EQ(Progress(roll_up, "kl-vvk-01"), 0.5);
  EXPECT_DOUBLE_EQ(Progress(roll_up, "buf"), 2.0 / 3);
  EXPECT_EQ(roll_up.Find("kl-vvk-01")->own.sum.counted, 1);
}

TEST(RollUp, WeighsGoals) {
  RollUp roll_up = Over({Agreed("a", "e-vvk-01-01", 10).Weight(3), Agreed("b", "e-vvk-02-01", 0)});
  EXPECT_DOUBLE_EQ(Progress(roll_up, "omr-vvk"), 0.75);
}

TEST(RollUp, HasNoProgressWhereNoGoalCounts) {
  RollUp roll_up = Over({GoalBuilder("draft", "kl-vvk-01")});
  EXPECT_EQ(roll_up.Find("kl-vvk-01")->total.sum.Mean(), absl::nullopt);
  EXPECT_EQ(roll_up.Find("kl-vvk-01")->total.draft, 1);
}

TEST(RollUp, CountsAnAgreedGoalWithoutAValueAsZeroAndSaysSo) {
  RollUp roll_up = Over({GoalBuilder("new", "kl-vvk-01").AgreedOn("2021-09-15")});
  EXPECT_DOUBLE_EQ(Progress(roll_up, "kl-vvk-01"), 0);
  EXPECT_EQ(roll_up.Find("kl-vvk-01")->total.unmeasured, 1);
}

TEST(RollUp, CoversCoreAreasByDraftsAndCountedGoalsButNotByAbandonedOnes) {
  RollUp roll_up =
      Over({GoalBuilder("draft", "kl-vvk-01").CoreAreas({"clear_goals"}),
            Agreed("agreed", "e-vvk-01-01", 5).CoreAreas({"building_trust", "strategic_resources"}),
            Agreed("gone", "kl-vvk-01", 5)
                .CoreAreas({"cross_collaboration"})
                .ClosedOn("2022-03-01", State::kAbandoned)});
  const auto& areas = roll_up.Find("kl-vvk-01")->total.areas;
  EXPECT_TRUE(areas.at("clear_goals").covered());
  EXPECT_DOUBLE_EQ(*areas.at("building_trust").sum.Mean(), 0.5);
  EXPECT_TRUE(areas.at("strategic_resources").covered());
  EXPECT_EQ(areas.count("cross_collaboration"), 0u);
  EXPECT_EQ(roll_up.Find("kl-vvk-01")->total.abandoned, 1);
}

TEST(RollUp, ListsOverdueGoalsTheLongestFirst) {
  RollUp roll_up = Over({Agreed("short", "e-vvk-01-01", 5).Interval(100),
                         Agreed("long", "kl-vvk-02", 5).Interval(30),
                         Agreed("fine", "e-vvk-01-02", 5).Interval(366)});
  std::vector<std::string> ids;
  for (const Overdue& late : roll_up.OverdueIn("buf", 10)) ids.push_back(late.goal_id);
  EXPECT_THAT(ids, ElementsAre("long", "short"));
  EXPECT_EQ(roll_up.OverdueIn("buf", 1).size(), 1u);
  EXPECT_THAT(roll_up.OverdueIn("net-vvk-01", 10), IsEmpty());
  EXPECT_EQ(roll_up.Find("omr-vvk")->total.overdue, 2);
}

TEST(RollUp, KnowsOnlyTheUnitsOfItsTreesDay) {
  OrganisationBuilder city = SmallCity();
  city.Unit("e-new", "club", "kl-vvk-01", "2023-01-01");
  RollUp roll_up(city.BuildTree(), kDay);
  roll_up.Set(Agreed("a", "e-new", 10).Build());
  roll_up.Set(Agreed("b", "e-unknown", 10).Build());
  EXPECT_EQ(roll_up.Find("e-new"), nullptr);
  EXPECT_EQ(roll_up.Find("kl-vvk-01")->own.sum.counted, 1);
  EXPECT_EQ(roll_up.Find("buf")->total.sum.counted, 1);
}

// Both clusters go on in a new one on 2022-01-01.
OrganisationBuilder MergedCity() {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("omr", "area", "buf");
  city.Unit("kl-1", "cluster", "omr", "2020-01-01", "2022-01-01");
  city.Unit("kl-2", "cluster", "omr", "2020-01-01", "2022-01-01");
  city.Unit("kl-3", "cluster", "omr", "2022-01-01");
  city.Succeed("kl-1", "kl-3", "2022-01-01").Succeed("kl-2", "kl-3", "2022-01-01");
  return city;
}

TEST(RollUp, CountsGoalsOfMergedUnitsAsWasInEachAndAsIsInTheNewOne) {
  const auto tree = MergedCity().BuildTree();
  const std::vector<GoalBuilder> goals = {Agreed("a", "kl-1", 10).Interval(30),
                                          Agreed("b", "kl-2", 0).CoreAreas({"building_trust"})};
  RollUp as_was(tree, D("2021-12-31"));
  RollUp as_is(tree, D("2021-12-31"), D("2022-06-01"));
  for (const GoalBuilder& goal : goals) {
    as_was.Set(goal.Build());
    as_is.Set(goal.Build());
  }
  EXPECT_EQ(as_was.Find("kl-1")->own.agreed, 1);
  EXPECT_EQ(as_was.Find("kl-3"), nullptr);
  EXPECT_EQ(as_is.Find("kl-1"), nullptr);
  EXPECT_EQ(as_is.Find("kl-3")->own.agreed, 2);
  EXPECT_TRUE(as_is.Find("kl-3")->total.areas.at("building_trust").covered());
  const auto overdue = as_is.OverdueIn("kl-3", 10);
  ASSERT_EQ(overdue.size(), 2u);
  EXPECT_EQ(overdue[0].unit_id, "kl-1");
}

// A city of 3 levels with up to 40 units, and goals that change at random.
class RandomCity {
 public:
  explicit RandomCity(unsigned seed) : random_(seed) {
    OrganisationBuilder city;
    units_.push_back("u0");
    city.Unit("u0", "administration", "");
    for (int i = 1; i < 40; ++i) {
      city.Unit(absl::StrCat("u", i), "cluster", units_[Pick(units_.size())]);
      units_.push_back(absl::StrCat("u", i));
    }
    tree_ = city.BuildTree();
  }

  Goal AnyGoal() {
    GoalBuilder goal(absl::StrCat("g", Pick(60)), "");
    goal.Weight(0.1 + static_cast<double>(Pick(50)) / 7);
    goal.CoreAreas({absl::StrCat("area", Pick(9)), absl::StrCat("area", 9 + Pick(3))});
    goal.Interval(1 + static_cast<int64_t>(Pick(300)));
    if (Pick(4) > 0) goal.AgreedOn("2021-09-15");
    if (Pick(3) > 0) goal.Value("2022-01-01", static_cast<double>(Pick(1000)) / 83);
    if (Pick(8) == 0) goal.ClosedOn("2022-05-01", Pick(2) ? State::kAchieved : State::kAbandoned);
    Goal made = goal.Build();
    // A goal stays with its unit.
    made.unit_id = units_[std::hash<std::string>{}(made.goal_id) % units_.size()];
    return made;
  }

  size_t Pick(size_t below) { return std::uniform_int_distribution<size_t>(0, below - 1)(random_); }
  const std::vector<std::string>& units() const { return units_; }
  std::shared_ptr<const organisation::Tree> tree() const { return tree_; }

 private:
  std::mt19937 random_;
  std::vector<std::string> units_;
  std::shared_ptr<const organisation::Tree> tree_;
};

void ExpectSame(const UnitSums& a, const UnitSums& b) {
  // Bit for bit: what is kept step by step never drifts.
  EXPECT_EQ(a.sum.weight, b.sum.weight);
  EXPECT_EQ(a.sum.weighted, b.sum.weighted);
  EXPECT_EQ(std::tie(a.sum.counted, a.unmeasured, a.draft, a.agreed, a.achieved, a.abandoned),
            std::tie(b.sum.counted, b.unmeasured, b.draft, b.agreed, b.achieved, b.abandoned));
  EXPECT_EQ(a.overdue, b.overdue);
  ASSERT_EQ(a.areas.size(), b.areas.size());
  for (const auto& [code, area] : a.areas) {
    EXPECT_EQ(area.sum.weighted, b.areas.at(code).sum.weighted) << code;
    EXPECT_EQ(area.drafts, b.areas.at(code).drafts) << code;
  }
}

TEST(RollUpProperty, KeptStepByStepEqualsReckoningFromScratch) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    RandomCity city(seed);
    RollUp kept(city.tree(), kDay);
    std::map<std::string, Goal> goals;
    for (int step = 0; step < 200; ++step) {
      Goal goal = city.AnyGoal();
      kept.Set(goal);
      goals.insert_or_assign(goal.goal_id, goal);
      // Now and then, so that several changes also settle together.
      if (city.Pick(3) == 0) kept.Find("u0");
    }
    RollUp fresh(city.tree(), kDay);
    for (const auto& [goal_id, goal] : goals) fresh.Set(goal);
    for (const std::string& unit : city.units()) {
      ExpectSame(kept.Find(unit)->total, fresh.Find(unit)->total);
      ExpectSame(kept.Find(unit)->own, fresh.Find(unit)->own);
    }
  }
}

TEST(RollUpProperty, AUnitIsTheFlatMeanOverEveryGoalInItsSubtree) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    RandomCity city(seed);
    RollUp roll_up(city.tree(), kDay);
    std::map<std::string, Goal> goals;
    for (int i = 0; i < 100; ++i) {
      Goal goal = city.AnyGoal();
      goals.insert_or_assign(goal.goal_id, goal);
      roll_up.Set(goal);
    }
    for (const std::string& unit : city.units()) {
      double weight = 0, weighted = 0;
      for (const auto& [goal_id, goal] : goals) {
        if (!city.tree()->IsWithin(goal.unit_id, unit, kDay) || !Counts(goal, kDay)) continue;
        weight += goal.weight;
        weighted += goal.weight * *OwnProgress(goal, kDay);
      }
      const auto mean = roll_up.Find(unit)->total.sum.Mean();
      ASSERT_EQ(mean.has_value(), weight > 0);
      EXPECT_NEAR(mean.value_or(0), weight > 0 ? weighted / weight : 0, 1e-12);
    }
  }
}

// Whatever was merged, split, closed and moved: over every tree each goal counts once, and where
// replaying what became of its unit puts it.
TEST(RollUpProperty, EachGoalCountsOnceAsIsAndAsWas) {
  for (unsigned seed = 1; seed <= 25; ++seed) {
    organisation::testing::RandomLineage history(seed);
    std::vector<Goal> goals;
    for (int i = 0; i < 120; ++i) {
      const std::string& unit = history.units()[history.Pick(history.units().size())];
      GoalBuilder goal = Agreed(absl::StrCat("g", i), unit, static_cast<double>(history.Pick(11)));
      goals.push_back(goal.Weight(1 + static_cast<double>(history.Pick(4))).Build());
    }
    const Date day = D("2022-06-01");
    for (int tree_day = 0; tree_day < 6; ++tree_day) {
      const Date on = history.AnyDay();
      RollUp roll_up(history.tree(), day, on);
      std::map<std::string, UnitSums> naive;
      for (const Goal& goal : goals) {
        roll_up.Set(goal);
        std::string at = history.CountedAt(goal.unit_id, on);
        while (!at.empty()) {
          naive[at].Add(ContributionOf(goal, day));
          at = history.tree()->FindUnit(at, on)->parent_id;
        }
      }
      EXPECT_EQ(roll_up.Find("buf")->total.agreed, static_cast<int64_t>(goals.size()));
      int64_t own = 0;
      for (const auto* unit : history.tree()->UnitsOn(on)) {
        const UnitSums& total = roll_up.Find(unit->unit_id)->total;
        const UnitSums& counted = naive[unit->unit_id];
        own += roll_up.Find(unit->unit_id)->own.agreed;
        EXPECT_EQ(std::tie(total.sum.counted, total.agreed, total.overdue),
                  std::tie(counted.sum.counted, counted.agreed, counted.overdue));
        EXPECT_NEAR(total.sum.weighted, counted.sum.weighted, 1e-9);
        EXPECT_EQ(total.sum.weight, counted.sum.weight);
        EXPECT_EQ(total.areas.size(), counted.areas.size());
      }
      EXPECT_EQ(own, static_cast<int64_t>(goals.size()));
    }
  }
}

}  // namespace
}  // namespace klynge::goals
