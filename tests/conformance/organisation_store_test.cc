// The organisation's store, on both engines.
#include "tests/conformance/organisation_store_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using ::testing::Property;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

KLYNGE_ON_BOTH_ENGINES(OrganisationStoreTest);

TEST_P(OrganisationStoreTest, BringsTheKindsAndRolesThatTestsBuildOn) {
  const auto stored = Load();
  const auto built = OrganisationBuilder().BuildTree();
  ASSERT_THAT(stored->organisation().unit_kinds, SizeIs(built->organisation().unit_kinds.size()));
  for (const UnitKind& kind : built->organisation().unit_kinds) {
    const UnitKind* same = stored->FindKind(kind.kind);
    ASSERT_NE(same, nullptr) << kind.kind;
    EXPECT_THAT(same->parent_kinds, UnorderedElementsAreArray(kind.parent_kinds));
    EXPECT_EQ(same->has_leadership_team, kind.has_leadership_team);
    EXPECT_FALSE(same->label_da.empty());
    EXPECT_FALSE(same->label_en.empty());
  }
  ASSERT_THAT(stored->organisation().roles, SizeIs(built->organisation().roles.size()));
  for (const Role& role : built->organisation().roles) {
    const Role* same = stored->FindRole(role.role);
    ASSERT_NE(same, nullptr) << role.role;
    EXPECT_THAT(same->unit_kinds, UnorderedElementsAreArray(role.unit_kinds));
    EXPECT_EQ(same->exclusive, role.exclusive);
    EXPECT_EQ(same->team_part, role.team_part);
    EXPECT_EQ(same->leads_unit, role.leads_unit);
  }
}

TEST_P(OrganisationStoreTest, GivesBackWhatWasStored) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  const auto stored = Load();
  const auto city = SmallCity().BuildTree();
  EXPECT_EQ(stored->revision(), 1);
  EXPECT_EQ(stored->organisation().units, city->organisation().units);
  EXPECT_EQ(stored->organisation().persons, city->organisation().persons);
  EXPECT_EQ(stored->organisation().assignments, city->organisation().assignments);
}

TEST_P(OrganisationStoreTest, KeepsDanishLettersAndQuotes) {
  auto person = PersonMessage("p-1");
  person.mutable_person()->set_name("Områdechef \"Ærø\" & 'Ø', å: {1} \\ :name");
  ASSERT_THAT(Store({person}), IsOk());
  EXPECT_EQ(Load()->FindPerson("p-1")->name, person.person().name());
  EXPECT_EQ(Changes({}).at(0).person().name(), person.person().name());
}

// Also what was written and is as it was: who took a revision between may have it otherwise.
TEST_P(OrganisationStoreTest, ReadsForOthersEverythingThatWasWrittenAfterARevision) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  auto renamed = PersonMessage("p-pl-1");
  renamed.mutable_person()->set_name("Ny");
  ASSERT_THAT(Store({renamed}), IsOk());
  ASSERT_THAT(Store({PersonMessage("p-pl-1"), UnitMessage("e-1", "club", "kl-vvk-01")}), IsOk());
  Organisation written;
  ASSERT_THAT(database_->Read(absl::InfiniteFuture(),
                              [&](sql::Session& session) -> absl::Status {
                                KLYNGE_ASSIGN_OR_RETURN(written, LoadForOthers(session, 1));
                                return absl::OkStatus();
                              }),
              IsOk());
  const auto stored = Load();
  EXPECT_THAT(written.persons, UnorderedElementsAre(*stored->FindPerson("p-pl-1")));
  EXPECT_EQ(written.persons[0].name, "Person p-pl-1");
  EXPECT_THAT(written.units, UnorderedElementsAre(*stored->Versions("e-1").front()));
  EXPECT_TRUE(written.assignments.empty());
  EXPECT_THAT(written.roles, SizeIs(stored->organisation().roles.size()));
}

TEST_P(OrganisationStoreTest, RefreshesToTheSameAsLoadingAnew) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  const auto first = Load();
  ASSERT_THAT(
      Store({UnitMessage("e-vvk-01-02", "club", "kl-vvk-02", "2022-01-01"), PersonMessage("p-new"),
             AssignmentMessage("a-new", "p-new", "pedagogical_leader", "e-vvk-02-01")}),
      IsOk());
  const auto refreshed = Load(first);
  const auto anew = Load();
  EXPECT_EQ(refreshed->revision(), 2);
  EXPECT_EQ(refreshed->organisation().units, anew->organisation().units);
  EXPECT_EQ(refreshed->organisation().persons, anew->organisation().persons);
  EXPECT_EQ(refreshed->organisation().assignments, anew->organisation().assignments);
  EXPECT_EQ(refreshed->FindUnit("e-vvk-01-02", D("2022-01-01"))->parent_id, "kl-vvk-02");
}

TEST_P(OrganisationStoreTest, TellsWhatEachRevisionChanged) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  ASSERT_THAT(Store({UnitMessage("e-vvk-01-02", "club", "kl-vvk-02", "2022-01-01")}), IsOk());
  EXPECT_THAT(Changes({}), SizeIs(21));
  const auto changes = Changes({1, 19});
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].revision(), 2);
  EXPECT_EQ(changes[0].action(), v1::CHANGE_ACTION_UPDATED);
  EXPECT_EQ(changes[0].unit().valid_to(), "2022-01-01");
  EXPECT_EQ(changes[1].action(), v1::CHANGE_ACTION_CREATED);
  EXPECT_EQ(changes[1].unit().parent_id(), "kl-vvk-02");
  EXPECT_EQ(changes[1].actor(), "tester");
}

TEST_P(OrganisationStoreTest, ReadsTheHistoryInPiecesWithoutLossOrRepeat) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  ASSERT_THAT(Store({PersonMessage("p-1"), PersonMessage("p-2")}), IsOk());
  std::vector<std::string> in_pieces, at_once;
  ChangePosition position;
  while (true) {
    const auto piece = Changes(position, 4);
    if (piece.empty()) break;
    for (const auto& change : piece) in_pieces.push_back(change.ShortDebugString());
    position = {piece.back().revision(), piece.back().sequence()};
  }
  for (const auto& change : Changes({})) at_once.push_back(change.ShortDebugString());
  EXPECT_EQ(in_pieces, at_once);
  EXPECT_THAT(at_once, SizeIs(21));
}

TEST_P(OrganisationStoreTest, StoresNothingOfAWriteThatFails) {
  const auto failed = database_->Write({"/test"}, [&](sql::WriteTransaction& transaction) {
    const auto before = OrganisationBuilder().BuildTree();
    const ImportPlan plan = PlanImport(*before, Rows(Messages(SmallCity().Build())));
    EXPECT_THAT(SavePlan(transaction, *before, plan), IsOk());
    return absl::CancelledError("changed my mind");
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_TRUE(Load()->organisation().units.empty());
  EXPECT_THAT(Changes({}), SizeIs(0));
}

TEST_P(OrganisationStoreTest, StoresTenThousandThings) {
  std::vector<v1::ImportOrganisationRequest> persons;
  for (int i = 0; i < 10'000; ++i) persons.push_back(PersonMessage(absl::StrCat("p-", i)));
  ASSERT_THAT(Store(persons), IsOk());
  EXPECT_THAT(Load()->organisation().persons, SizeIs(10'000));
}

}  // namespace
}  // namespace klynge::organisation
