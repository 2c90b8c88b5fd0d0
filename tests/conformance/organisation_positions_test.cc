// Positions in the organisation's store, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

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

TEST_P(OrganisationPositionsTest, EndWithTheEmploymentOfWhoHoldsThem) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  const auto before = Load();
  const Message employment = EmploymentMessage("m-1", "p-pl-1", "2020-01-01", "2022-06-01");
  ASSERT_THAT(Store({employment}), IsOk());
  for (const auto& stored : {Load(), Load(before)}) {
    EXPECT_THAT(stored->organisation().employments,
                ElementsAre(FromProto(employment.employment())));
    EXPECT_EQ(stored->AssignmentsOf("p-pl-1").at(0)->valid.to, D("2022-06-01"));
  }
  const auto changes = Changes({1, 1000});
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].assignment().valid_to(), "2022-06-01");
  EXPECT_EQ(changes[0].action(), v1::CHANGE_ACTION_UPDATED);
  EXPECT_EQ(changes[1].employment().employment_id(), "m-1");
}

TEST_P(OrganisationPositionsTest, ForgetTheNameOfWhoIsErasedInTheWholeHistory) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  Message renamed = PersonMessage("p-pl-1");
  renamed.mutable_person()->set_name("Et andet navn");
  ASSERT_THAT(Store({renamed}), IsOk());
  const auto before = Load();
  const Person erased{"p-pl-1", "Slettet person", D("2023-01-01")};
  int64_t rewritten = 0;
  ASSERT_THAT(database_
                  ->Write({"/test", "tester"},
                          [&](sql::WriteTransaction& transaction) -> absl::Status {
                            KLYNGE_ASSIGN_OR_RETURN(rewritten, SaveErased(transaction, erased, {}));
                            return absl::OkStatus();
                          })
                  .status(),
              IsOk());
  EXPECT_EQ(rewritten, 2);
  for (const auto& stored : {Load(), Load(before)}) {
    EXPECT_EQ(*stored->FindPerson("p-pl-1"), erased);
    EXPECT_EQ(stored->FindPerson("p-pl-2")->name, "Person p-pl-2");
  }
  int of_person = 0;
  for (const v1::OrganisationChange& change : Changes({})) {
    if (change.person().person_id() != "p-pl-1") continue;
    ++of_person;
    EXPECT_EQ(change.person().name(), "Slettet person");
    EXPECT_EQ(change.action() == v1::CHANGE_ACTION_ERASED, change.revision() == 3);
  }
  EXPECT_EQ(of_person, 3);
}

// What is stored is what the plans left, whether it is loaded anew or laid over what was held.
TEST_P(OrganisationPositionsTest, AreTheSameInTheDatabaseAfterARandomHistory) {
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  std::mt19937 random(20210901);
  const auto pick = [&](const std::vector<std::string>& from) {
    return from[std::uniform_int_distribution<size_t>(0, from.size() - 1)(random)];
  };
  const std::vector<std::string> days = {"2020-03-01", "2020-08-01", "2021-02-01", "2021-09-01",
                                         "2022-01-01", "2022-07-01", "2023-03-01", ""};
  const auto row = [&]() -> Message {
    const std::string unit = pick({"e-vvk-01-01", "e-vvk-01-02", "e-vvk-02-01"});
    const std::string person = pick({"p-pl-1", "p-pl-2", "p-kl-1"});
    const std::string from = pick({"2020-01-01", "2020-08-01", "2021-09-01", "2022-07-01"});
    const std::string position = "pos-" + unit;
    switch (random() % 4) {
      case 0:
        return PositionMessage(position, "pedagogical_leader", unit, from, pick(days));
      case 1:
        return SubstitutionMessage("s-" + unit, position, person, from, pick(days));
      case 2:
        return EmploymentMessage("m-" + person, person, from, pick(days));
      default:
        return Filling(AssignmentMessage("a-" + unit + pick({"-1", "-2"}), person,
                                         "pedagogical_leader", unit, from, pick(days)),
                       position);
    }
  };
  auto held = Load();
  auto expected = held;
  size_t ended_roles = 0;
  for (int round = 0; round < 60; ++round) {
    const ImportPlan plan = Plan(*expected, {row(), row(), row()});
    ended_roles += plan.ended_roles.size();
    if (plan.ChangesNothing()) continue;
    expected = Applied(*expected, plan);
    ASSERT_THAT(database_
                    ->Write({"/test", "tester"},
                            [&](sql::WriteTransaction& transaction) {
                              return SavePlan(transaction, *held, plan);
                            })
                    .status(),
                IsOk());
    held = Load(held);
    for (const auto& stored : {held, Load()}) {
      EXPECT_EQ(stored->organisation().assignments, expected->organisation().assignments);
      EXPECT_EQ(stored->organisation().positions, expected->organisation().positions);
      EXPECT_EQ(stored->organisation().substitutions, expected->organisation().substitutions);
      EXPECT_EQ(stored->organisation().employments, expected->organisation().employments);
    }
    if (HasFailure()) return;
  }
  EXPECT_THAT(held->organisation().positions, SizeIs(3));
  EXPECT_FALSE(held->organisation().substitutions.empty());
  EXPECT_GT(ended_roles, 0u);
}

}  // namespace
}  // namespace klynge::organisation
