// What is said to be given up, against the oracle: it is enough, and nothing less is.

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_join.h"
#include "services/courses/timetable/oracle/oracle.h"
#include "services/courses/timetable/oracle/random_programmes.h"
#include "services/courses/timetable/relaxations.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace klynge::courses::timetable {
namespace {

// Whether there is a timetable, of many problems that are much alike.
class Existence {
 public:
  bool operator()(const Problem& problem) {
    // What takes longer is left to the problems that take less.
    const OracleAnswer any = FindAnyTimetable(problem, 1500);
    gave_up_ = gave_up_ || !any.complete;
    return any.timetable.has_value();
  }
  // Some problem was too hard; what was said of it may be wrong.
  bool gave_up() const { return gave_up_; }

 private:
  bool gave_up_ = false;
};

std::function<bool(const Problem&)> Asking(Existence& existence) {
  return [&existence](const Problem& problem) { return existence(problem); };
}

std::string Text(const std::vector<Relaxation>& relaxations) {
  return absl::StrJoin(relaxations, " and ", [](std::string* out, const Relaxation& each) {
    absl::StrAppend(out, each.rule, " ", each.what);
  });
}

// All of `relaxations` but that at `index`.
std::vector<Relaxation> AllBut(std::vector<Relaxation> relaxations, size_t index) {
  relaxations.erase(relaxations.begin() + static_cast<long>(index));
  return relaxations;
}

TEST(LeastToGiveUp, IsEnoughAndNoProperSubsetOfItIs) {
  int problems = 0;
  std::map<size_t, int> sizes;
  std::set<std::string> rules;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Problem problem = RandomProgramme(seed, static_cast<int>(seed % 3));
    Existence exists;
    if (exists(problem)) continue;
    const auto least = LeastToGiveUp(problem, Asking(exists));
    if (exists.gave_up()) continue;
    ++problems;
    for (const auto& given_up : least) {
      EXPECT_TRUE(CheckProblem(Without(problem, given_up)).empty());
      EXPECT_TRUE(exists(Without(problem, given_up))) << "seed " << seed << ": " << Text(given_up);
      // Giving up less never helps more, so that the largest proper subsets speak for all.
      for (size_t i = 0; i < given_up.size(); ++i) {
        EXPECT_FALSE(exists(Without(problem, AllBut(given_up, i))))
            << "seed " << seed << ": " << Text(given_up) << " without the " << i;
        rules.insert(given_up[i].rule);
      }
      ++sizes[given_up.size()];
    }
    EXPECT_FALSE(exists.gave_up()) << "seed " << seed;
  }
  // Or else the problems say little.
  EXPECT_GT(problems, 15);
  EXPECT_GT(sizes[1], 10);
  EXPECT_GT(sizes[2], 5);
  EXPECT_GT(rules.size(), 8u) << absl::StrJoin(rules, " ");
}

using RuleSets = std::set<std::set<std::string>>;

// The rules of the smallest sets, by trying all sets of one and of two rules.
RuleSets SmallestByTryingAll(const Problem& problem, Existence& exists) {
  const std::vector<Relaxation> all = RelaxationsOf(problem);
  RuleSets smallest;
  for (const Relaxation& one : all) {
    if (exists(Without(problem, {one}))) smallest.insert({one.rule});
  }
  if (!smallest.empty()) return smallest;
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (exists(Without(problem, {all[j], all[i]}))) smallest.insert({all[j].rule, all[i].rule});
    }
  }
  return smallest;
}

TEST(LeastToGiveUp, NamesEveryAlternativeWithTheFewestRules) {
  int problems = 0;
  for (uint64_t seed = 200; seed < 230; ++seed) {
    const Problem problem = RandomProgramme(seed, static_cast<int>(seed % 3));
    Existence exists;
    if (exists(problem)) continue;
    RuleSets told;
    for (const auto& given_up : LeastToGiveUp(problem, Asking(exists))) {
      std::set<std::string> rules;
      for (const Relaxation& relaxation : given_up) rules.insert(relaxation.rule);
      told.insert(rules);
    }
    const RuleSets expected = SmallestByTryingAll(problem, exists);
    if (exists.gave_up() || expected.empty()) continue;
    EXPECT_EQ(told, expected) << "seed " << seed;
    ++problems;
  }
  EXPECT_GT(problems, 5);
}

TEST(LeastToGiveUp, IsNothingWhereNothingMustBe) {
  Existence exists;
  const auto least = LeastToGiveUp(SmallProblem(), Asking(exists));
  ASSERT_EQ(least.size(), 1u);
  EXPECT_TRUE(least[0].empty());
  EXPECT_TRUE(BindingRules(SmallProblem(), Asking(exists)).empty());
}

TEST(LeastToGiveUp, HasNoAnswerWhereNothingHelps) {
  Problem problem = SmallProblem();
  problem.venues.clear();
  Existence exists;
  EXPECT_TRUE(LeastToGiveUp(problem, Asking(exists)).empty());
}

TEST(BindingRules, TellWhatHasToGoTogether) {
  Problem problem = SmallProblem();
  problem.venues.push_back({"school", "vvk", 5, {}});
  problem.venues[0].seats = 4;
  problem.teams[0].unavailable.insert(Date(2022, 9, 6));
  problem.pins = {{"seminar-1", Date(2022, 9, 6), "", "", {"team-vvk-1"}},
                  {"seminar-2", Date(2022, 9, 20), "", "", {"team-vvk-1"}}};
  Existence exists;
  std::vector<std::string> told;
  for (const Obstacle& obstacle : BindingRules(problem, Asking(exists))) {
    told.push_back(absl::StrCat(obstacle.rule, ": ", obstacle.sentence));
  }
  EXPECT_EQ(
      absl::StrJoin(told, "\n"),
      "team,seats: There is a timetable if team 'team-vvk-1' is available every day (1 date is "
      "not) and with up to 11 seats in venue 'hall'.\n"
      "seats,pin: There is a timetable with up to 11 seats in venue 'hall' and without the "
      "pinned event of series 'seminar-1' on 2022-09-06.");
}

}  // namespace
}  // namespace klynge::courses::timetable
