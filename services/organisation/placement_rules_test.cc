// What an import may do to the trees in which units stand beside the line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "services/organisation/hierarchy_index.h"
#include "services/organisation/unit_listing.h"
#include "services/organisation/unit_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Results(const OrganisationBuilder& city,
                                 const std::vector<Message>& messages) {
  return Outcomes(Plan(*city.BuildTree(), messages));
}

// With a hierarchy that does not follow the line.
OrganisationBuilder City() { return SmallCity().With(Hierarchy{"project", "Projekt", "", false}); }

std::vector<std::string> Ids(const std::vector<const UnitVersion*>& units) {
  std::vector<std::string> ids;
  for (const UnitVersion* unit : units) ids.push_back(unit->unit_id);
  return ids;
}

class BrokenPlacementRule : public ::testing::TestWithParam<RuleCase> {};

TEST_P(BrokenPlacementRule, IsLaidAtTheDoorOfTheRow) {
  const auto city = City()
                        .With(PlacementOf("net-vvk-01", "kl-vvk-01"))
                        .With(PlacementOf("buf", "", "project"))
                        .With(PlacementOf("omr-vvk", "buf", "project", "2020-01-01", "2021-01-01"));
  ExpectRejected(*city.BuildTree(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Placements, BrokenPlacementRule,
    ::testing::Values(
        RuleCase{"UnknownHierarchy", Row(PlacementOf("kl-vvk-01", "buf", "geography")),
                 "HIERARCHY_NOT_FOUND", "placement.hierarchy"},
        RuleCase{"InTheLine", Row(PlacementOf("kl-vvk-01", "buf", "line")), "INVALID_FIELDS",
                 "placement.hierarchy"},
        RuleCase{"UnknownUnit", Row(PlacementOf("e-nowhere", "buf")), "UNIT_NOT_FOUND",
                 "placement.unit_id"},
        RuleCase{"UnknownParent", Row(PlacementOf("kl-vvk-01", "nowhere")), "UNIT_NOT_FOUND",
                 "placement.parent_id"},
        RuleCase{"BeforeTheUnit", Row(PlacementOf("kl-vvk-01", "buf", "med", "2019-12-31")),
                 "OUTSIDE_UNIT_LIFE", "placement.valid_from"},
        RuleCase{"UnderItself", Row(PlacementOf("kl-vvk-01", "kl-vvk-01")), "TREE_CYCLE",
                 "placement.parent_id"},
        RuleCase{"UnderItsOwnInstitution", Row(PlacementOf("kl-vvk-01", "e-vvk-01-01")),
                 "TREE_CYCLE", "placement.parent_id"},
        RuleCase{"UnderWhatStandsUnderItHere", Row(PlacementOf("omr-vvk", "e-net-01-01")),
                 "TREE_CYCLE", "placement.parent_id"},
        RuleCase{"TwiceOnADay", Row(PlacementOf("net-vvk-01", "buf", "med", "2021-01-01")),
                 "PLACEMENT_OVERLAP", "placement.valid_from"},
        RuleCase{"ParentNotInTheHierarchy", Row(PlacementOf("kl-vvk-01", "kl-vvk-02", "project")),
                 "UNIT_NOT_IN_HIERARCHY", "placement.parent_id"},
        RuleCase{"ParentLeavesTheHierarchyBefore",
                 Row(PlacementOf("kl-vvk-01", "omr-vvk", "project")), "UNIT_NOT_IN_HIERARCHY",
                 "placement.parent_id"},
        RuleCase{"ParentIsTakenAway",
                 Row(PlacementOf("buf", "", "project", "2020-01-01", "2020-06-01")),
                 "UNIT_NOT_IN_HIERARCHY", "placement.valid_to"}),
    [](const auto& test) { return test.param.name; });

TEST(PlacementRules, PlaceAUnitOtherwiseThanTheLine) {
  const auto tree =
      City().With(PlacementOf("kl-vvk-02", "kl-vvk-01", "med", "2021-01-01")).BuildTree();
  const HierarchyTree& med = *tree->Indexed<HierarchyIndex>().Find("med");
  EXPECT_THAT(Ids(med.AncestorVersions("e-vvk-02-01", D("2021-06-01"))),
              ElementsAre("kl-vvk-02", "kl-vvk-01", "omr-vvk", "buf"));
  EXPECT_THAT(Ids(med.SubtreeVersions("kl-vvk-01", D("2021-06-01"))),
              ElementsAre("kl-vvk-01", "e-vvk-01-01", "e-vvk-01-02", "kl-vvk-02", "e-vvk-02-01"));
  EXPECT_THAT(Ids(med.AncestorVersions("e-vvk-02-01", D("2020-06-01"))),
              ElementsAre("kl-vvk-02", "omr-vvk", "buf"))
      << "until then it follows the line";
}

TEST(PlacementRules, LeaveOutOfAHierarchyOfItsOwnWhatIsNotPlaced) {
  const auto tree = City()
                        .With(PlacementOf("buf", "", "project"))
                        .With(PlacementOf("kl-vvk-01", "buf", "project"))
                        .BuildTree();
  const HierarchyTree& project = *tree->Indexed<HierarchyIndex>().Find("project");
  EXPECT_THAT(Ids(project.UnitsOn(D("2021-06-01"))), ElementsAre("buf", "kl-vvk-01"));
  EXPECT_EQ(project.FindUnit("omr-vvk", D("2021-06-01")), nullptr);
  EXPECT_THAT(project.SubtreeVersions("omr-vvk", D("2021-06-01")), IsEmpty());
}

TEST(PlacementRules, TakeUnitsAndPlacementsInAnyOrder) {
  EXPECT_THAT(Results(City(), {Row(PlacementOf("e-new", "kl-vvk-02")),
                               UnitMessage("e-new", "club", "kl-vvk-01")}),
              Each("CREATED"));
}

TEST(PlacementRules, SwapTwoUnitsInOneImport) {
  const auto city = City().With(PlacementOf("kl-vvk-01", "kl-vvk-02"));
  Placement up = PlacementOf("kl-vvk-01", "omr-vvk");
  EXPECT_THAT(Results(city, {Row(PlacementOf("kl-vvk-02", "kl-vvk-01")), Row(up)}),
              ElementsAre("CREATED", "UPDATED"));
}

// The line alone is in order: only with the placement does the unit come to stand below itself.
TEST(PlacementRules, SeeACycleThatTheLineMakesBeneathAHierarchy) {
  const auto city = City().With(PlacementOf("kl-vvk-02", "e-vvk-01-01", "med", "2021-01-01"));
  const Message move = UnitMessage("e-vvk-01-01", "nursery", "kl-vvk-02", "2022-01-01");
  const ImportPlan plan = Plan(*city.BuildTree(), {move});
  EXPECT_THAT(Outcomes(plan), ElementsAre("TREE_CYCLE"));
  EXPECT_THAT(Fields(plan.verdicts[0]), ElementsAre("unit.parent_id"));
  // With the placement ended in the same import it may move.
  EXPECT_THAT(Results(city, {move, Row(PlacementOf("kl-vvk-02", "e-vvk-01-01", "med", "2021-01-01",
                                                   "2022-01-01"))}),
              ElementsAre("CREATED", "UPDATED"));
}

// Without its placement the area follows the line again, and stands above what it stands under.
TEST(PlacementRules, SeeACycleThatEndingAPlacementUncovers) {
  const auto city =
      City().With(PlacementOf("kl-vvk-01", "buf")).With(PlacementOf("omr-vvk", "kl-vvk-01"));
  const ImportPlan plan = Plan(
      *city.BuildTree(), {Row(PlacementOf("kl-vvk-01", "buf", "med", "2020-01-01", "2022-01-01")),
                          UnitMessage("kl-vvk-01", "cluster", "omr-vvk", "2023-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("TREE_CYCLE", "CREATED"));
}

TEST(PlacementRules, ListPlacementsWhenAUnitCloses) {
  const auto city = City()
                        .Unit("kl-closing", "cluster", "omr-vvk")
                        .With(PlacementOf("kl-closing", "buf"))
                        .With(PlacementOf("net-vvk-01", "kl-closing"));
  const ImportPlan plan =
      Plan(*city.BuildTree(),
           {UnitMessage("kl-closing", "cluster", "omr-vvk", "2020-01-01", "2022-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("UNIT_IN_USE"));
  EXPECT_THAT(plan.verdicts[0].problems.at(0).description,
              HasSubstr("end 1 placement of it (\"med-kl-closing-2020-01-01\" from 2020-01-01); "
                        "move or end 1 placement under it (\"med-net-vvk-01-2020-01-01\""));
}

// Whatever is sent, on no day of any hierarchy does a unit stand below itself, under what is not
// there, or in two places; and every question is answered as by looking at each unit by itself.
class RandomPlacements : public ::testing::TestWithParam<int> {
 protected:
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  static Date Month(size_t month) { return D("2020-01-01") + 30 * static_cast<int>(month); }
  std::string Day() { return FormatDate(Month(Below(12))); }

  Message RandomRow() {
    const std::vector<std::string> units = {"a0", "a1", "a2", "d0", "d1", "d2", "d3"};
    if (Below(4) == 0) {
      const std::string unit = Pick(units);
      // Districts may stand under each other, so that the line has room to move.
      return UnitMessage(unit, unit[0] == 'a' ? "area" : "district",
                         unit[0] == 'a' ? "buf" : Pick(units), Below(3) == 0 ? Day() : "2020-01-01",
                         Below(4) ? "" : Day());
    }
    Placement placement = PlacementOf(Pick(units), Below(5) ? Pick(units) : "",
                                      Pick({"med", "project"}), Day(), Below(2) ? "" : Day());
    placement.placement_id = absl::StrCat("p", Below(10));
    return Row(placement);
  }

  // Who stands under whom that day, by the rows alone.
  static std::map<std::string, std::string> Naive(const Tree& tree, const Hierarchy& hierarchy,
                                                  Date day) {
    std::map<std::string, std::string> parents;
    for (const UnitVersion& unit : tree.organisation().units) {
      if (hierarchy.follows_line && unit.valid.Contains(day)) {
        parents[unit.unit_id] = unit.parent_id;
      }
    }
    std::set<std::string> placed;
    for (const Placement& placement : tree.organisation().placements) {
      if (placement.hierarchy != hierarchy.hierarchy || !placement.valid.Contains(day)) continue;
      EXPECT_TRUE(placed.insert(placement.unit_id).second)
          << placement.unit_id << " is placed twice";
      EXPECT_NE(tree.FindUnit(placement.unit_id, day), nullptr) << placement.unit_id;
      parents[placement.unit_id] = placement.parent_id;
    }
    return parents;
  }

  static void ExpectSoundOn(const Tree& tree, const Hierarchy& hierarchy, Date day) {
    const auto parents = Naive(tree, hierarchy, day);
    const HierarchyTree& asked = *tree.Indexed<HierarchyIndex>().Find(hierarchy.hierarchy);
    std::map<std::string, std::vector<std::string>> below;
    for (const auto& [unit, parent] : parents) {
      std::vector<std::string> above;
      below[unit].push_back(unit);
      for (std::string next = parent; !next.empty(); next = parents.at(next)) {
        ASSERT_TRUE(parents.contains(next)) << unit << " is an orphan on " << FormatDate(day);
        above.push_back(next);
        below[next].push_back(unit);
        ASSERT_LE(above.size(), parents.size()) << unit << " is in a cycle on " << FormatDate(day);
      }
      EXPECT_EQ(Ids(asked.AncestorVersions(unit, day)), above) << unit;
    }
    EXPECT_EQ(asked.UnitsOn(day).size(), parents.size());
    for (auto& [unit, expected] : below) {
      std::sort(expected.begin(), expected.end());
      // Often enough that pages are found in every way.
      for (int i = 0; i < 4; ++i) {
        const UnitPage page = tree.Indexed<UnitListing>().List(
            {.on = day, .hierarchy = &asked, .top = tree.FindUnit(unit, day), .limit = 100});
        ASSERT_EQ(Ids(page.units), expected) << unit << " in " << hierarchy.hierarchy;
      }
    }
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
};

TEST_P(RandomPlacements, NeverShowABrokenTreeOnAnyDate) {
  std::shared_ptr<const Tree> tree = OrganisationBuilder()
                                         .Kind("district", {"area", "district"})
                                         .With(Hierarchy{"project", "Projekt", "", false})
                                         .Unit("buf", "administration", "")
                                         .Unit("a0", "area", "buf")
                                         .Unit("a1", "area", "buf")
                                         .Unit("d0", "district", "a0")
                                         .Unit("d1", "district", "d0")
                                         .Unit("d2", "district", "a1")
                                         .BuildTree();
  size_t stored = 0;
  for (int round = 0; round < 12; ++round) {
    std::vector<Message> messages(1 + Below(25));
    for (Message& message : messages) message = RandomRow();
    const ImportPlan plan = Plan(*tree, messages);
    stored += plan.placements.size();
    tree = Applied(*tree, plan);
    for (const Hierarchy& hierarchy : tree->organisation().hierarchies) {
      for (size_t month = 0; month < 14; ++month) {
        ExpectSoundOn(*tree, hierarchy, Month(month));
        if (HasFailure()) return;
      }
    }
    EXPECT_THAT(Outcomes(Plan(*tree, Accepted(messages, plan))), Each("UNCHANGED"));
  }
  EXPECT_GT(stored, 3u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomPlacements, ::testing::Range(0, 60));

}  // namespace
}  // namespace klynge::organisation
