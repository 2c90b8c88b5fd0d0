#include "services/goals/unit_uses.h"

#include "services/goals/goals_service_test_support.h"
#include "tests/support/unit_uses_text.h"

namespace klynge::goals::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::Lines;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

rpc::UnitsAsked Units(std::initializer_list<std::string> units, absl::string_view from) {
  return {{units.begin(), units.end()}, D(from)};
}

std::vector<std::string> UsesIn(const GoalBook& book, const rpc::UnitsAsked& asked) {
  rpc::UnitUses uses = UsesOf(asked, book);
  rpc::SortUses(uses, "");
  return Lines(uses);
}

// Follows a figure of `unit_id`, or of the goal's own unit.
Criterion Following(const std::string& id, const std::string& unit_id) {
  Criterion criterion = Points(id);
  criterion.binding.emplace();
  criterion.binding->unit_id = unit_id;
  return criterion;
}

TEST(UnitUsesOfGoals, AreGoalsUntilTheyAreClosed) {
  GoalBook book;
  book.Set(GoalBuilder("draft", "a").Share());
  book.Set(GoalBuilder("agreed", "a").AgreedOn("2021-09-15").Share());
  book.Set(GoalBuilder("met", "a")
               .AgreedOn("2021-09-15")
               .ClosedOn("2022-06-01", State::kAchieved)
               .Share());
  book.Set(GoalBuilder("elsewhere", "b").Share());
  EXPECT_THAT(UsesIn(book, Units({"a"}, "2022-05-31")),
              ElementsAre("a goal agreed agreed 2021-09-01–", "a goal draft draft 2021-09-01–",
                          "a goal met achieved 2021-09-01–2022-06-01"));
  EXPECT_THAT(UsesIn(book, Units({"a"}, "2022-06-01")),
              ElementsAre("a goal agreed agreed 2021-09-01–", "a goal draft draft 2021-09-01–"));
  EXPECT_THAT(UsesIn(book, Units({"c"}, "2022-06-01")), IsEmpty());
}

TEST(UnitUsesOfGoals, AreIndicatorsThatFollowTheUnitsFigures) {
  GoalBook book;
  book.Set(GoalBuilder("of-area", "area")
               .Criteria({Following("own", ""), Following("below", "a"), Points("entered")})
               .Share());
  EXPECT_THAT(UsesIn(book, Units({"a"}, "2022-06-01")),
              ElementsAre("a indicator of-area/below draft 2021-09-01–"));
  EXPECT_THAT(UsesIn(book, Units({"area"}, "2022-06-01")),
              ElementsAre("area goal of-area draft 2021-09-01–",
                          "area indicator of-area/own draft 2021-09-01–"));
}

TEST(UnitUsesOfGoals, LeaveOutWhatWasGivenUpBeforeItBegan) {
  GoalBook book;
  book.Set(GoalBuilder("never", "a").ClosedOn("2021-09-01", State::kAbandoned).Share());
  EXPECT_THAT(UsesIn(book, Units({"a"}, "2020-01-01")), IsEmpty());
}

TEST_F(GoalsServiceTest, ListsWhatRefersToAUnitFromTodayOn) {
  Agreed(NewGoal("a", "kl-vvk-01"));
  ASSERT_THAT(Create(NewGoal("b", "e-vvk-01-01")), IsOk());
  v1::ListUnitUsesRequest request;
  request.add_unit_ids("kl-vvk-01");
  request.add_unit_ids("no-such-unit");
  request.set_min_revision(created_.revision());
  v1::ListUnitUsesResponse response;
  ASSERT_THAT(Call(&v1::GoalsService::Stub::ListUnitUses, request, &response), IsOk());
  EXPECT_THAT(Lines(response.uses()), ElementsAre("kl-vvk-01 goal a agreed 2021-09-01–"));
  EXPECT_EQ(response.uses(0).title(), "Alle børn er med i fællesskabet");
  EXPECT_EQ(response.revision(), created_.revision());
}

}  // namespace
}  // namespace klynge::goals::testing
