// The property that all import rules are there for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "services/organisation/import_plan.h"
#include "services/organisation/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Contains;
using ::testing::Each;
using ::testing::IsEmpty;

// Whatever is sent, no date ever shows an orphan, a cycle, a unit in the wrong place, an assignment
// outside its unit, or two leaders of one cluster; and sending it again changes nothing.
class RandomHistory : public ::testing::TestWithParam<int> {
 protected:
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  std::string Day() { return FormatDate(D("2020-01-01") + static_cast<int>(Below(24)) * 30); }
  std::string Open() { return Below(2) ? "" : Day(); }

  Message RandomRow() {
    const std::vector<std::string> kinds = {"administration", "area",    "district",
                                            "cluster",        "nursery", "club"};
    const std::vector<std::string> units = {"u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7"};
    switch (Below(4)) {
      case 0:
        return PersonMessage(Pick({"p0", "p1", "p2"}));
      case 1:
        return AssignmentMessage(Pick({"a0", "a1", "a2", "a3"}), Pick({"p0", "p1", "p2"}),
                                 Pick({"cluster_leader", "pedagogical_leader"}), Pick(units), Day(),
                                 Open());
      default: {
        const std::string kind = Pick(kinds);
        return UnitMessage(Pick(units), kind, kind == "administration" ? "" : Pick(units), Day(),
                           Open());
      }
    }
  }

  void ExpectSound(const Tree& tree) {
    for (int month = -1; month < 26; ++month) {
      const Date day = D("2020-01-01") + month * 30;
      std::map<std::string, int> leaders;
      for (const UnitVersion* unit : tree.UnitsOn(day)) {
        const UnitKind* kind = tree.FindKind(unit->kind);
        if (unit->parent_id.empty()) {
          EXPECT_THAT(kind->parent_kinds, IsEmpty());
          continue;
        }
        const UnitVersion* parent = tree.FindUnit(unit->parent_id, day);
        ASSERT_NE(parent, nullptr) << unit->unit_id << " is an orphan on " << FormatDate(day);
        EXPECT_THAT(kind->parent_kinds, Contains(parent->kind));
        const std::vector<const UnitVersion*> above = tree.AncestorVersions(unit->unit_id, day);
        EXPECT_EQ(above.back()->kind, "administration") << unit->unit_id << " is in a cycle";
      }
      for (const Assignment& held : tree.organisation().assignments) {
        if (!held.valid.Contains(day)) continue;
        const UnitVersion* unit = tree.FindUnit(held.unit_id, day);
        ASSERT_NE(unit, nullptr) << held.assignment_id << " on " << FormatDate(day);
        EXPECT_THAT(tree.FindRole(held.role)->unit_kinds, Contains(unit->kind));
        if (held.role == "cluster_leader") {
          EXPECT_EQ(++leaders[held.unit_id], 1) << held.unit_id << " on " << FormatDate(day);
        }
      }
    }
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
};

TEST_P(RandomHistory, NeverShowsABrokenRuleOnAnyDate) {
  std::shared_ptr<const Tree> tree = OrganisationBuilder()
                                         .Kind("district", {"area", "district"})
                                         .Kind("cluster", {"area", "district"}, true)
                                         .BuildTree();
  for (int round = 0; round < 12; ++round) {
    std::vector<Message> messages(1 + Below(40));
    for (Message& message : messages) message = RandomRow();
    const ImportPlan plan = Plan(*tree, messages);
    tree = Applied(*tree, plan);
    ExpectSound(*tree);
    if (HasFatalFailure()) return;

    EXPECT_THAT(Outcomes(Plan(*tree, Accepted(messages, plan))), Each("UNCHANGED"));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomHistory, ::testing::Range(0, 60));

}  // namespace
}  // namespace klynge::organisation
