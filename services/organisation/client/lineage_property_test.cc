// Lineage over random merges, splits, closures and moves, against a model that replays them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/client/lineage.h"
#include "services/organisation/client/passing_units.h"
#include "services/organisation/client/random_lineage.h"

namespace klynge::organisation::testing {
namespace {

TEST(LineageProperty, CountsEveryUnitWhereReplayingItsHistoryDoes) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    RandomLineage history(seed);
    const auto& lineage = history.tree()->Indexed<Lineage>();
    for (int i = 0; i < 12; ++i) {
      const Date on = history.AnyDay();
      for (const std::string& unit_id : history.units()) {
        const UnitVersion* standing = lineage.StandsFor(unit_id, on);
        ASSERT_NE(standing, nullptr) << "seed " << seed << ": " << unit_id << " on " << on;
        ASSERT_EQ(standing->unit_id, history.CountedAt(unit_id, on))
            << "seed " << seed << ": " << unit_id << " on " << on;
      }
    }
  }
}

TEST(LineageProperty, PassingUnitsAreTheOtherDirection) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    RandomLineage history(seed);
    const Date on = history.AnyDay();
    const auto& passing = history.tree()->Indexed<PassingUnits>();
    std::multiset<std::string> counted;
    for (const UnitVersion* unit : history.tree()->UnitsOn(on)) {
      for (const std::string& other : passing.CountedIn({unit->unit_id}, on)) {
        EXPECT_EQ(history.CountedAt(other, on), unit->unit_id);
        counted.insert(other);
      }
      counted.insert(unit->unit_id);
    }
    // Each once, nothing lost.
    EXPECT_EQ(counted.size(), history.units().size()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace klynge::organisation::testing
