// Bodies in the organisation's store, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/body_index.h"
#include "services/organisation/body_test_support.h"
#include "tests/conformance/organisation_store_test.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;

class BodyStoreTest : public OrganisationStoreTest {
 protected:
  void StoreBoard() {
    ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
    held_.represents = "Forældre i \"Æblehaven\" & 'Ø'";
    ASSERT_THAT(Store({Row(board_), Row(held_)}), IsOk());
  }

  Body board_ = BodyOf("b-1", "parents_board", "e-vvk-01-01", "2021-01-01", "2023-01-01");
  BodyMembership held_ = Seat("b-1", "p-pl-1", "parent", "2021-02-01", "2022-01-01");
};
KLYNGE_ON_BOTH_ENGINES(BodyStoreTest);

TEST_P(BodyStoreTest, BringsKindsWithLabelsAndWhatTheyAreMadeOf) {
  const auto stored = Load();
  ASSERT_THAT(stored->organisation().body_kinds, SizeIs(5));
  for (const BodyKind& kind : stored->organisation().body_kinds) {
    EXPECT_FALSE(kind.label_da.empty()) << kind.kind;
    EXPECT_FALSE(kind.label_en.empty()) << kind.kind;
    EXPECT_FALSE(kind.seats.empty()) << kind.kind;
    for (const std::string& unit_kind : kind.unit_kinds) {
      EXPECT_NE(stored->FindKind(unit_kind), nullptr) << kind.kind;
    }
  }
  const BodyKind* board = FindBodyKind(*stored, "parents_board");
  EXPECT_THAT(board->unit_kinds, Contains("nursery"));
  EXPECT_THAT(board->unit_kinds, Not(Contains("area")));
  const BodySeat* parent = board->FindSeat("parent");
  ASSERT_NE(parent, nullptr);
  EXPECT_EQ(parent->least, 3);
  EXPECT_TRUE(parent->majority);
  EXPECT_FALSE(parent->refuse_too_few);
  EXPECT_EQ(board->FindSeat("chair")->most, 1);
  EXPECT_TRUE(board->FindSeat("chair")->refuse_too_many);
  EXPECT_EQ(parent->label_da, "Forældrerepræsentant");
}

TEST_P(BodyStoreTest, GivesBackWhatWasStored) {
  StoreBoard();
  EXPECT_THAT(Load()->organisation().bodies, ElementsAre(board_));
  EXPECT_THAT(Load()->organisation().body_memberships, ElementsAre(held_));
}

TEST_P(BodyStoreTest, RefreshesToTheSameAsLoadingAnew) {
  StoreBoard();
  const auto first = Load();
  board_.name = "Bestyrelsen";
  const Body other = BodyOf("a-other", "network", "omr-vvk");
  ASSERT_THAT(Store({Row(board_), Row(other)}), IsOk());
  const auto refreshed = Load(first);
  EXPECT_THAT(refreshed->organisation().bodies, ElementsAre(other, board_));
  EXPECT_EQ(refreshed->organisation().bodies, Load()->organisation().bodies);
  EXPECT_THAT(refreshed->organisation().body_memberships, ElementsAre(held_));
}

TEST_P(BodyStoreTest, TellsWatchersOfBodiesAndMembers) {
  StoreBoard();
  held_.valid.to = D("2021-06-01");
  ASSERT_THAT(Store({Row(held_)}), IsOk());
  const auto changes = Changes({1, 19});
  ASSERT_THAT(changes, SizeIs(3));
  EXPECT_EQ(changes[0].body().body_id(), "b-1");
  EXPECT_EQ(changes[0].action(), v1::CHANGE_ACTION_CREATED);
  EXPECT_EQ(changes[1].body_membership().represents(), held_.represents);
  EXPECT_EQ(changes[2].action(), v1::CHANGE_ACTION_UPDATED);
  EXPECT_EQ(changes[2].body_membership().valid_to(), "2021-06-01");
}

}  // namespace
}  // namespace klynge::organisation
