// The goals store on SQLite and on PostgreSQL: what is saved is what is loaded, whole or piece by
// piece.
#include <gmock/gmock.h>

#include "klynge/migrations/goals.h"
#include "services/goals/goal_store.h"
#include "services/goals/goal_test_support.h"
#include "services/goals/unit_uses.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/unit_uses_text.h"

namespace klynge::goals {
namespace {

using ::klynge::testing::IsOk;
using testing::D;
using ::testing::ElementsAre;
using testing::GoalBuilder;
using ::testing::IsEmpty;
using testing::Points;
using testing::SmallFramework;

using BookPointer = std::shared_ptr<const GoalBook>;

// A goal with everything that a goal can have.
Goal WholeGoal(const std::string& goal_id) {
  Criterion bound = Points("bound", 0.25, 0.75);
  bound.weight = 2.5;
  bound.binding =
      Binding{"kk-observation",        "sr-1", "", "r-1", "", "", "traffic", "kl-vvk-01",
              Statistic::kShareOfGreen};
  Criterion words;
  words.criterion_id = "words";
  words.indicator = "Børn, der \"trives\"; æøå";
  Goal goal = GoalBuilder(goal_id, "kl-vvk-01")
                  .Criteria({bound, words})
                  .AgreedOn("2021-09-15")
                  .Value("2022-01-01", 0.5, "bound", Source::kObservation)
                  .Conversation("2022-02-01")
                  .Build();
  goal.parent_goal_id = "above";
  goal.description = "Linje ét\nlinje to";
  goal.core_areas = {"clear_goals", "quality_through_data"};
  goal.guideposts = {"language"};
  goal.weight = 0.1;
  goal.entry_digest = "digest";
  goal.check_ins[0].sample_size = 40;
  goal.check_ins[0].recorded_at = absl::FromUnixMicros(1'650'000'000'123'456);
  AddDissent(goal, {0, "pedagogical_leader", D("2021-10-01"), "Uenig", absl::FromUnixSeconds(5)});
  goal.closure = Closure{State::kAbandoned, "cluster_leader", D("2022-03-01"), "Lært af det"};
  return goal;
}

class GoalsStoreTest : public klynge::testing::EngineTest {
 protected:
  GoalsStoreTest() : database_(Open(Migrations())) {
    Write([](sql::WriteTransaction& transaction) {
      return InsertFramework(transaction, SmallFramework());
    });
  }

  int64_t Write(const std::function<absl::Status(sql::WriteTransaction&)>& body) {
    auto revision = database_->Write({"test"}, body);
    EXPECT_THAT(revision, IsOk());
    return revision.value_or(0);
  }
  int64_t Save(std::vector<GoalChange> changes) {
    return Write(
        [&](sql::WriteTransaction& transaction) { return SaveGoals(transaction, changes); });
  }
  BookPointer Load(BookPointer previous = nullptr, int64_t since = 0) {
    BookPointer book;
    EXPECT_THAT(database_->Read(absl::InfiniteFuture(),
                                [&](sql::Session& session) -> absl::Status {
                                  KLYNGE_ASSIGN_OR_RETURN(book, LoadBook(session, previous, since));
                                  return absl::OkStatus();
                                }),
                IsOk());
    return book;
  }

  std::unique_ptr<sql::Database> database_;
};
KLYNGE_ON_BOTH_ENGINES(GoalsStoreTest);

TEST_P(GoalsStoreTest, KeepsEverythingOfAGoal) {
  const Goal saved = WholeGoal("m1");
  const int64_t revision = Save({{nullptr, saved}});
  const GoalPointer goal = Load()->Find("m1");
  ASSERT_NE(goal, nullptr);
  EXPECT_EQ(goal->revision, revision);
  EXPECT_EQ(goal->created_at, clock().Now());
  EXPECT_EQ(goal->parent_goal_id, "above");
  EXPECT_EQ(goal->description, "Linje ét\nlinje to");
  EXPECT_THAT(goal->core_areas, ElementsAre("clear_goals", "quality_through_data"));
  EXPECT_THAT(goal->guideposts, ElementsAre("language"));
  EXPECT_THAT(goal->themes, IsEmpty());
  EXPECT_EQ(goal->weight, 0.1);
  EXPECT_EQ(goal->entry_digest, "digest");
  EXPECT_EQ(goal->agreement->on, D("2021-09-15"));
  EXPECT_EQ(goal->closure->state, State::kAbandoned);
  EXPECT_EQ(goal->closure->note, "Lært af det");
}

TEST_P(GoalsStoreTest, KeepsTheCriteriaInOrderWithTheirBindings) {
  Save({{nullptr, WholeGoal("m1")}});
  const GoalPointer goal = Load()->Find("m1");
  ASSERT_EQ(goal->criteria.size(), 2u);
  const Criterion& bound = goal->criteria[0];
  EXPECT_EQ(bound.baseline, 0.25);
  EXPECT_EQ(bound.due_date, D("2023-12-31"));
  EXPECT_EQ(bound.weight, 2.5);
  ASSERT_TRUE(bound.binding);
  EXPECT_EQ(bound.binding->scale_id, "traffic");
  EXPECT_EQ(bound.binding->unit_id, "kl-vvk-01");
  EXPECT_EQ(bound.binding->statistic, Statistic::kShareOfGreen);
  const Criterion& words = goal->criteria[1];
  EXPECT_EQ(words.indicator, "Børn, der \"trives\"; æøå");
  EXPECT_FALSE(words.baseline || words.target || words.due_date || words.binding);
}

TEST_P(GoalsStoreTest, TellsWhatRefersToAUnitFromWhatIsStored) {
  Save({{nullptr, WholeGoal("m1")}});
  rpc::UnitUses uses = UsesOf({{"kl-vvk-01"}, D("2022-02-28")}, *Load());
  rpc::SortUses(uses, "");
  EXPECT_THAT(klynge::testing::Lines(uses),
              ElementsAre("kl-vvk-01 goal m1 abandoned 2021-09-01–2022-03-01",
                          "kl-vvk-01 indicator m1/bound abandoned 2021-09-01–2022-03-01"));
  EXPECT_THAT(UsesOf({{"kl-vvk-01"}, D("2022-03-01")}, *Load()), IsEmpty());
}

TEST_P(GoalsStoreTest, KeepsCheckInsAndDissent) {
  Save({{nullptr, WholeGoal("m1")}});
  const GoalPointer goal = Load()->Find("m1");
  ASSERT_EQ(goal->check_ins.size(), 2u);
  EXPECT_EQ(goal->check_ins[0].value, 0.5);
  EXPECT_EQ(goal->check_ins[0].source, Source::kObservation);
  EXPECT_EQ(goal->check_ins[0].sample_size, 40);
  EXPECT_EQ(goal->check_ins[0].recorded_at, absl::FromUnixMicros(1'650'000'000'123'456));
  EXPECT_FALSE(goal->check_ins[1].value);
  ASSERT_EQ(goal->dissents.size(), 1u);
  EXPECT_EQ(goal->dissents[0].note, "Uenig");
}

TEST_P(GoalsStoreTest, LoadsOnlyWhatIsNewAndLeavesTheOldBookAlone) {
  int64_t revision = Save({{nullptr, WholeGoal("m1")}, {nullptr, WholeGoal("m2")}});
  const BookPointer before = Load();
  Goal changed = *before->Find("m1");
  changed.title = "Et nyt ord";
  changed.closure.reset();
  changed.check_ins.push_back(changed.check_ins[0]);
  changed.check_ins.back().number = 3;
  Save({{before->Find("m1"), changed}, {nullptr, WholeGoal("m3")}});
  const BookPointer after = Load(before, revision);
  EXPECT_EQ(after->Find("m1")->title, "Et nyt ord");
  EXPECT_EQ(after->Find("m1")->check_ins.size(), 3u);
  EXPECT_FALSE(after->Find("m1")->closure);
  EXPECT_EQ(after->Find("m2"), before->Find("m2"));
  EXPECT_NE(after->Find("m3"), nullptr);
  EXPECT_EQ(before->Find("m1")->check_ins.size(), 2u);
  EXPECT_EQ(before->Find("m3"), nullptr);
}

TEST_P(GoalsStoreTest, AddsANewCheckInToTheGoalThatItHas) {
  const int64_t first = Save({{nullptr, WholeGoal("m1")}});
  const BookPointer before = Load();
  clock().Advance(absl::Hours(1));
  Goal changed = *before->Find("m1");
  changed.check_ins.push_back(changed.check_ins[0]);
  changed.check_ins.back().number = 3;
  changed.check_ins.back().recorded_at = clock().Now();
  const int64_t second = Save({{before->Find("m1"), changed}});
  // As another replica learns of it, as it does when it had read it already, and as one that
  // starts.
  const BookPointer after = Load(before, first);
  for (const BookPointer& book : {after, Load(after, first), Load()}) {
    const GoalPointer goal = book->Find("m1");
    ASSERT_EQ(goal->check_ins.size(), 3u);
    EXPECT_EQ(goal->check_ins[2].number, 3);
    EXPECT_EQ(goal->revision, second);
    EXPECT_EQ(goal->updated_at, clock().Now());
    EXPECT_EQ(goal->dissents.size(), 1u);
    EXPECT_EQ(static_cast<const GoalTerms&>(*goal), *before->Find("m1"));
  }
  EXPECT_EQ(before->Find("m1")->check_ins.size(), 2u);
}

TEST_P(GoalsStoreTest, ForgetsTheCriteriaThatADraftNoLongerHas) {
  Save({{nullptr, WholeGoal("m1")}});
  const GoalPointer before = Load()->Find("m1");
  Goal changed = *before;
  changed.criteria = {Points("only")};
  Save({{before, changed}});
  const GoalPointer after = Load()->Find("m1");
  ASSERT_EQ(after->criteria.size(), 1u);
  EXPECT_EQ(after->criteria[0].criterion_id, "only");
  EXPECT_FALSE(after->criteria[0].binding);
}

TEST_P(GoalsStoreTest, KeepsTheUnitTheEntryAndTheCreationOfAGoalAsTheyWere) {
  Save({{nullptr, WholeGoal("m1")}});
  const GoalPointer before = Load()->Find("m1");
  clock().Advance(absl::Hours(1));
  Save({{before, *before}});
  const GoalPointer after = Load()->Find("m1");
  EXPECT_EQ(after->created_at, before->created_at);
  EXPECT_EQ(after->updated_at, clock().Now());
  EXPECT_EQ(after->check_ins.size(), 2u);
}

TEST_P(GoalsStoreTest, KeepsFrameworksInTheOrderTheyWerePublished) {
  v1::Framework second = SmallFramework();
  second.set_version(2);
  second.mutable_label()->set_da("Ny profil \"æøå\"");
  Write([&](sql::WriteTransaction& transaction) { return InsertFramework(transaction, second); });
  const BookPointer book = Load();
  ASSERT_EQ(book->frameworks().size(), 2u);
  EXPECT_EQ(book->FindFramework("kk-2021", 0)->content.label().da(), "Ny profil \"æøå\"");
  EXPECT_TRUE(SameContent(book->FindFramework("kk-2021", 1)->content, SmallFramework()));
}

TEST_P(GoalsStoreTest, SavesThousandsOfGoalsTogether) {
  std::vector<GoalChange> changes;
  for (int i = 0; i < 3000; ++i) changes.push_back({nullptr, WholeGoal(absl::StrCat("g", i))});
  Save(std::move(changes));
  const BookPointer book = Load();
  EXPECT_EQ(book->OfUnit("kl-vvk-01").size(), 3000u);
  EXPECT_EQ(book->Find("g2999")->check_ins.size(), 2u);
}

TEST_P(GoalsStoreTest, KeepsNothingOfAWriteThatFails) {
  std::vector<GoalChange> changes = {{nullptr, WholeGoal("m1")}};
  EXPECT_FALSE(database_
                   ->Write({"test"},
                           [&](sql::WriteTransaction& transaction) -> absl::Status {
                             KLYNGE_RETURN_IF_ERROR(SaveGoals(transaction, changes));
                             return absl::AbortedError("changed my mind");
                           })
                   .ok());
  EXPECT_EQ(Load()->Find("m1"), nullptr);
}

TEST_P(GoalsStoreTest, ShowsAnotherReplicaWhatWasWritten) {
  Save({{nullptr, WholeGoal("m1")}});
  auto replica = Open(Migrations());
  BookPointer book;
  ASSERT_THAT(replica->Read(absl::InfiniteFuture(),
                            [&](sql::Session& session) -> absl::Status {
                              KLYNGE_ASSIGN_OR_RETURN(book, LoadBook(session, nullptr, 0));
                              return absl::OkStatus();
                            }),
              IsOk());
  EXPECT_NE(book->Find("m1"), nullptr);
}

}  // namespace
}  // namespace klynge::goals
