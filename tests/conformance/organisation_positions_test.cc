// Positions in the organisation's store, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/organisation_store_test.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::SizeIs;

using OrganisationPositionsTest = OrganisationStoreTest;
KLYNGE_ON_BOTH_ENGINES(OrganisationPositionsTest);

TEST_P(OrganisationPositionsTest, AreGivenBackWithWhoHoldsThemAndWhoStandsIn) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  const auto before = Load();
  Message position = PositionMessage("pos-1", "pedagogical_leader", "e-vvk-02-01");
  position.mutable_position()->add_responsibilities("Økonomi, \"drift\" & 'bygninger'");
  position.mutable_position()->add_responsibilities("Personale");
  const Message held =
      Filling(AssignmentMessage("a-1", "p-pl-1", "pedagogical_leader", "e-vvk-02-01", "2021-01-01"),
              "pos-1");
  const Message standing_in =
      SubstitutionMessage("s-1", "pos-1", "p-pl-2", "2022-01-01", "2022-03-01");
  ASSERT_THAT(Store({position, held, standing_in}), IsOk());
  for (const auto& stored : {Load(), Load(before)}) {
    EXPECT_THAT(stored->organisation().positions, ElementsAre(FromProto(position.position())));
    EXPECT_THAT(stored->organisation().substitutions,
                ElementsAre(FromProto(standing_in.substitution())));
    ASSERT_NE(stored->positions().HolderOn("pos-1", D("2021-01-01")), nullptr);
    EXPECT_EQ(*stored->positions().HolderOn("pos-1", D("2021-01-01")),
              FromProto(held.assignment()));
  }
  const auto changes = Changes({1, 1000});
  ASSERT_THAT(changes, SizeIs(3));
  EXPECT_EQ(changes[0].assignment().position_id(), "pos-1");
  EXPECT_THAT(changes[1].position().responsibilities(), SizeIs(2));
  EXPECT_EQ(changes[2].substitution().valid_to(), "2022-03-01");
}

TEST_P(OrganisationPositionsTest, AreReplacedWholeWhenTheyComeAgain) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  Message position = PositionMessage("pos-1", "pedagogical_leader", "e-vvk-02-01");
  position.mutable_position()->add_responsibilities("Økonomi");
  ASSERT_THAT(Store({position}), IsOk());
  const auto before = Load();
  position.mutable_position()->clear_responsibilities();
  position.mutable_position()->set_valid_to("2024-01-01");
  ASSERT_THAT(Store({position}), IsOk());
  for (const auto& stored : {Load(), Load(before)}) {
    EXPECT_THAT(stored->organisation().positions, ElementsAre(FromProto(position.position())));
  }
}

}  // namespace
}  // namespace klynge::organisation
