// Tasks and responsibilities in the organisation's store, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/organisation/responsibility_test_support.h"
#include "tests/conformance/organisation_store_test.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// The tasks here are those that the migration brings.
class ResponsibilityStoreTest : public OrganisationStoreTest {
 protected:
  void SetUp() override {
    ASSERT_THAT(Store(Messages(SmallCity()
                                   .Position("pos-1", "pedagogical_leader", "e-vvk-01-01")
                                   .Position("pos-2", "pedagogical_leader", "e-vvk-01-02")
                                   .Build())),
                IsOk());
  }
  static const Task& Find(const Tree& tree, const std::string& code) {
    for (const Task& task : tree.organisation().tasks) {
      if (task.task == code) return task;
    }
    ADD_FAILURE() << "there is no task " << code;
    return tree.organisation().tasks.front();
  }

  Task song_{"a-song",
             "Sang på \"dansk\"",
             "Song",
             "professional",
             {"club", "nursery"},
             5,
             true,
             {{"data_use", 0}, {"language", 3}},
             {D("2020-01-01"), D("2030-01-01")}};
  Responsibility held_ =
      Responsible("pos-1", "a-song", "e-vvk-01-01", 5, "2020-01-01", "2022-01-01");
};
KLYNGE_ON_BOTH_ENGINES(ResponsibilityStoreTest);

TEST_P(ResponsibilityStoreTest, BringsKindsOfLeadershipAndTasksThatAreAllInOrder) {
  const auto stored = Load();
  const Organisation& organisation = stored->organisation();
  int primary = 0;
  for (const LeadershipKind& kind : organisation.leadership_kinds) {
    EXPECT_FALSE(kind.label_da.empty() || kind.label_en.empty()) << kind.kind;
    primary += kind.primary ? 1 : 0;
  }
  EXPECT_THAT(organisation.leadership_kinds, SizeIs(9));
  EXPECT_EQ(primary, 1);
  ASSERT_THAT(organisation.tasks, SizeIs(23));
  // Sent back, every task keeps the rules and is what was stored.
  std::vector<Message> catalogue;
  for (const Task& task : organisation.tasks) {
    catalogue.push_back(Row(task));
    Task renamed = task;
    renamed.label_en += ", renamed";
    EXPECT_THAT(Outcomes(Plan(*stored, {Row(renamed)})), ElementsAre("UPDATED")) << task.task;
  }
  EXPECT_THAT(Outcomes(Plan(*stored, catalogue)), Each("UNCHANGED"));
}

TEST_P(ResponsibilityStoreTest, GivesBackWhatWasStored) {
  ASSERT_THAT(Store({Row(held_), Row(song_)}), IsOk());
  const auto stored = Load();
  EXPECT_EQ(Find(*stored, "a-song"), song_);
  EXPECT_THAT(stored->organisation().responsibilities, ElementsAre(held_));
}

TEST_P(ResponsibilityStoreTest, RefreshesToTheSameAsLoadingAnew) {
  ASSERT_THAT(Store({Row(held_), Row(song_)}), IsOk());
  const auto first = Load();
  Task budget = Find(*first, "budget");
  budget.expected_percent = 25;
  held_.valid.to = D("2023-01-01");
  ASSERT_THAT(Store({Row(budget), Row(held_)}), IsOk());
  const auto refreshed = Load(first);
  EXPECT_EQ(refreshed->organisation().tasks, Load()->organisation().tasks);
  EXPECT_EQ(Find(*refreshed, "budget"), budget);
  EXPECT_THAT(refreshed->organisation().responsibilities, ElementsAre(held_));
}

TEST_P(ResponsibilityStoreTest, TellsWatchersOfThem) {
  ASSERT_THAT(Store({Row(held_), Row(song_)}), IsOk());
  const auto changes = Changes({1, 1000});
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].task().label().da(), song_.label_da);
  EXPECT_THAT(changes[0].task().needs(), SizeIs(2));
  EXPECT_EQ(changes[1].responsibility().position_id(), "pos-1");
}

// What is stored is what the plans left, whether it is loaded anew or laid over what was held.
TEST_P(ResponsibilityStoreTest, HoldsTheSameAsPlannedAfterARandomHistory) {
  std::mt19937 random(20210901);
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  const auto pick = [&](const std::vector<std::string>& from) {
    return from[static_cast<size_t>(below(static_cast<int>(from.size())))];
  };
  const auto row = [&]() -> Message {
    if (below(5) == 0) {
      Task task = song_;
      task.expected_percent = 1 + below(100);
      task.needs.resize(static_cast<size_t>(below(3)));
      return Row(task);
    }
    const std::string from = pick({"2020-01-01", "2020-08-01", "2021-02-01", "2022-01-01"});
    Responsibility held = Responsible(pick({"pos-1", "pos-2"}), pick({"a-song", "daily_operation"}),
                                      pick({"e-vvk-01-01", "e-vvk-01-02"}), 1 + below(100), from,
                                      pick({"2022-07-01", "2023-03-01", ""}));
    held.responsibility_id = "r-" + std::to_string(below(9));
    return Row(held);
  };
  auto kept = Load();
  auto expected = kept;
  for (int round = 0; round < 60; ++round) {
    const ImportPlan plan = Plan(*expected, {row(), row(), row()});
    if (plan.ChangesNothing()) continue;
    const auto before = expected;
    expected = Applied(*before, plan);
    ASSERT_THAT(database_
                    ->Write({"/test", "tester"},
                            [&](sql::WriteTransaction& transaction) {
                              return SavePlan(transaction, *before, plan);
                            })
                    .status(),
                IsOk());
    kept = Load(kept);
    for (const auto& stored : {kept, Load()}) {
      EXPECT_EQ(stored->organisation().tasks, expected->organisation().tasks);
      EXPECT_EQ(stored->organisation().responsibilities, expected->organisation().responsibilities);
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(kept->organisation().responsibilities.size(), 3u);
}

}  // namespace
}  // namespace klynge::organisation
