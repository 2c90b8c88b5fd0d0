#include "services/organisation/competence_finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <tuple>

#include "services/organisation/competence_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Date kDay = D("2021-09-01");

// "person distance confirmed/declared", in the order in which they are found.
std::vector<std::string> Found(const Tree& tree, CompetenceSearch search) {
  std::vector<std::string> words;
  for (const CompetenceHolder& holder : FindHolders(tree, search)) {
    words.push_back(absl::StrCat(holder.person_id, " ", holder.distance, " ",
                                 holder.levels.confirmed, "/", holder.levels.declared));
  }
  return words;
}

CompetenceSearch Search(std::string near, std::string within = "", WantedLevel wanted = {}) {
  return {"data", std::move(near), std::move(within), wanted, kDay};
}

TEST(CompetenceFinder, CountsStepsUpAndDownTheTree) {
  const auto city = SmallCity().BuildTree();
  Distances from(*city, "e-vvk-01-01", kDay);
  EXPECT_EQ(from.To("e-vvk-01-01", ""), 0);
  EXPECT_EQ(from.To("kl-vvk-01", ""), 1);
  EXPECT_EQ(from.To("e-vvk-01-02", ""), 2);
  EXPECT_EQ(from.To("omr-vvk", ""), 2);
  EXPECT_EQ(from.To("kl-vvk-02", ""), 3);
  EXPECT_EQ(from.To("e-vvk-02-01", ""), 4);
  EXPECT_EQ(from.To("e-vvk-99", ""), -1);
}

TEST(CompetenceFinder, CountsTwoRootsAsUnderOneMore) {
  const auto city = SmallCity()
                        .Unit("other", "administration", "")
                        .Unit("omr-other", "area", "other")
                        .BuildTree();
  EXPECT_EQ(Distances(*city, "buf", kDay).To("other", ""), 2);
  EXPECT_EQ(Distances(*city, "omr-vvk", kDay).To("omr-other", ""), 4);
}

TEST(CompetenceFinder, FindsTheNearestFirst) {
  const auto city = CityWithCompetences()
                        .With(Declared("p-kl-2", "data", 4))
                        .With(Declared("p-pl-1", "data", 1))
                        .With(Declared("p-pl-2", "data", 2))
                        .With(Declared("p-pl-3", "finance", 4))
                        .BuildTree();
  EXPECT_THAT(Found(*city, Search("e-vvk-01-02")),
              ElementsAre("p-pl-2 0 0/2", "p-pl-1 2 0/1", "p-kl-2 3 0/4"));
}

TEST(CompetenceFinder, PutsConfirmedBeforeDeclaredAndHigherBeforeLower) {
  const auto city = CityWithCompetences()
                        .Someone("p-pl-4")
                        .Assign("p-pl-4", "pedagogical_leader", "e-vvk-01-01")
                        .Someone("p-pl-5")
                        .Assign("p-pl-5", "pedagogical_leader", "e-vvk-01-01")
                        .With(Declared("p-pl-1", "data", 4))
                        .With(Declared("p-pl-4", "data", 3))
                        .With(Confirmed("p-pl-5", "data", 1, "p-kl-1"))
                        .With(Declared("p-pl-5", "data", 2))
                        .BuildTree();
  EXPECT_THAT(Found(*city, Search("e-vvk-01-01")),
              ElementsAre("p-pl-5 0 1/2", "p-pl-1 0 0/4", "p-pl-4 0 0/3"));
}

TEST(CompetenceFinder, LooksOnlyWithinTheSubtree) {
  const auto city = CityWithCompetences()
                        .With(Declared("p-kl-2", "data", 4))
                        .With(Declared("p-pl-1", "data", 1))
                        .BuildTree();
  EXPECT_THAT(Found(*city, Search("e-vvk-02-01", "kl-vvk-01")), ElementsAre("p-pl-1 4 0/1"));
}

TEST(CompetenceFinder, LeavesOutWhoHasTooLittleOrNoConfirmation) {
  const auto city = CityWithCompetences()
                        .With(Declared("p-kl-1", "data", 4))
                        .With(Confirmed("p-pl-1", "data", 2, "p-kl-1"))
                        .With(Declared("p-pl-2", "data", 1))
                        .BuildTree();
  EXPECT_THAT(Found(*city, Search("kl-vvk-01", "", {.least = 2})),
              ElementsAre("p-kl-1 0 0/4", "p-pl-1 1 2/0"));
  EXPECT_THAT(Found(*city, Search("kl-vvk-01", "", {.least = 2, .confirmed_only = true})),
              ElementsAre("p-pl-1 1 2/0"));
  EXPECT_THAT(Found(*city, Search("kl-vvk-01", "", {.least = 3, .confirmed_only = true})),
              IsEmpty());
}

TEST(CompetenceFinder, GoesByTheDay) {
  auto city = CityWithCompetences()
                  .With(Declared("p-kl-1", "data", 4, "2020-01-01", "2021-01-01"))
                  .With(Declared("p-pl-1", "data", 1, "2022-01-01"))
                  .Someone("p-gone")
                  .Assign("p-gone", "pedagogical_leader", "e-vvk-01-01", "2020-01-01", "2021-01-01")
                  .With(Declared("p-gone", "data", 4));
  EXPECT_THAT(Found(*city.BuildTree(), Search("kl-vvk-01")), IsEmpty());
}

TEST(CompetenceFinder, CountsToTheNearestOfSeveralAssignments) {
  const auto city = CityWithCompetences()
                        .Assign("p-pl-1", "pedagogical_leader", "e-vvk-02-01")
                        .With(Declared("p-pl-1", "data", 1))
                        .BuildTree();
  EXPECT_THAT(Found(*city, Search("kl-vvk-02")), ElementsAre("p-pl-1 1 0/1"));
  EXPECT_THAT(Found(*city, Search("kl-vvk-01")), ElementsAre("p-pl-1 1 0/1"));
}

// Against a model that knows of the tree only who is whose parent.
TEST(CompetenceFinder, FindsWhatAsksOfEveryPersonAndWayFinds) {
  std::mt19937 random(20211122);
  const auto below = [&](size_t n) {
    return std::uniform_int_distribution<size_t>(0, n - 1)(random);
  };
  for (int round = 0; round < 50; ++round) {
    OrganisationBuilder city = CityWithCompetences();
    std::vector<std::string> units = {"buf",         "omr-vvk",     "kl-vvk-01",   "kl-vvk-02",
                                      "e-vvk-01-01", "e-vvk-01-02", "e-vvk-02-01", "e-net-01-01"};
    for (int i = 0; i < 12; ++i) {
      const std::string person = absl::StrCat("q", i);
      city.Someone(person);
      for (size_t n = below(3); n > 0; --n) {
        city.Assign(person, "pedagogical_leader", units[below(units.size())]);
      }
      if (below(2)) city.With(Declared(person, "data", 1 + static_cast<int>(below(4))));
      if (below(2)) city.With(Confirmed(person, "data", 1 + static_cast<int>(below(4)), "p-kl-1"));
    }
    const auto tree = city.BuildTree();
    const CompetenceSearch search =
        Search(units[below(units.size())], below(2) ? units[below(units.size())] : "",
               {.least = static_cast<int>(below(4)), .confirmed_only = below(2) == 0});

    // Steps between neighbours, relaxed until nothing gets nearer.
    std::map<std::string, int> steps = {{search.near_unit_id, 0}};
    for (size_t i = 0; i < units.size() + 2; ++i) {
      for (const UnitVersion& unit : tree->organisation().units) {
        const auto relax = [&](const std::string& a, const std::string& b) {
          if (!steps.contains(a)) return;
          const int next = steps[a] + 1;
          if (!steps.contains(b) || steps[b] > next) steps[b] = next;
        };
        if (unit.parent_id.empty()) continue;
        relax(unit.unit_id, unit.parent_id);
        relax(unit.parent_id, unit.unit_id);
      }
    }
    std::set<std::tuple<int, int, int, std::string>> expected;
    for (const Person& person : tree->organisation().persons) {
      int confirmed = 0, declared = 0, nearest = 99;
      for (const HeldCompetence& held : tree->organisation().held_competences) {
        if (held.person_id != person.person_id) continue;
        (held.confirmed() ? confirmed : declared) = held.level;
      }
      for (const Assignment& at : tree->organisation().assignments) {
        if (at.person_id != person.person_id) continue;
        if (!search.within_unit_id.empty() &&
            !tree->IsWithin(at.unit_id, search.within_unit_id, kDay)) {
          continue;
        }
        nearest = std::min(nearest, steps.at(at.unit_id));
      }
      const int best = search.wanted.confirmed_only ? confirmed : std::max(confirmed, declared);
      if (nearest == 99 || best == 0 || best < search.wanted.least) continue;
      expected.insert({nearest, -confirmed, -declared, person.person_id});
    }
    std::vector<std::string> words;
    for (const auto& [distance, confirmed, declared, person] : expected) {
      words.push_back(absl::StrCat(person, " ", distance, " ", -confirmed, "/", -declared));
    }
    EXPECT_EQ(Found(*tree, search), words) << "round " << round;
  }
}

}  // namespace
}  // namespace klynge::organisation
