#include "services/organisation/snapshot_messages.h"

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/organisation/client/convert.h"
#include "services/organisation/client/lay_over.h"
#include "services/organisation/client/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr size_t kEverythingFits = 1'000'000;
constexpr size_t kNothingFits = 0;

std::vector<Person> Persons(int from, int to, const std::string& name) {
  std::vector<Person> persons;
  for (int i = from; i < to; ++i) persons.push_back({absl::StrCat("p-", i), name});
  return persons;
}

template <class Thing>
std::vector<Thing> Copied(const SharedList<Thing>& list) {
  return list.all();
}

// The small city with so many persons, and what was written to it, by revision.
class History {
 public:
  explicit History(int persons = 1000) {
    OrganisationBuilder city = SmallCity();
    for (int i = 0; i < persons; ++i) city.Someone(absl::StrCat("p-", i));
    writes_.push_back(city.Build());
    trees_.push_back(city.BuildTree(1));
  }

  const Tree& newest() const { return *trees_.back(); }
  const std::vector<std::shared_ptr<const Tree>>& trees() const { return trees_; }

  void Write(Organisation written) {
    Organisation after = newest().organisation();
    Lay(written, after);
    writes_.push_back(std::move(written));
    const int64_t revision = newest().revision() + 1;
    trees_.push_back(std::make_shared<const Tree>(std::move(after), revision, trees_.back().get()));
  }
  void Write(std::vector<Person> persons) {
    Organisation written;
    written.persons = std::move(persons);
    Write(std::move(written));
  }

  SnapshotMessages::Written WrittenAfter(int64_t revision) const {
    Organisation written;
    for (auto i = static_cast<size_t>(revision); i < writes_.size(); ++i) Lay(writes_[i], written);
    written.unit_kinds = newest().organisation().unit_kinds;
    written.roles = newest().organisation().roles;
    return {std::move(written), newest().revision()};
  }

  std::vector<v1::OrganisationSnapshot> Next(SnapshotMessages& messages, bool lost = false) const {
    const auto changes = messages.Changes(lost, [&](int64_t after) { return WrittenAfter(after); });
    if (changes) return {*changes};
    return messages.Whole(newest());
  }

 private:
  static void Lay(const Organisation& written, Organisation& over) {
    LayOver(over.units, Copied(written.units));
    LayOver(over.persons, Copied(written.persons));
    LayOver(over.assignments, Copied(written.assignments));
  }

  std::vector<Organisation> writes_;  // those of revision 1 first
  std::vector<std::shared_ptr<const Tree>> trees_;
};

v1::OrganisationSnapshot WholeOf(const Tree& tree) {
  return ToSnapshot(tree.organisation(), tree.revision());
}

// Another service.
class Follower {
 public:
  void Take(const v1::OrganisationSnapshot& message) {
    if (tree_ != nullptr && tree_->revision() >= message.revision()) return;
    if (message.since_revision() == 0) {
      tree_ = Tree::FromSnapshot(message);
    } else if (tree_ != nullptr && tree_->revision() >= message.since_revision()) {
      tree_ = Tree::FromChanges(message, *tree_);
    }
  }
  // By GetSnapshot, if it has not got there otherwise.
  void Ask(const Tree& tree) {
    if (tree_ != nullptr && tree_->revision() == tree.revision()) return;
    ++asked_;
    tree_ = Tree::FromSnapshot(WholeOf(tree));
  }
  const Tree* tree() const { return tree_.get(); }
  int asked() const { return asked_; }

 private:
  std::shared_ptr<const Tree> tree_;
  int asked_ = 0;
};

TEST(SnapshotMessages, BeginWithTheWhole) {
  SnapshotMessages messages(kEverythingFits);
  const auto first = History(3).Next(messages, true);
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_EQ(first[0].since_revision(), 0);
  EXPECT_THAT(first[0].units(), SizeIs(9));
  EXPECT_EQ(first[1].since_revision(), 1);
  EXPECT_THAT(first[1].units(), IsEmpty());
}

TEST(SnapshotMessages, CountChangesFromTheWholeThatWasPublished) {
  SnapshotMessages messages(kEverythingFits);
  History history;
  history.Next(messages, true);
  for (int i = 0; i < 50; ++i) {
    history.Write(Persons(i, i + 1, "Ny"));
    const auto next = history.Next(messages);
    ASSERT_THAT(next, SizeIs(1));
    EXPECT_EQ(next[0].since_revision(), 1);
    EXPECT_THAT(next[0].persons(), SizeIs(i + 1));
  }
}

TEST(SnapshotMessages, AreTheWholeAgainWhenMuchHasChangedOrMayBeLost) {
  SnapshotMessages messages(kEverythingFits);
  History history;
  history.Next(messages, true);
  history.Write(Persons(0, 100, "Ny"));
  EXPECT_EQ(history.Next(messages)[0].since_revision(), 0);
  EXPECT_EQ(history.Next(messages, true)[0].since_revision(), 0);
}

TEST(SnapshotMessages, TellNobodysName) {
  SnapshotMessages messages(kEverythingFits);
  History history;
  history.Write(Persons(0, 3, "Klyngeleder"));
  const auto told = history.Next(messages, true);
  history.Write(Persons(1, 2, "Souschef"));
  const auto next = history.Next(messages);
  for (const auto& each : {told[0], next[0]}) {
    EXPECT_GT(each.persons_size(), 0);
    EXPECT_THAT(each.DebugString(), Not(AnyOf(HasSubstr("Klyngeleder"), HasSubstr("Souschef"))));
  }
}

TEST(SnapshotMessages, HaveNoWholeThatIsTooLarge) {
  SnapshotMessages messages(kNothingFits);
  History history;
  for (int i = 0; i < 20; ++i) {
    for (const auto& message : history.Next(messages, i % 5 == 0)) {
      EXPECT_NE(message.since_revision(), 0);
    }
    history.Write(Persons(i, i + 1, "Ny"));
  }
}

TEST(SnapshotMessages, DoNotGoOnGrowingWhereTheWholeIsTooLarge) {
  SnapshotMessages messages(kNothingFits);
  History history(20'000);
  history.Next(messages, true);
  for (int i = 0; i < 30; ++i) {
    history.Write(Persons(50 * i, 50 * i + 50, "Ny"));
    const auto next = history.Next(messages);
    ASSERT_THAT(next, SizeIs(1));
    EXPECT_LE(next[0].persons_size(), 500);
  }
}

TEST(SnapshotMessages, AreTheWholeWhenWhatWasWrittenCannotBeRead) {
  SnapshotMessages messages(kEverythingFits);
  History history;
  history.Next(messages, true);
  history.Write(Persons(0, 1, "Ny"));
  EXPECT_FALSE(
      messages.Changes(false, [](int64_t) { return absl::UnavailableError("away"); }).has_value());
  const auto next = messages.Whole(history.newest());
  ASSERT_THAT(next, SizeIs(2));
  EXPECT_EQ(next[0].SerializeAsString(), WholeOf(history.newest()).SerializeAsString());
}

TEST(SnapshotMessages, ShareWhatTheyDoNotChangeWithTheTreeThatTheyAreLaidOver) {
  History history;
  Organisation written;
  written.units = {{"e-1", "club", "Ny", "kl-vvk-01", {D("2020-01-01"), kOpenEnd}}};
  history.Write(written);
  const Tree& before = *history.trees().front();
  SnapshotMessages::Written changes = history.WrittenAfter(1);
  v1::OrganisationSnapshot message = ToSnapshot(changes.organisation, changes.revision);
  message.set_since_revision(1);
  const auto made = Tree::FromChanges(message, before);
  EXPECT_EQ(made->FindPerson("p-kl-1"), before.FindPerson("p-kl-1"));
  EXPECT_TRUE(made->Exists("e-1"));
  EXPECT_FALSE(before.Exists("e-1"));
}

// What other services ask a tree, of every unit and of some persons on some days.
std::vector<std::string> Answers(const Tree& tree) {
  std::vector<std::string> answers;
  for (const Date on : {D("2020-06-01"), D("2021-06-01"), D("2023-01-01")}) {
    for (const UnitVersion* unit : tree.UnitsOn(on)) {
      answers.push_back(unit->name);
      for (const std::string& below : tree.Subtree(unit->unit_id, on)) answers.push_back(below);
      for (const Assignment* held : tree.AssignmentsAt(unit->unit_id, on)) {
        answers.push_back(held->assignment_id);
      }
      for (const std::string& id : tree.Team(unit->unit_id, on).PersonIds()) answers.push_back(id);
    }
  }
  for (const Assignment& held : tree.organisation().assignments) {
    answers.push_back(tree.FindPerson(held.person_id)->name);
    answers.push_back(absl::StrCat(tree.AssignmentsOf(held.person_id).size()));
  }
  return answers;
}

// Adds, renames and moves things and ends roles, and often takes it back.
Organisation RandomWrite(const Tree& before, std::mt19937& random) {
  const auto any = [&](size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(random);
  };
  const Organisation& now = before.organisation();
  std::vector<UnitVersion> units;
  std::vector<Assignment> assignments;
  std::vector<Person> persons;
  if (any(2) == 0) {
    units.push_back(now.units[any(now.units.size())]);
    units[0].name = any(2) == 0 ? "Gammel" : "Ny";
  }
  if (any(3) == 0) {
    const std::string id = absl::StrCat("ny-", any(20));
    const bool there = !units.empty() && units[0].unit_id == id;
    if (!there) units.push_back({id, "club", "Ny", "kl-vvk-02", {D("2021-01-01"), kOpenEnd}});
  }
  if (any(2) == 0) {
    assignments.push_back(now.assignments[any(now.assignments.size())]);
    assignments[0].unit_id = any(2) == 0 ? "e-vvk-01-01" : "e-vvk-01-02";
    assignments[0].valid.to = any(2) == 0 ? kOpenEnd : D("2022-01-01");
  }
  const int first = static_cast<int>(any(900));
  persons = Persons(first, first + static_cast<int>(any(40)), any(2) == 0 ? "Gammel" : "Ny");
  Organisation written;
  LayOver(written.units, std::move(units));
  written.assignments = std::move(assignments);
  LayOver(written.persons, std::move(persons));
  return written;
}

// The naive model is the whole snapshot, compiled anew. Told are one who takes every message, and
// one who misses some and asks.
TEST(SnapshotMessages, BringEverybodyToWhatTheOrganisationIs) {
  for (const size_t most : {kEverythingFits, kNothingFits, size_t{1'022}}) {
    for (uint32_t seed = 0; seed < 20; ++seed) {
      std::mt19937 random(seed);
      SnapshotMessages messages(most);
      Follower careful, careless;
      History history;
      for (int step = 0; step < 40; ++step) {
        SCOPED_TRACE(absl::StrCat("most ", most, ", seed ", seed, ", step ", step));
        // Some revisions are never told of.
        if (random() % 5 != 0 || step == 0) {
          for (const auto& message : history.Next(messages, step == 0 || random() % 10 == 0)) {
            careful.Take(message);
            if (random() % 3 != 0) careless.Take(message);
          }
          careful.Ask(history.newest());
        }
        if (random() % 3 == 0) careless.Ask(history.newest());
        for (const Tree* held : {careful.tree(), careless.tree()}) {
          if (held == nullptr) continue;
          const auto& shown = *history.trees()[static_cast<size_t>(held->revision()) - 1];
          const auto whole = WholeOf(shown);
          ASSERT_EQ(WholeOf(*held).SerializeAsString(), whole.SerializeAsString());
          ASSERT_EQ(Answers(*held), Answers(*Tree::FromSnapshot(whole)));
        }
        history.Write(RandomWrite(history.newest(), random));
      }
      // Where no whole is published, at the beginning, and when much was written at once.
      EXPECT_LE(careful.asked(), most == kEverythingFits ? 0 : 8);
      EXPECT_GT(careless.asked(), careful.asked());
    }
  }
}

}  // namespace
}  // namespace klynge::organisation
