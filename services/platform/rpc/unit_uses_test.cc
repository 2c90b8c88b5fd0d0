#include "services/platform/rpc/unit_uses.h"

#include <gmock/gmock.h>

#include "klynge/goals/v1/unit_uses.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/support/unit_uses_text.h"

namespace klynge::rpc {
namespace {

using goals::v1::ListUnitUsesRequest;
using goals::v1::ListUnitUsesResponse;
using ::klynge::testing::IsOk;
using ::klynge::testing::Lines;
using ::klynge::testing::StatusIs;
using ::klynge::testing::WrongFields;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Date kToday(2022, 8, 1);

ListUnitUsesRequest About(const std::vector<std::string>& units) {
  ListUnitUsesRequest request;
  for (const std::string& unit : units) request.add_unit_ids(unit);
  return request;
}

type::v1::UnitUse Goal(const std::string& id) {
  type::v1::UnitUse use;
  use.set_sort("goal");
  use.set_id(id);
  use.set_state("agreed");
  return use;
}

// Three goals: of unit a until 2022-08-01 and since ever, of unit b from 2022-09-01.
UnitUses Find(const UnitsAsked& asked) {
  UnitUses uses;
  AddUse(asked, "b", {Date(2022, 9, 1), kOpenEnd}, Goal("g3"), uses);
  AddUse(asked, "a", {kOpenStart, kOpenEnd}, Goal("g2"), uses);
  AddUse(asked, "a", {Date(2022, 1, 1), Date(2022, 8, 1)}, Goal("g1"), uses);
  return uses;
}

TEST(UnitUses, AreThoseOfTheUnitsOnTheDayOrLater) {
  ListUnitUsesResponse response;
  ASSERT_THAT(AnswerUnitUses(About({"a"}), kToday, Find, &response), IsOk());
  EXPECT_THAT(Lines(response.uses()), ElementsAre("a goal g2 agreed –"));
  ListUnitUsesRequest earlier = About({"a", "b", "a"});
  earlier.set_from("2022-07-31");
  response.Clear();
  ASSERT_THAT(AnswerUnitUses(earlier, kToday, Find, &response), IsOk());
  EXPECT_THAT(Lines(response.uses()),
              ElementsAre("a goal g1 agreed 2022-01-01–2022-08-01", "a goal g2 agreed –",
                          "b goal g3 agreed 2022-09-01–"));
  EXPECT_EQ(response.total_size(), 3);
}

TEST(UnitUses, ComePageByPageWithTheirTotal) {
  ListUnitUsesRequest request = About({"a", "b"});
  request.set_from("2022-01-01");
  request.set_page_size(2);
  std::vector<std::string> ids;
  for (int pages = 0; pages < 5; ++pages) {
    ListUnitUsesResponse response;
    ASSERT_THAT(AnswerUnitUses(request, kToday, Find, &response), IsOk());
    EXPECT_EQ(response.total_size(), 3);
    for (const auto& use : response.uses()) ids.push_back(use.id());
    request.set_page_token(response.next_page_token());
    if (request.page_token().empty()) break;
  }
  EXPECT_THAT(ids, ElementsAre("g1", "g2", "g3"));
}

TEST(UnitUses, GoOnWhereTheyWereThoughOneBeforeIsGone) {
  ListUnitUsesRequest request = About({"a", "b"});
  request.set_from("2022-01-01");
  request.set_page_size(1);
  ListUnitUsesResponse response;
  ASSERT_THAT(AnswerUnitUses(request, kToday, Find, &response), IsOk());
  request.set_page_token(response.next_page_token());
  const auto without_first = [](const UnitsAsked& asked) {
    UnitUses uses = Find(asked);
    uses.pop_back();
    return uses;
  };
  response.Clear();
  ASSERT_THAT(AnswerUnitUses(request, kToday, without_first, &response), IsOk());
  EXPECT_THAT(Lines(response.uses()), ElementsAre("a goal g2 agreed –"));
}

TEST(UnitUses, NameEveryWrongField) {
  ListUnitUsesResponse response;
  ListUnitUsesRequest request = About({"a", "Æ", ""});
  request.set_from("i morgen");
  EXPECT_THAT(WrongFields(AnswerUnitUses(request, kToday, Find, &response)),
              ElementsAre("unit_ids[1]", "unit_ids[2]", "from"));
  EXPECT_THAT(WrongFields(AnswerUnitUses(About({}), kToday, Find, &response)),
              ElementsAre("unit_ids"));
  EXPECT_THAT(WrongFields(AnswerUnitUses(About(std::vector<std::string>(1001, "a")), kToday, Find,
                                         &response)),
              ElementsAre("unit_ids"));
  ASSERT_THAT(AnswerUnitUses(About(std::vector<std::string>(1000, "a")), kToday, Find, &response),
              IsOk());
}

TEST(UnitUses, TakeNoTokenOfOtherUnits) {
  ListUnitUsesRequest request = About({"a", "b"});
  request.set_page_size(1);
  ListUnitUsesResponse response;
  ASSERT_THAT(AnswerUnitUses(request, kToday, Find, &response), IsOk());
  ListUnitUsesRequest other = About({"a"});
  other.set_page_token(response.next_page_token());
  EXPECT_THAT(AnswerUnitUses(other, kToday, Find, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN"));
}

}  // namespace
}  // namespace klynge::rpc
