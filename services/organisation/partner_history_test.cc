// The property that all rules about partners are there for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "services/organisation/partner_index.h"
#include "services/organisation/partner_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Contains;
using ::testing::Each;

// Whatever is sent, no day ever shows a partnership or handover one side of which is not there or
// cannot take part, nor the same between the same two twice.
class RandomPartners : public ::testing::TestWithParam<int> {
 protected:
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  static Date Month(int month) { return D("2020-01-01") + month * 30; }
  DateRange Period() {
    const int from = static_cast<int>(Below(8));
    // Most end before school-1 does.
    return {Month(from), Below(4) == 0 ? kOpenEnd : Month(from + 1 + static_cast<int>(Below(6)))};
  }

  Message RandomRow() {
    const std::vector<std::string> units = {"e-new", "kl-vvk-01", "e-vvk-01-01", "e-vvk-01-02",
                                            "e-vvk-02-01"};
    const std::vector<std::string> partners = {"school-1", "school-2", "hospital-1"};
    switch (Below(6)) {
      case 0:
        return UnitMessage("e-new", Pick({"nursery", "club"}), "kl-vvk-01", "2020-01-01",
                           Below(2) ? "" : FormatDate(Month(1 + static_cast<int>(Below(12)))));
      case 1:
        // Mostly such that much can be joined to them.
        return Row(Partner{Pick(partners), Below(6) == 0 ? "hospital" : "school", "P",
                           Below(4) == 0 ? Period() : DateRange{Month(0), kOpenEnd}});
      case 2:
      case 3: {
        Partnership joint = Below(2) ? WithPartner("kl-vvk-01", "school-1")
                                     : WithPartner(Pick(units), Below(2) ? Pick(partners) : "");
        if (joint.partner_id.empty()) joint.partner_unit_id = Pick(units);
        joint.partnership_id = absl::StrCat("ps", Below(6));
        joint.valid = Period();
        return Row(joint);
      }
      default: {
        Handover joint = Below(2) ? ToPartner("e-vvk-01-01", "school-1")
                                  : ToPartner(Pick(units), Below(2) ? Pick(partners) : "",
                                              Pick({"upward", "outward"}));
        if (joint.to_partner_id.empty()) joint.to_unit_id = Pick(units);
        joint.handover_id = absl::StrCat("ho", Below(6));
        joint.valid = Period();
        return Row(joint);
      }
    }
  }

  static void ExpectUnit(const Tree& tree, const std::string& unit_id, Date day,
                         const std::vector<std::string>& kinds) {
    const UnitVersion* unit = tree.FindUnit(unit_id, day);
    ASSERT_NE(unit, nullptr) << unit_id << " on " << FormatDate(day);
    EXPECT_THAT(kinds, Contains(unit->kind));
  }
  static void ExpectPartner(const Tree& tree, const std::string& partner_id, Date day,
                            const std::vector<std::string>& kinds) {
    const Partner* partner = PartnerIndex(tree).Find(partner_id);
    ASSERT_NE(partner, nullptr) << partner_id;
    EXPECT_TRUE(partner->valid.Contains(day)) << partner_id << " on " << FormatDate(day);
    EXPECT_THAT(kinds, Contains(partner->kind));
  }

  static void ExpectSoundOn(const Tree& tree, Date day) {
    std::set<std::string> seen;
    for (const Partnership& joint : tree.organisation().partnerships) {
      if (!joint.valid.Contains(day)) continue;
      const PartnershipKind& kind = *FindPartnershipKind(tree, joint.kind);
      ExpectUnit(tree, joint.unit_id, day, kind.unit_kinds);
      if (joint.partner_id.empty()) {
        ExpectUnit(tree, joint.partner_unit_id, day, kind.partner_unit_kinds);
      } else {
        ExpectPartner(tree, joint.partner_id, day, kind.partner_kinds);
      }
      EXPECT_TRUE(seen.insert(absl::StrCat(joint.kind, " ", joint.unit_id, " ", joint.partner_id,
                                           " ", joint.partner_unit_id))
                      .second)
          << joint.partnership_id << " on " << FormatDate(day);
    }
    for (const Handover& joint : tree.organisation().handovers) {
      if (!joint.valid.Contains(day)) continue;
      const Transition& transition = *FindTransition(tree, joint.transition);
      ExpectUnit(tree, joint.from_unit_id, day, transition.from_unit_kinds);
      if (joint.to_partner_id.empty()) {
        ExpectUnit(tree, joint.to_unit_id, day, transition.to_unit_kinds);
      } else {
        ExpectPartner(tree, joint.to_partner_id, day, transition.to_partner_kinds);
      }
      EXPECT_TRUE(seen.insert(absl::StrCat(joint.transition, " ", joint.from_unit_id, " ",
                                           joint.to_unit_id, " ", joint.to_partner_id))
                      .second)
          << joint.handover_id << " on " << FormatDate(day);
    }
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
};

TEST_P(RandomPartners, NeverShowABrokenRuleOnAnyDate) {
  std::shared_ptr<const Tree> tree =
      CityWithPartners().Unit("e-new", "nursery", "kl-vvk-01").BuildTree();
  size_t joined = 0;
  for (int round = 0; round < 10; ++round) {
    std::vector<Message> messages(1 + Below(20));
    for (Message& message : messages) message = RandomRow();
    const ImportPlan plan = Plan(*tree, messages);
    tree = Applied(*tree, plan);
    for (int day = 0; day < 16 * 30; day += 15) ExpectSoundOn(*tree, Month(-1) + day);
    if (HasFailure()) return;
    joined += plan.partnerships.size() + plan.handovers.size();

    EXPECT_THAT(Outcomes(Plan(*tree, Accepted(messages, plan))), Each("UNCHANGED"));
  }
  EXPECT_GT(joined, 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomPartners, ::testing::Range(0, 60));

}  // namespace
}  // namespace klynge::organisation
