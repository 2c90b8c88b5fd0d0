#include "services/observations/unit_uses.h"

#include <gmock/gmock.h>

#include "services/observations/observations_test_support.h"
#include "tests/support/unit_uses_text.h"

namespace klynge::observations {
namespace {

using ::klynge::testing::Lines;
using organisation::testing::SmallCity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestRound;

// An open round over one cluster, another over all, and a closed one.
testing::CatalogueBuilder Rounds() {
  const auto city = SmallCity().BuildTree();
  v1::Round of_cluster = TestRound("of-cluster");
  of_cluster.set_root_unit_ids(0, "kl-vvk-01");
  testing::CatalogueBuilder catalogue;
  catalogue.Open(TestRound("of-all"), *city);
  catalogue.Open(of_cluster, *city);
  catalogue.Closed(TestRound("closed"), *city, {{"e-vvk-01-01", "a", 0, 2, 9}});
  return catalogue;
}

std::vector<std::string> UsesOn(const std::string& unit, Date from, Date today) {
  rpc::UnitUses uses = UsesOf({{unit}, from}, Rounds().Build(), today);
  rpc::SortUses(uses, "");
  return Lines(uses);
}

TEST(UnitUsesOfRounds, AreThoseThatIncludeTheUnitAndAreNotClosed) {
  const Date day(2021, 10, 14);
  EXPECT_THAT(UsesOn("e-vvk-01-01", day, day),
              ElementsAre("e-vvk-01-01 round of-all open 2021-10-01–2021-12-01",
                          "e-vvk-01-01 round of-cluster open 2021-10-01–2021-12-01"));
  EXPECT_THAT(UsesOn("kl-vvk-02", day, day),
              ElementsAre("kl-vvk-02 round of-all open 2021-10-01–2021-12-01"));
  EXPECT_THAT(UsesOn("e-ny", day, day), IsEmpty());
}

TEST(UnitUsesOfRounds, CountTheUnitsAboveARoundSinceItsFiguresGoUpThere) {
  const Date day(2021, 10, 14);
  EXPECT_THAT(UsesOn("omr-vvk", day, day),
              ElementsAre("omr-vvk round of-all open 2021-10-01–2021-12-01",
                          "omr-vvk round of-cluster open 2021-10-01–2021-12-01"));
}

TEST(UnitUsesOfRounds, ArePlannedBeforeTheFirstDay) {
  EXPECT_THAT(UsesOn("kl-vvk-02", Date(2021, 9, 1), Date(2021, 9, 30)),
              ElementsAre("kl-vvk-02 round of-all planned 2021-10-01–2021-12-01"));
}

TEST(UnitUsesOfRounds, GoOnUntilTheRoundIsClosed) {
  EXPECT_THAT(UsesOn("kl-vvk-02", Date(2021, 12, 1), Date(2021, 12, 1)),
              ElementsAre("kl-vvk-02 round of-all open 2021-10-01–"));
}

// Nothing that is answered may depend on what was observed: that would be a figure.
TEST(UnitUsesOfRounds, SayNothingOfObservations) {
  auto catalogue = Rounds();
  const rpc::UnitUses uses =
      UsesOf({{"e-vvk-01-01"}, Date(2021, 10, 1)}, catalogue.Build(), Date(2021, 10, 1));
  auto changed = std::make_shared<Round>(*catalogue.Build().FindRound("of-all"));
  changed->proto.set_observation_count(1);
  Catalogue with_one = catalogue.Build();
  with_one.rounds["of-all"] = changed;
  const rpc::UnitUses then =
      UsesOf({{"e-vvk-01-01"}, Date(2021, 10, 1)}, with_one, Date(2021, 10, 1));
  ASSERT_EQ(uses.size(), then.size());
  for (size_t i = 0; i < uses.size(); ++i) {
    EXPECT_EQ(uses[i].SerializeAsString(), then[i].SerializeAsString());
  }
}

}  // namespace
}  // namespace klynge::observations
