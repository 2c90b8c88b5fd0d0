// What is answered about codes, addresses, hierarchies and placements.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/code_queries.h"
#include "services/organisation/hierarchy_queries.h"
#include "services/organisation/service_test_support.h"
#include "services/organisation/unit_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class UnitQueriesTest : public ::testing::Test {
 protected:
  template <class Request, class Response>
  absl::Status Ask(const Request& request, Response* response) {
    return Answer(*tree_, D("2021-09-01"), request, response);
  }

  absl::Status Find(const std::string& register_name, const std::string& code,
                    v1::FindByCodeResponse* response, const std::string& as_of = "") {
    v1::FindByCodeRequest request;
    request.set_register_(register_name);
    request.set_code(code);
    request.set_as_of(as_of);
    return Ask(request, response);
  }

  static Code OfPartner() {
    return {"c-school", "p_number", "1000000003", "", "", "school-1", {D("2020-01-01"), kOpenEnd}};
  }

  // Two units change places in the register of P-numbers; in MED kl-vvk-02 is under kl-vvk-01.
  std::shared_ptr<const Tree> tree_ =
      SmallCity()
          .With(Partner{"school-1", "school", "Skole", {D("2020-01-01"), kOpenEnd}})
          .With(CodeOf("e-vvk-01-01", "p_number", "1000000001", "2020-01-01", "2022-01-01"))
          .With(CodeOf("e-vvk-01-02", "p_number", "1000000001", "2022-01-01"))
          .With(CodeOf("e-vvk-01-01", "district", "7"))
          .With(CodeOf("e-vvk-02-01", "district", "7"))
          .With(CodeOfPerson("p-kl-1", "K4711"))
          .With(OfPartner())
          .With(PlacementOf("kl-vvk-02", "kl-vvk-01", "med", "2021-01-01"))
          .BuildTree(7);
};

TEST_F(UnitQueriesTest, FindTheUnitByItsCodeOnADay) {
  v1::FindByCodeResponse response;
  ASSERT_THAT(Find("p_number", "1000000001", &response), IsOk());
  ASSERT_THAT(response.holders(), SizeIs(1));
  EXPECT_EQ(response.holders(0).unit().name(), "Enhed e-vvk-01-01");
  EXPECT_EQ(response.holders(0).code().valid_to(), "2022-01-01");
  EXPECT_EQ(response.revision(), 7);
  v1::FindByCodeResponse later;
  ASSERT_THAT(Find("p_number", "1000000001", &later, "2022-01-01"), IsOk());
  EXPECT_EQ(later.holders(0).unit().unit_id(), "e-vvk-01-02");
}

TEST_F(UnitQueriesTest, FindPersonsAndPartnersToo) {
  v1::FindByCodeResponse response;
  ASSERT_THAT(Find("employee_number", "K4711", &response), IsOk());
  EXPECT_EQ(response.holders(0).person().name(), "Person p-kl-1");
  v1::FindByCodeResponse partner;
  ASSERT_THAT(Find("p_number", "1000000003", &partner), IsOk());
  EXPECT_EQ(partner.holders(0).partner().name(), "Skole");
}

TEST_F(UnitQueriesTest, FindAllWhoShareACodeInPages) {
  v1::FindByCodeRequest request;
  request.set_register_("district");
  request.set_code("7");
  request.set_page_size(1);
  std::vector<std::string> units;
  for (int page = 0; page < 2; ++page) {
    v1::FindByCodeResponse response;
    ASSERT_THAT(Ask(request, &response), IsOk());
    EXPECT_EQ(response.total_size(), 2);
    units.push_back(response.holders(0).unit().unit_id());
    request.set_page_token(response.next_page_token());
  }
  EXPECT_THAT(units, ElementsAre("e-vvk-01-01", "e-vvk-02-01"));
  EXPECT_EQ(request.page_token(), "");
}

TEST_F(UnitQueriesTest, SayWhoHasACodeOnOtherDays) {
  v1::FindByCodeResponse response;
  const absl::Status status = Find("p_number", "1000000001", &response, "2019-12-31");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, "CODE_NOT_FOUND"));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("\"e-vvk-01-01\" has it from 2020-01-01 to 2022-01-01"),
                    HasSubstr("\"e-vvk-01-02\" has it from 2022-01-01")));
}

TEST_F(UnitQueriesTest, SayWhatTheRegisterExpectsOfACodeThatIsAskedFor) {
  v1::FindByCodeResponse response;
  EXPECT_THAT(WrongFields(Find("p_number", "12", &response)), ElementsAre("code"));
  EXPECT_THAT(WrongFields(Find("passport", "12", &response, "1 May")),
              ElementsAre("register", "as_of"));
}

TEST_F(UnitQueriesTest, ListCodesBySubtreeAndRegister) {
  v1::ListCodesRequest request;
  request.set_unit_id("kl-vvk-01");
  request.set_include_subtree(true);
  v1::ListCodesResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  EXPECT_THAT(response.codes(), SizeIs(2));
  request.add_registers("district");
  v1::ListCodesResponse districts;
  ASSERT_THAT(Ask(request, &districts), IsOk());
  ASSERT_THAT(districts.codes(), SizeIs(1));
  EXPECT_EQ(districts.codes(0).unit_id(), "e-vvk-01-01");
  v1::ListCodesResponse none;
  request.set_person_id("p-kl-1");
  EXPECT_THAT(WrongFields(Ask(request, &none)), ElementsAre("unit_id"));
}

TEST_F(UnitQueriesTest, ListPlacementsBySubtreeAndHierarchy) {
  v1::ListPlacementsRequest request;
  request.set_unit_id("omr-vvk");
  request.set_include_subtree(true);
  request.set_hierarchy("med");
  v1::ListPlacementsResponse response;
  ASSERT_THAT(Ask(request, &response), IsOk());
  ASSERT_THAT(response.placements(), SizeIs(1));
  EXPECT_EQ(response.placements(0).parent_id(), "kl-vvk-01");
  request.set_as_of("2020-12-31");
  v1::ListPlacementsResponse before;
  ASSERT_THAT(Ask(request, &before), IsOk());
  EXPECT_THAT(before.placements(), IsEmpty());
}

// A service in which e-new has an address, room for children, codes and a placement.
class UnitServiceTest : public OrganisationServiceTest {
 protected:
  void SetUp() override {
    ImportCity();
    Message row = UnitMessage("e-new", "club", "kl-vvk-01", "2021-01-01", "2022-01-01");
    row.mutable_unit()->mutable_address()->set_street("Vesterbrogade 7");
    row.mutable_unit()->mutable_address()->set_postal_code("1620");
    row.mutable_unit()->mutable_address()->set_city("København V");
    row.mutable_unit()->mutable_capacity()->set_children(80);
    row.mutable_unit()->mutable_capacity()->set_youngest_age(10);
    row.mutable_unit()->mutable_capacity()->set_oldest_age(13);
    Message moved = UnitMessage("e-new", "club", "kl-vvk-02", "2022-01-01", "2024-01-01");
    moved.mutable_unit()->mutable_capacity()->set_children(60);
    moved.mutable_unit()->mutable_capacity()->set_oldest_age(13);
    const auto [status, response] = Import(
        replica_.stub(), {row, moved, Row(CodeOf("e-new", "p_number", "1000000004", "2021-01-01")),
                          Row(PlacementOf("kl-vvk-02", "kl-vvk-01", "med", "2021-01-01")),
                          Row(CodeOfPerson("p-kl-1", "K4711"))});
    ASSERT_THAT(status, IsOk());
    ASSERT_EQ(response.rejected_count(), 0) << response.DebugString();
  }

  v1::GetUnitResponse GetNew(const std::string& as_of, const std::string& hierarchy = "") {
    v1::GetUnitRequest request;
    request.set_unit_id("e-new");
    request.set_as_of(as_of);
    request.set_hierarchy(hierarchy);
    v1::GetUnitResponse response;
    EXPECT_THAT(Ask(&Stub::GetUnit, request, &response), IsOk());
    return response;
  }
};

std::vector<std::string> Ids(const google::protobuf::RepeatedPtrField<v1::Unit>& units) {
  std::vector<std::string> ids;
  for (const v1::Unit& unit : units) ids.push_back(unit.unit_id());
  return ids;
}

TEST_F(UnitServiceTest, ShowsWhereAUnitIsAndForHowMany) {
  const v1::GetUnitResponse before = GetNew("2021-06-01");
  EXPECT_EQ(before.unit().address().street(), "Vesterbrogade 7");
  EXPECT_EQ(before.unit().address().postal_code(), "1620");
  EXPECT_EQ(before.unit().capacity().children(), 80);
  EXPECT_EQ(before.unit().capacity().youngest_age(), 10);
  const v1::GetUnitResponse after = GetNew("2022-06-01");
  EXPECT_EQ(after.unit().capacity().children(), 60);
  EXPECT_EQ(after.versions(0).capacity().children(), 80);
}

TEST_F(UnitServiceTest, KeepsWhatARowLeavesBlankAndForgetsWhatItClears) {
  Message row;
  row.mutable_unit()->set_unit_id("e-new");
  row.mutable_unit()->set_valid_from("2021-01-01");
  row.mutable_unit()->mutable_address()->set_street("Vesterbrogade 9");
  row.add_clear("capacity");
  const auto [status, response] = Import(replica_.stub(), {row});
  ASSERT_THAT(status, IsOk());
  ASSERT_EQ(response.updated_count(), 1) << response.DebugString();
  const v1::GetUnitResponse unit = GetNew("2021-06-01");
  EXPECT_EQ(unit.unit().address().street(), "Vesterbrogade 9");
  EXPECT_EQ(unit.unit().address().postal_code(), "1620");
  EXPECT_FALSE(unit.unit().has_capacity());
}

TEST_F(UnitServiceTest, ShowsWhenAUnitOpensAndCloses) {
  const v1::GetUnitResponse unit = GetNew("2021-06-01");
  EXPECT_EQ(unit.opened_on(), "2021-01-01");
  EXPECT_EQ(unit.closed_on(), "2024-01-01");
}

TEST_F(UnitServiceTest, ShowsTheCodesOfAUnitAndEndsThemWithIt) {
  const v1::GetUnitResponse unit = GetNew("2021-06-01");
  ASSERT_THAT(unit.codes(), SizeIs(1));
  EXPECT_EQ(unit.codes(0).code(), "1000000004");
  EXPECT_EQ(unit.codes(0).valid_to(), "2024-01-01");
}

TEST_F(UnitServiceTest, ShowsTheWayUpInTheHierarchyThatIsAskedFor) {
  EXPECT_THAT(Ids(GetNew("2022-06-01").ancestors()), ElementsAre("kl-vvk-02", "omr-vvk", "buf"));
  EXPECT_THAT(Ids(GetNew("2022-06-01", "line").ancestors()),
              ElementsAre("kl-vvk-02", "omr-vvk", "buf"));
  EXPECT_THAT(Ids(GetNew("2022-06-01", "med").ancestors()),
              ElementsAre("kl-vvk-02", "kl-vvk-01", "omr-vvk", "buf"));
}

TEST_F(UnitServiceTest, ListsWhatIsBelowInTheHierarchyThatIsAskedFor) {
  v1::ListUnitsRequest request;
  request.set_subtree_of("kl-vvk-01");
  request.set_as_of("2022-06-01");
  request.set_hierarchy("med");
  v1::ListUnitsResponse response;
  ASSERT_THAT(Ask(&Stub::ListUnits, request, &response), IsOk());
  EXPECT_THAT(Ids(response.units()), ElementsAre("e-new", "e-vvk-01-01", "e-vvk-01-02",
                                                 "e-vvk-02-01", "kl-vvk-01", "kl-vvk-02"));
  request.set_hierarchy("geography");
  EXPECT_THAT(WrongFields(Ask(&Stub::ListUnits, request, &response)), ElementsAre("hierarchy"));
}

TEST_F(UnitServiceTest, ShowsTheCodesOfAPerson) {
  v1::GetPersonRequest request;
  request.set_person_id("p-kl-1");
  v1::GetPersonResponse response;
  ASSERT_THAT(Ask(&Stub::GetPerson, request, &response), IsOk());
  ASSERT_THAT(response.codes(), SizeIs(1));
  EXPECT_EQ(response.codes(0).code(), "K4711");
}

// What only this service shows is not what the others fetch, and two snapshots of one revision are
// equal.
TEST_F(UnitServiceTest, KeepsTheSnapshotLean) {
  v1::GetSnapshotResponse first, second;
  ASSERT_THAT(Ask(&Stub::GetSnapshot, v1::GetSnapshotRequest(), &first), IsOk());
  ASSERT_THAT(Ask(&Stub::GetSnapshot, v1::GetSnapshotRequest(), &second), IsOk());
  EXPECT_EQ(first.snapshot().SerializeAsString(), second.snapshot().SerializeAsString());
  for (const v1::Unit& unit : first.snapshot().units()) {
    EXPECT_FALSE(unit.has_address() || unit.has_capacity()) << unit.unit_id();
  }
}

TEST_F(UnitServiceTest, ListsRegistersAndHierarchiesInBothLanguages) {
  v1::ListCodeRegistersResponse registers;
  ASSERT_THAT(Ask(&Stub::ListCodeRegisters, v1::ListCodeRegistersRequest(), &registers), IsOk());
  EXPECT_THAT(registers.registers(), SizeIs(5));
  for (const v1::CodeRegister& known : registers.registers()) {
    EXPECT_FALSE(known.label().da().empty() || known.label().en().empty() ||
                 known.expects().da().empty() || known.expects().en().empty() ||
                 known.pattern().empty())
        << known.register_();
  }
  v1::ListHierarchiesResponse hierarchies;
  ASSERT_THAT(Ask(&Stub::ListHierarchies, v1::ListHierarchiesRequest(), &hierarchies), IsOk());
  ASSERT_THAT(hierarchies.hierarchies(), SizeIs(2));
  EXPECT_EQ(hierarchies.hierarchies(1).hierarchy(), "med");
  EXPECT_EQ(hierarchies.hierarchies(1).label().da(), "MED-struktur");
}

TEST_F(UnitServiceTest, RefusesAddressesAndCapacitiesThatCannotBe) {
  Message row = UnitMessage("e-x", "club", "kl-vvk-01");
  row.mutable_unit()->mutable_address()->set_postal_code("162");
  row.mutable_unit()->mutable_capacity()->set_youngest_age(5);
  row.mutable_unit()->mutable_capacity()->set_oldest_age(3);
  const ImportPlan plan = Plan(*SmallCity().BuildTree(), {row});
  EXPECT_THAT(Fields(plan.verdicts[0]),
              ElementsAre("unit.address.postal_code", "unit.capacity.children",
                          "unit.capacity.oldest_age"));
}

}  // namespace
}  // namespace klynge::organisation
