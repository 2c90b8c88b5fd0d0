// Progress and lists of goals as was and as is, over a merge, through a real server.
#include "services/goals/goals_service_test_support.h"

namespace klynge::goals::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::StatusIs;
using ::klynge::testing::WrongFields;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Stub = v1::GoalsService::Stub;

// kl-vvk-02 goes on in kl-vvk-01 on 2022-05-01, a month before today.
class GoalsAsIsTest : public GoalsServiceTest {
 protected:
  GoalsAsIsTest() {
    Agreed(NewGoal("a", "kl-vvk-01"));
    Agreed(NewGoal("b", "kl-vvk-02"));
    Stop();
    organisation::testing::OrganisationBuilder city;
    city.Unit("buf", "administration", "").Unit("omr-vvk", "area", "buf");
    city.Unit("kl-vvk-01", "cluster", "omr-vvk");
    city.Unit("kl-vvk-02", "cluster", "omr-vvk", "2020-01-01", "2022-05-01");
    city.Succeed("kl-vvk-02", "kl-vvk-01", "2022-05-01");
    trees_ = std::make_unique<organisation::FixedTreeSource>(city.BuildTree());
    Serve();
  }

  absl::StatusOr<v1::GetProgressResponse> Progress(const std::string& unit_id,
                                                   const std::string& as_of,
                                                   const std::string& tree_as_of) {
    v1::GetProgressRequest request;
    request.set_unit_id(unit_id);
    request.set_as_of(as_of);
    request.set_tree_as_of(tree_as_of);
    v1::GetProgressResponse response;
    KLYNGE_RETURN_IF_ERROR(Call(&Stub::GetProgress, request, &response));
    return response;
  }
  int Counted(const std::string& unit_id, const std::string& as_of, const std::string& tree_as_of) {
    const auto progress = Progress(unit_id, as_of, tree_as_of);
    EXPECT_THAT(progress, IsOk());
    return progress.ok() ? progress->total().counted_goal_count() : -1;
  }
  std::vector<std::string> List(const std::string& unit_id, const std::string& as_of,
                                const std::string& tree_as_of, bool include_subtree = false) {
    v1::ListGoalsRequest request;
    request.set_unit_id(unit_id);
    request.set_as_of(as_of);
    request.set_tree_as_of(tree_as_of);
    request.set_include_subtree(include_subtree);
    v1::ListGoalsResponse response;
    EXPECT_THAT(Call(&Stub::ListGoals, request, &response), IsOk());
    std::vector<std::string> ids;
    for (const v1::Goal& goal : response.goals()) ids.push_back(goal.goal_id());
    return ids;
  }
};

TEST_F(GoalsAsIsTest, CountsAMergedUnitsGoalsInEachAsWasAndInTheOneAsIs) {
  EXPECT_EQ(Counted("kl-vvk-01", "2022-03-31", ""), 1);
  EXPECT_EQ(Counted("kl-vvk-02", "2022-03-31", ""), 1);
  EXPECT_EQ(Counted("kl-vvk-01", "2022-03-31", "2022-06-01"), 2);
  EXPECT_EQ(Counted("kl-vvk-01", "2022-03-31", "2022-06-01"), 2);  // now at hand
  EXPECT_EQ(Counted("buf", "2022-03-31", ""), 2);
  EXPECT_EQ(Counted("buf", "2022-03-31", "2022-06-01"), 2);
}

TEST_F(GoalsAsIsTest, LosesNoGoalOfAUnitThatIsGoneOnTheDayItself) {
  EXPECT_EQ(Counted("kl-vvk-01", "", ""), 2);
  EXPECT_EQ(Counted("buf", "", ""), 2);
}

TEST_F(GoalsAsIsTest, SaysOfWhichDaysTheAnswerIs) {
  const auto as_is = Progress("kl-vvk-01", "2022-03-31", "2022-06-01");
  ASSERT_THAT(as_is, IsOk());
  EXPECT_EQ(as_is->as_of(), "2022-03-31");
  EXPECT_EQ(as_is->tree_as_of(), "2022-06-01");
  EXPECT_EQ(Progress("kl-vvk-01", "2022-03-31", "")->tree_as_of(), "2022-03-31");
}

TEST_F(GoalsAsIsTest, ListsTheGoalsThatItCounts) {
  EXPECT_THAT(List("kl-vvk-01", "", ""), ElementsAre("a", "b"));
  EXPECT_THAT(List("kl-vvk-01", "2022-03-31", ""), ElementsAre("a"));
  EXPECT_THAT(List("kl-vvk-01", "2022-03-31", "2022-06-01"), ElementsAre("a", "b"));
  EXPECT_THAT(List("omr-vvk", "2022-03-31", "2022-06-01"), IsEmpty());
  EXPECT_THAT(List("omr-vvk", "2022-03-31", "2022-06-01", true), ElementsAre("a", "b"));
}

TEST_F(GoalsAsIsTest, KnowsNoUnitThatIsNotInTheTree) {
  EXPECT_THAT(Progress("kl-vvk-02", "2022-03-31", "2022-06-01"),
              StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
  EXPECT_THAT(WrongFields(Progress("kl-vvk-01", "", "snart").status()), ElementsAre("tree_as_of"));
}

}  // namespace
}  // namespace klynge::goals::testing
