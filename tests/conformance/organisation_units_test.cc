// Addresses, codes and placements in the organisation's store, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/organisation/code_index.h"
#include "services/organisation/hierarchy_index.h"
#include "services/organisation/unit_test_support.h"
#include "tests/conformance/organisation_store_test.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class UnitStoreTest : public OrganisationStoreTest {
 protected:
  void StoreUnits() {
    ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
    ASSERT_THAT(Store({row_, Row(of_unit_), Row(of_person_), Row(placed_)}), IsOk());
  }

  static Message Located() {
    Message row = UnitMessage("e-new", "club", "kl-vvk-01", "2021-01-01", "2024-01-01");
    row.mutable_unit()->mutable_address()->set_street("Øster \"Søgade\" 7");
    row.mutable_unit()->mutable_address()->set_postal_code("0999");
    row.mutable_unit()->mutable_address()->set_city("København");
    row.mutable_unit()->mutable_capacity()->set_children(80);
    row.mutable_unit()->mutable_capacity()->set_youngest_age(10);
    row.mutable_unit()->mutable_capacity()->set_oldest_age(13);
    return row;
  }

  Message row_ = Located();
  Code of_unit_ = CodeOf("e-new", "p_number", "1000000001", "2021-01-01", "2024-01-01");
  Code of_person_ = CodeOfPerson("p-kl-1", "K4711");
  Placement placed_ = PlacementOf("kl-vvk-02", "kl-vvk-01", "med", "2021-01-01");
};
KLYNGE_ON_BOTH_ENGINES(UnitStoreTest);

TEST_P(UnitStoreTest, BringsRegistersAndHierarchies) {
  const auto stored = Load();
  ASSERT_THAT(stored->organisation().code_registers, SizeIs(5));
  for (const CodeRegister& known : stored->organisation().code_registers) {
    EXPECT_FALSE(known.label_da.empty() || known.label_en.empty() || known.expects_da.empty() ||
                 known.expects_en.empty())
        << known.name;
    EXPECT_TRUE(known.for_units || known.for_persons || known.for_partners) << known.name;
  }
  const CodeRegisters& registers = stored->Indexed<CodeRegisters>();
  EXPECT_TRUE(registers.Fits(*registers.Find("p_number"), "1000000001"));
  EXPECT_FALSE(registers.Fits(*registers.Find("cvr"), "123"));
  EXPECT_TRUE(registers.Find("institution_number")->unique);
  const Hierarchy line{"line", "Linjeorganisation", "Line organisation", true};
  const Hierarchy med{"med", "MED-struktur", "Co-determination structure (MED)", true};
  EXPECT_THAT(stored->organisation().hierarchies, ElementsAre(line, med));
}

TEST_P(UnitStoreTest, GivesBackWhatWasStored) {
  StoreUnits();
  const auto stored = Load();
  v1::Unit unit;
  ToProto(*stored->FindUnit("e-new", D("2022-01-01")), &unit);
  EXPECT_EQ(unit.DebugString(), row_.unit().DebugString());
  EXPECT_EQ(stored->FindUnit("kl-vvk-01", D("2022-01-01"))->details.get(), nullptr);
  EXPECT_THAT(stored->organisation().codes, ElementsAre(of_person_, of_unit_));
  EXPECT_THAT(stored->organisation().placements, ElementsAre(placed_));
}

TEST_P(UnitStoreTest, RefreshesToTheSameAsLoadingAnew) {
  StoreUnits();
  const auto first = Load();
  row_.mutable_unit()->mutable_capacity()->set_children(60);
  placed_.valid.to = D("2023-01-01");
  // The code ends with its unit, though no row says so.
  row_.mutable_unit()->set_valid_to("2023-01-01");
  ASSERT_THAT(Store({row_, Row(placed_)}), IsOk());
  const auto refreshed = Load(first);
  const auto anew = Load();
  EXPECT_EQ(refreshed->organisation().units, anew->organisation().units);
  EXPECT_EQ(refreshed->organisation().codes, anew->organisation().codes);
  EXPECT_EQ(refreshed->organisation().placements, anew->organisation().placements);
  EXPECT_EQ(refreshed->FindUnit("e-new", D("2022-01-01"))->details.get()->capacity.children, 60);
  EXPECT_EQ(refreshed->Indexed<CodesOfUnits>().Find("e-new").at(0)->valid.to, D("2023-01-01"));
  EXPECT_EQ(refreshed->organisation().placements[0], placed_);
}

TEST_P(UnitStoreTest, TellsWatchersOfThem) {
  StoreUnits();
  const auto changes = Changes({1, 1000});
  ASSERT_THAT(changes, SizeIs(4));
  EXPECT_EQ(changes[0].unit().capacity().children(), 80);
  EXPECT_EQ(changes[1].placement().parent_id(), "kl-vvk-01");
  EXPECT_EQ(changes[2].code().unit_id(), "e-new");
  EXPECT_EQ(changes[3].code().code(), "K4711");
}

TEST_P(UnitStoreTest, TakesTheCodesOfAnErasedPersonOutOfTheHistory) {
  StoreUnits();
  Code erased = of_person_;
  erased.code = "";
  const auto written = database_->Write(
      {"/test", "tester"}, [&](sql::WriteTransaction& transaction) -> absl::Status {
        return SaveErased(transaction, Person{"p-kl-1", "Slettet person", D("2022-01-01")},
                          {erased})
            .status();
      });
  ASSERT_THAT(written.status(), IsOk());
  for (const v1::OrganisationChange& change : Changes({0, 0})) {
    EXPECT_THAT(change.DebugString(), ::testing::Not(::testing::HasSubstr("K4711")));
  }
  EXPECT_THAT(Load()->organisation().codes, ElementsAre(erased, of_unit_));
}

// What the planner says is what is stored, import after import: the loaded tree has the same units,
// codes and placements as one to which the plans were applied in memory.
TEST_P(UnitStoreTest, StoresARandomHistoryAsPlanned) {
  std::mt19937 random(20211122);
  const auto below = [&](size_t n) {
    return std::uniform_int_distribution<size_t>(0, n - 1)(random);
  };
  const auto month = [&] { return FormatDate(D("2020-01-01") + 30 * static_cast<int>(below(12))); };
  ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
  const std::vector<std::string> units = {"kl-vvk-01", "kl-vvk-02", "net-vvk-01", "e-new"};
  std::shared_ptr<const Tree> planned = Load();
  std::shared_ptr<const Tree> loaded = planned;
  for (int round = 0; round < 15; ++round) {
    std::vector<Message> messages;
    for (size_t i = 1 + below(8); i > 0; --i) {
      Placement placement =
          PlacementOf(units[below(4)], units[below(4)], "med", month(), below(2) ? "" : month());
      placement.placement_id = absl::StrCat("p", below(5));
      Code code = CodeOf(units[below(4)], "p_number", absl::StrCat("100000000", below(3)), month(),
                         below(2) ? "" : month());
      code.code_id = absl::StrCat("c", below(5));
      messages.push_back(Row(placement));
      messages.push_back(Row(code));
    }
    messages.push_back(
        UnitMessage("e-new", "club", "kl-vvk-01", "2020-01-01", below(2) ? "" : month()));
    // Only what the planner accepts is stored.
    const ImportPlan plan = Plan(*planned, messages);
    const std::vector<Message> accepted = Accepted(messages, plan);
    if (plan.ChangesNothing()) continue;
    planned = Applied(*planned, plan);
    ASSERT_THAT(Store(accepted), IsOk());
    loaded = Load(loaded);
    ASSERT_EQ(loaded->organisation().units, planned->organisation().units) << round;
    ASSERT_EQ(loaded->organisation().codes, planned->organisation().codes) << round;
    ASSERT_EQ(loaded->organisation().placements, planned->organisation().placements) << round;
  }
  EXPECT_GT(planned->organisation().placements.size(), 1u);
  EXPECT_GT(planned->organisation().codes.size(), 1u);
}

}  // namespace
}  // namespace klynge::organisation
