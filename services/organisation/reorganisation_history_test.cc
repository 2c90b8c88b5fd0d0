// Random reorganisations of random small cities: whatever they do, days before are as they were,
// and days after break no rule and lose nobody without a word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "services/organisation/client/lineage.h"
#include "services/organisation/reorganisation_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::IsEmpty;

constexpr char kDay[] = "2024-01-01";

// Draws cities and steps.
class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  int Below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  bool Happens(int percent) { return Below(100) < percent; }
  std::string OneOf(const std::vector<std::string>& list) {
    return list[static_cast<size_t>(Below(static_cast<int>(list.size())))];
  }
  std::string Cluster() { return OneOf({"kl-0", "kl-1", "kl-2", "net"}); }
  std::string House() { return "e-" + std::to_string(Below(8)); }
  std::string Someone() { return "p-" + std::to_string(Below(10)); }

  OrganisationBuilder City() {
    OrganisationBuilder city;
    city.Unit("buf", "administration", "").Unit("omr", "area", "buf");
    for (const char* id : {"kl-0", "kl-1", "kl-2"}) city.Unit(id, "cluster", "omr");
    city.Unit("net", "self_owned_network", "omr");
    for (int i = 0; i < 10; ++i) city.Someone("p-" + std::to_string(i));
    for (const char* id : {"kl-0", "kl-1", "kl-2"}) Lead(city, id, "cluster_leader");
    for (int i = 0; i < 8; ++i) {
      const std::string id = "e-" + std::to_string(i);
      city.Unit(id, OneOf({"nursery", "club"}), Cluster());
      Lead(city, id, "pedagogical_leader");
    }
    return city;
  }

  Step NextStep() {
    switch (Below(7)) {
      case 0:
        return MoveStep(House(), Cluster());
      case 1:
        return Merge();
      case 2:
        return Split();
      case 3:
        return OpenStep(NewUnit("n-" + std::to_string(++opened_), "Ny", "club", Cluster()));
      case 4:
        return CloseStep(Happens(80) ? House() : Cluster());
      case 5:
        return RenameStep(Happens(50) ? House() : Cluster(), "Navn");
      default:
        return Happens(50) ? ReassignRoleStep(Someone(), "cluster_leader", Cluster(), Happens(50))
                           : ReassignStep(Happens(70) ? Someone() : "", "pos-" + House());
    }
  }

 private:
  // With a position or without, sometimes for a while only.
  void Lead(OrganisationBuilder& city, const std::string& id, const std::string& role) {
    if (Happens(20)) return;
    const std::string from = Happens(15) ? "2024-02-01" : "2021-01-01";
    const std::string to = Happens(15) ? "2024-06-01" : "";
    if (Happens(50)) {
      city.Position("pos-" + id, role, id, "2020-01-01");
      city.Hold(Someone(), "pos-" + id, from, to);
    } else {
      city.Assign(Someone(), role, id, from, to);
    }
  }

  Step Merge() {
    if (Happens(50)) return MergeStep({House(), House()}, NewUnit("m-1", "Samlet"));
    if (Happens(50)) return MergeStep({House()}, NewUnit(House()));
    return MergeStep({Cluster()}, NewUnit(Cluster()));
  }

  Step Split() {
    const std::string whole = Cluster();
    std::vector<Part> parts = {{Happens(50) ? NewUnit(whole) : NewUnit("s-0", "Halv")},
                               {NewUnit("s-1", "Anden halv")}};
    for (int i = 0; i < 8; ++i) {
      parts[static_cast<size_t>(Below(2))].children.push_back("e-" + std::to_string(i));
    }
    parts[1].carries_figures = Happens(50);
    return SplitStep(whole, parts);
  }

  std::mt19937 random_;
  int opened_ = 0;
};

// Everything of a day that the tree says of units and of who is where.
std::multimap<std::string, std::string> Shown(const Tree& tree, Date on) {
  std::multimap<std::string, std::string> shown;
  for (const UnitVersion* unit : tree.UnitsOn(on)) {
    shown.emplace(unit->unit_id, unit->name + "/" + unit->kind + "/" + unit->parent_id);
    for (const Assignment* held : tree.AssignmentsAt(unit->unit_id, on)) {
      shown.emplace(unit->unit_id, held->person_id + " " + held->role + " " + held->position_id);
    }
    for (const Position* position : tree.positions().At(unit->unit_id, on)) {
      shown.emplace(unit->unit_id, position->position_id);
    }
  }
  return shown;
}

void ExpectKeepsTheRules(const Tree& tree, Date on) {
  for (const UnitVersion* unit : tree.UnitsOn(on)) {
    const auto above = tree.AncestorVersions(unit->unit_id, on);
    EXPECT_EQ(above.empty() ? unit->unit_id : above.back()->unit_id, "buf") << unit->unit_id;
    std::map<std::string, int> leaders;
    for (const Assignment* held : tree.AssignmentsAt(unit->unit_id, on)) {
      if (held->role == "cluster_leader") ++leaders[unit->unit_id];
      if (!held->position_id.empty()) {
        const Position* position = tree.positions().Find(held->position_id);
        ASSERT_NE(position, nullptr);
        EXPECT_EQ(position->unit_id, unit->unit_id);
        EXPECT_TRUE(position->valid.Contains(on));
      }
    }
    for (const auto& [id, count] : leaders) EXPECT_EQ(count, 1) << id;
  }
  for (const Assignment& held : tree.organisation().assignments) {
    if (!held.valid.Contains(on)) continue;
    EXPECT_NE(tree.FindUnit(held.unit_id, on), nullptr) << held.assignment_id;
  }
}

// The assignments of a day, each as who is what, without where.
std::multiset<std::string> Roles(const Tree& tree, Date on) {
  std::multiset<std::string> roles;
  for (const Assignment& held : tree.organisation().assignments) {
    if (held.valid.Contains(on)) roles.insert(held.assignment_id);
  }
  return roles;
}

TEST(ReorganisationHistoryTest, ChangesNoDayBeforeAndBreaksNoRuleAfter) {
  const Date day = D(kDay);
  int committable = 0;
  for (unsigned seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE(seed);
    Chance chance(seed);
    const auto before = chance.City().BuildTree();
    std::vector<Step> steps;
    for (int i = chance.Below(4); i >= 0; --i) steps.push_back(chance.NextStep());
    const ReorganisationOutcome outcome = WorkOut(*before, Drafted(steps));
    const auto after = Applied(*before, outcome.plan);
    for (const Date on : {D("2020-06-01"), day - 1})
      EXPECT_EQ(Shown(*before, on), Shown(*after, on));
    for (const Date on : {day, D("2024-03-01"), D("2030-01-01")}) ExpectKeepsTheRules(*after, on);
    EXPECT_THAT(Outcomes(Plan(*after, Messages(after->organisation()))), Each("UNCHANGED"));

    v1::PreviewReorganisationResponse preview;
    DescribeOutcome(*before, outcome, day, &preview);
    std::multiset<std::string> roles = Roles(*before, day);
    for (const auto& role : preview.roles()) {
      if (role.begins()) {
        roles.insert(role.assignment().assignment_id());
      } else {
        EXPECT_EQ(roles.erase(role.assignment().assignment_id()), 1u);
      }
    }
    EXPECT_EQ(roles, Roles(*after, day));

    if (!outcome.problems.empty()) continue;
    ++committable;
    const Lineage& lineage = after->Indexed<Lineage>();
    for (const UnitVersion* unit : before->UnitsOn(day - 1)) {
      EXPECT_NE(lineage.StandsFor(unit->unit_id, day), nullptr) << unit->unit_id;
    }
    EXPECT_THAT(WorkOut(*after, Drafted({}, kDay, "naeste")).rows, IsEmpty());
  }
  EXPECT_GT(committable, 150);
}

}  // namespace
}  // namespace klynge::organisation
