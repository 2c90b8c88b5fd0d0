#include "services/goals/goal_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/goals/goal_test_support.h"

namespace klynge::goals {
namespace {

using ::testing::ElementsAre;
using testing::GoalBuilder;
using ::testing::IsEmpty;
using testing::SmallFramework;

std::vector<std::string> Ids(const std::vector<GoalPointer>& goals) {
  std::vector<std::string> ids;
  for (const GoalPointer& goal : goals) ids.push_back(goal->goal_id);
  return ids;
}

TEST(GoalBook, FindsGoalsByIdUnitAndParent) {
  GoalBook book;
  book.Set(GoalBuilder("b", "buf").Share());
  book.Set(GoalBuilder("a", "buf").Carries("b").Share());
  EXPECT_EQ(book.Find("a")->unit_id, "buf");
  EXPECT_EQ(book.Find("c"), nullptr);
  EXPECT_THAT(book.OfUnit("buf"), ElementsAre("a", "b"));
  EXPECT_THAT(book.Carrying("b"), ElementsAre("a"));
  EXPECT_THAT(book.OfUnit("omr-vvk"), IsEmpty());
}

TEST(GoalBook, FollowsAGoalToAnotherParent) {
  GoalBook book;
  book.Set(GoalBuilder("a").Carries("p").Share());
  book.Set(GoalBuilder("a").Carries("q").Share());
  EXPECT_THAT(book.Carrying("p"), IsEmpty());
  EXPECT_THAT(book.Carrying("q"), ElementsAre("a"));
}

TEST(GoalBook, CascadesThroughOtherGoals) {
  GoalBook book;
  for (const auto& [id, parent] : {std::pair("top", ""), {"mid", "top"}, {"low", "mid"}}) {
    book.Set(GoalBuilder(id).Carries(parent).Share());
  }
  EXPECT_THAT(Ids(book.Cascade("top")), ElementsAre("top", "mid", "low"));
  EXPECT_TRUE(book.CascadesTo("top", "low"));
  EXPECT_FALSE(book.CascadesTo("low", "top"));
}

TEST(GoalBook, ComesToAnEndInACircle) {
  GoalBook book;
  book.Set(GoalBuilder("a").Carries("b").Share());
  book.Set(GoalBuilder("b").Carries("a").Share());
  EXPECT_EQ(book.Cascade("a").size(), 2u);
  EXPECT_FALSE(book.CascadesTo("c", "a"));
}

TEST(GoalBook, LeavesTheBookItWasCopiedFromAsItWas) {
  GoalBook before;
  for (int i = 0; i < 2000; ++i) before.Set(GoalBuilder(absl::StrCat("g", i)).Share());
  GoalBook after(before);
  after.Set(GoalBuilder("g7").Weight(9).Share());
  after.Set(GoalBuilder("new").Share());
  EXPECT_EQ(before.Find("g7")->weight, 1);
  EXPECT_EQ(before.Find("new"), nullptr);
  std::vector<std::string> changed;
  after.ForEachChangedSince(before,
                            [&](const GoalPointer& goal) { changed.push_back(goal->goal_id); });
  EXPECT_THAT(changed, ::testing::UnorderedElementsAre("g7", "new"));
}

TEST(GoalBook, GivesTheNewestFrameworkUnlessAskedForAVersion) {
  GoalBook book;
  for (int version : {1, 2}) {
    v1::Framework framework = SmallFramework();
    framework.set_version(version);
    book.Add(std::make_shared<const Framework>(framework));
  }
  EXPECT_EQ(book.FindFramework("kk-2021", 0)->content.version(), 2);
  EXPECT_EQ(book.FindFramework("kk-2021", 1)->content.version(), 1);
  EXPECT_EQ(book.FindFramework("kk-2021", 3), nullptr);
  EXPECT_EQ(book.FindFramework("other", 0), nullptr);
}

}  // namespace
}  // namespace klynge::goals
