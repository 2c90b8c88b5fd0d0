#include "services/goals/framework.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "klynge/goals/v1/framework_rpcs.pb.h"
#include "services/goals/goal_test_support.h"

namespace klynge::goals {
namespace {

using ::testing::ElementsAre;
using testing::GoalBuilder;
using ::testing::IsEmpty;
using testing::SmallFramework;
using ::testing::UnorderedElementsAre;

std::vector<std::string> WrongFields(const v1::Framework& framework) {
  Violations violations;
  CheckFramework(framework, violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations.list()) fields.push_back(violation.field);
  return fields;
}

TEST(Framework, OfTheTestsIsRight) { EXPECT_THAT(WrongFields(SmallFramework()), IsEmpty()); }

TEST(Framework, IsToldEveryFaultAtOnce) {
  v1::Framework framework = SmallFramework();
  framework.set_framework_id("KK 2021");
  framework.mutable_label()->clear_en();
  framework.mutable_core_areas(1)->set_code("clear_goals");
  framework.mutable_core_areas(0)->set_group_code("nothing");
  framework.mutable_core_areas(0)->mutable_behaviours(0)->clear_da();
  framework.mutable_guideposts(0)->mutable_label()->clear_da();
  EXPECT_THAT(WrongFields(framework),
              UnorderedElementsAre(
                  "framework.framework_id", "framework.label.en", "framework.core_areas[1].code",
                  "framework.core_areas[0].group_code", "framework.core_areas[0].behaviours[0].da",
                  "framework.guideposts[0].label.da"));
}

TEST(Framework, NeedsAGroupAndACoreArea) {
  v1::Framework framework = SmallFramework();
  framework.clear_groups();
  framework.clear_core_areas();
  EXPECT_THAT(WrongFields(framework), ElementsAre("framework.groups", "framework.core_areas"));
}

TEST(Framework, IsTheSameWhateverItsVersion) {
  v1::Framework other = SmallFramework();
  other.set_version(7);
  other.mutable_published_at()->set_seconds(1);
  EXPECT_TRUE(SameContent(SmallFramework(), other));
  other.mutable_guideposts(0)->set_code("speech");
  EXPECT_FALSE(SameContent(SmallFramework(), other));
}

TEST(Framework, ChecksTheCodesOfAGoal) {
  Goal goal = GoalBuilder("m").CoreAreas({"clear_goals", "typo"}).Build();
  goal.guideposts = {"language", "speech"};
  goal.themes = {"nature"};
  Violations violations;
  CheckCodes(goal, Framework(SmallFramework()), "goal.", violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations.list()) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("goal.core_area_codes[1]", "goal.guidepost_codes[1]",
                                  "goal.curriculum_theme_codes[0]"));
}

TEST(SampleFramework, HasWhatTheLeadershipProfileSays) {
  std::ifstream file("deploy/sample/framework.json");
  ASSERT_TRUE(file) << "run by CTest, or from the project's root";
  std::stringstream text;
  text << file.rdbuf();
  v1::PublishFrameworkRequest request;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text.str(), &request).ok());
  const v1::Framework& framework = request.framework();
  EXPECT_THAT(WrongFields(framework), IsEmpty());
  EXPECT_EQ(framework.core_areas_size(), 9);
  std::vector<int> behaviours;
  for (int i = 0; i < 3; ++i) behaviours.push_back(framework.core_areas(i).behaviours_size());
  EXPECT_THAT(behaviours, ElementsAre(3, 4, 4));
  EXPECT_EQ(framework.guideposts_size(), 6);
  EXPECT_EQ(framework.curriculum_themes_size(), 6);
  EXPECT_EQ(framework.med_notions_size(), 6);
}

}  // namespace
}  // namespace klynge::goals
