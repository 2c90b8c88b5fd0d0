#include "services/goals/goal_import.h"

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/goals/goal_test_support.h"
#include "services/organisation/client/test_support.h"

namespace klynge::goals {
namespace {

using organisation::testing::SmallCity;
using testing::D;
using ::testing::ElementsAre;
using testing::SmallFramework;
using type::v1::RowOutcome;

v1::GoalRow Row(const std::string& goal_id, const std::string& unit_id,
                const std::string& parent = "") {
  v1::GoalRow row;
  row.mutable_goal()->set_goal_id(goal_id);
  row.mutable_goal()->set_unit_id(unit_id);
  row.mutable_goal()->set_parent_goal_id(parent);
  row.mutable_goal()->set_title("Flere børn er med i fællesskabet");
  row.mutable_goal()->set_framework_id("kk-2021");
  row.mutable_goal()->add_core_area_codes("clear_goals");
  row.mutable_goal()->set_starts_on("2021-09-01");
  auto* criterion = row.mutable_goal()->add_criteria();
  criterion->set_indicator("Andel");
  criterion->set_unit_of_measure("%");
  criterion->set_baseline(10);
  criterion->set_target(60);
  criterion->set_due_date("2023-12-31");
  return row;
}

class GoalImportTest : public ::testing::Test {
 protected:
  GoalImportTest() { book_.Add(std::make_shared<const Framework>(SmallFramework())); }

  // Judges rows whose digests are their serialised content.
  GoalImport& Judge(const std::vector<v1::GoalRow>& rows) {
    std::vector<std::string> digests;
    for (const v1::GoalRow& row : rows) digests.push_back(row.SerializeAsString());
    import_ = std::make_unique<GoalImport>(book_, *tree_, D("2024-01-01"), absl::Now());
    import_->Judge(rows, digests);
    return *import_;
  }
  std::vector<RowOutcome::Outcome> Outcomes(const std::vector<v1::GoalRow>& rows) {
    std::vector<RowOutcome::Outcome> outcomes;
    for (const RowOutcome& outcome : Judge(rows).outcomes()) outcomes.push_back(outcome.outcome());
    return outcomes;
  }
  void Keep() {
    for (const GoalChange& change : import_->changes()) {
      book_.Set(std::make_shared<const Goal>(change.after));
    }
  }

  GoalBook book_;
  std::shared_ptr<const organisation::Tree> tree_ = SmallCity().BuildTree();
  std::unique_ptr<GoalImport> import_;
};

TEST_F(GoalImportTest, TakesAParentFromALaterRow) {
  GoalImport& import =
      Judge({Row("low", "e-vvk-01-01", "mid"), Row("mid", "kl-vvk-01", "top"), Row("top", "buf")});
  std::vector<std::string> order;
  for (const GoalChange& change : import.changes()) order.push_back(change.after.goal_id);
  EXPECT_THAT(order, ElementsAre("top", "mid", "low"));
  EXPECT_EQ(import.outcomes()[0].row(), 1);
  EXPECT_EQ(import.outcomes()[0].id(), "low");
}

TEST_F(GoalImportTest, DoesNotLetAWrongRowStopTheOthers) {
  v1::GoalRow wrong = Row("wrong", "kl-vvk-01");
  wrong.mutable_goal()->clear_title();
  wrong.mutable_goal()->set_weight(-1);
  EXPECT_THAT(Outcomes({Row("a", "buf"), wrong, Row("b", "kl-vvk-01")}),
              ElementsAre(RowOutcome::OUTCOME_CREATED, RowOutcome::OUTCOME_REJECTED,
                          RowOutcome::OUTCOME_CREATED));
  const RowOutcome& rejected = import_->outcomes()[1];
  EXPECT_EQ(rejected.reason(), "INVALID_FIELDS");
  ASSERT_EQ(rejected.problems_size(), 2);
  EXPECT_EQ(rejected.problems(0).field(), "goal.title");
  EXPECT_EQ(rejected.problems(1).field(), "goal.weight");
}

TEST_F(GoalImportTest, RejectsTextThatPostgreSqlCannotHold) {
  v1::GoalRow row = Row("a", "buf");
  row.mutable_goal()->set_description(std::string("a\0b", 3));
  ASSERT_THAT(Outcomes({row, Row("b", "buf")}),
              ElementsAre(RowOutcome::OUTCOME_REJECTED, RowOutcome::OUTCOME_CREATED));
  EXPECT_EQ(import_->outcomes()[0].problems(0).field(), "goal.description");
}

TEST_F(GoalImportTest, RejectsFiguresWhoseDifferencesWouldNotBeFinite) {
  v1::GoalRow row = Row("a", "buf");
  row.mutable_goal()->mutable_criteria(0)->set_baseline(-1.7e308);
  row.mutable_goal()->mutable_criteria(0)->set_target(1.7e308);
  ASSERT_THAT(Outcomes({row}), ElementsAre(RowOutcome::OUTCOME_REJECTED));
  EXPECT_EQ(import_->outcomes()[0].problems_size(), 2);
}

TEST_F(GoalImportTest, RejectsTheGoalsBelowARejectedOne) {
  EXPECT_THAT(Outcomes({Row("low", "e-vvk-01-01", "top"), Row("top", "unknown-unit")}),
              ElementsAre(RowOutcome::OUTCOME_REJECTED, RowOutcome::OUTCOME_REJECTED));
  EXPECT_EQ(import_->outcomes()[0].reason(), "PARENT_GOAL_INVALID");
  EXPECT_EQ(import_->outcomes()[1].reason(), "UNIT_NOT_FOUND");
}

TEST_F(GoalImportTest, RejectsACircleOfParents) {
  EXPECT_THAT(Outcomes({Row("a", "buf", "b"), Row("b", "buf", "a")}),
              ElementsAre(RowOutcome::OUTCOME_REJECTED, RowOutcome::OUTCOME_REJECTED));
}

TEST_F(GoalImportTest, RecognisesARowThatWasSentBefore) {
  const v1::GoalRow row = Row("a", "buf");
  ASSERT_THAT(Outcomes({row}), ElementsAre(RowOutcome::OUTCOME_CREATED));
  Keep();
  v1::GoalRow other = row;
  other.mutable_goal()->set_title("Et andet mål");
  EXPECT_THAT(Outcomes({row, other}),
              ElementsAre(RowOutcome::OUTCOME_UNCHANGED, RowOutcome::OUTCOME_REJECTED));
  EXPECT_EQ(import_->outcomes()[1].reason(), "GOAL_EXISTS");
}

TEST_F(GoalImportTest, EntersWhatHasHappenedToAGoal) {
  v1::GoalRow row = Row("a", "buf");
  row.mutable_agreement()->set_role("board_member");
  row.mutable_agreement()->set_agreed_on("2021-09-15");
  auto* check_in = row.add_check_ins();
  check_in->set_value(35);
  check_in->set_checked_on("2022-03-01");
  check_in->set_role("board_member");
  ASSERT_THAT(Outcomes({row}), ElementsAre(RowOutcome::OUTCOME_CREATED));
  const Goal& goal = import_->changes()[0].after;
  EXPECT_EQ(StateOf(goal), State::kAgreed);
  ASSERT_EQ(goal.check_ins.size(), 1u);
  EXPECT_EQ(goal.check_ins[0].criterion_id, "c1");
}

TEST_F(GoalImportTest, AgreesNoGoalThatCannotBeMeasured) {
  v1::GoalRow row = Row("a", "buf");
  row.mutable_goal()->mutable_criteria(0)->clear_target();
  row.mutable_agreement()->set_role("board_member");
  row.mutable_agreement()->set_agreed_on("2021-09-15");
  ASSERT_THAT(Outcomes({row}), ElementsAre(RowOutcome::OUTCOME_REJECTED));
  EXPECT_EQ(import_->outcomes()[0].reason(), "CRITERION_NOT_MEASURABLE");
}

TEST_F(GoalImportTest, TakesALongChainWithoutRunningOutOfStack) {
  std::vector<v1::GoalRow> rows;
  for (int i = 0; i < 500; ++i) {
    rows.push_back(Row(absl::StrCat("g", i), "buf", i < 499 ? absl::StrCat("g", i + 1) : ""));
  }
  EXPECT_EQ(Judge(rows).changes().size(), 500u);
}

}  // namespace
}  // namespace klynge::goals
