#include "services/goals/placement.h"

#include "services/goals/goal_test_support.h"
#include "services/organisation/client/test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::goals {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::StatusIs;
using ::klynge::testing::WrongFields;
using organisation::testing::SmallCity;
using ::testing::ElementsAre;
using testing::GoalBuilder;
using testing::SmallFramework;

constexpr auto kNotFound = absl::StatusCode::kNotFound;
constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;

class PlaceGoalTest : public ::testing::Test {
 protected:
  PlaceGoalTest() {
    book_.Add(std::make_shared<const Framework>(SmallFramework()));
    book_.Set(GoalBuilder("of-cluster", "kl-vvk-01").Share());
    book_.Set(GoalBuilder("of-unit", "e-vvk-01-01").Carries("of-cluster").Share());
  }

  absl::Status Place(Goal goal) {
    Violations violations;
    return PlaceGoal(book_, *SmallCity().BuildTree(), "goal.", goal, violations);
  }

  GoalBook book_;
};

TEST_F(PlaceGoalTest, TakesAGoalThatCarriesOneFromAboveForward) {
  EXPECT_THAT(Place(GoalBuilder("m", "e-vvk-01-02").Carries("of-cluster").Build()), IsOk());
}

TEST_F(PlaceGoalTest, TakesAGoalThatCarriesOneOfTheSameUnitForward) {
  EXPECT_THAT(Place(GoalBuilder("m", "kl-vvk-01").Carries("of-cluster").Build()), IsOk());
}

TEST_F(PlaceGoalTest, RefusesAParentBelowOrBeside) {
  for (const char* unit : {"omr-vvk", "kl-vvk-02", "e-vvk-02-01"}) {
    EXPECT_THAT(Place(GoalBuilder("m", unit).Carries("of-cluster").Build()),
                StatusIs(kRefused, "PARENT_GOAL_INVALID"))
        << unit;
  }
}

TEST_F(PlaceGoalTest, RefusesAnUnknownParentAndACircle) {
  EXPECT_THAT(Place(GoalBuilder("m", "kl-vvk-01").Carries("nobody").Build()),
              StatusIs(kRefused, "PARENT_GOAL_INVALID"));
  EXPECT_THAT(Place(GoalBuilder("of-cluster", "kl-vvk-01").Carries("of-unit").Build()),
              StatusIs(kRefused, "PARENT_GOAL_INVALID"));
  EXPECT_THAT(Place(GoalBuilder("of-cluster", "kl-vvk-01").Carries("of-cluster").Build()),
              StatusIs(kRefused, "PARENT_GOAL_INVALID"));
}

TEST_F(PlaceGoalTest, WantsAUnitThatExistsOnTheFirstDay) {
  Goal early = GoalBuilder("m", "kl-vvk-01").Build();
  early.starts_on = testing::D("2019-12-31");
  EXPECT_THAT(Place(early), StatusIs(kNotFound, "UNIT_NOT_FOUND"));
  EXPECT_THAT(Place(GoalBuilder("m", "kl-unknown").Build()), StatusIs(kNotFound, "UNIT_NOT_FOUND"));
}

TEST_F(PlaceGoalTest, WantsTheUnitOfABindingToExist) {
  Goal goal = GoalBuilder("m", "kl-vvk-01").Build();
  goal.criteria[0].binding = Binding{"kk-observation", "sr-1", "", "", "", "", "", "e-unknown", {}};
  EXPECT_THAT(Place(goal), StatusIs(kNotFound, "UNIT_NOT_FOUND"));
}

TEST_F(PlaceGoalTest, WantsAFrameworkAndItsCodes) {
  Goal goal = GoalBuilder("m", "kl-vvk-01").CoreAreas({"typo"}).Build();
  const absl::Status wrong = Place(goal);
  EXPECT_THAT(wrong, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(wrong), ElementsAre("goal.core_area_codes[0]"));
  goal.framework_version = 2;
  EXPECT_THAT(Place(goal), StatusIs(kNotFound, "FRAMEWORK_NOT_FOUND"));
}

TEST_F(PlaceGoalTest, FixesTheLatestVersionWhenNoneIsNamed) {
  Goal goal = GoalBuilder("m", "kl-vvk-01").Build();
  goal.framework_version = 0;
  Violations violations;
  ASSERT_THAT(PlaceGoal(book_, *SmallCity().BuildTree(), "goal.", goal, violations), IsOk());
  EXPECT_EQ(goal.framework_version, 1);
}

}  // namespace
}  // namespace klynge::goals
