// Partners, partnerships and handovers in the organisation's store, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/partner_index.h"
#include "services/organisation/partner_test_support.h"
#include "tests/conformance/organisation_store_test.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class PartnerStoreTest : public OrganisationStoreTest {
 protected:
  void StorePartners() {
    ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
    school_.name = "Skolen \"Æblehaven\" & 'Ø'";
    joint_.kind = "school_cooperation";
    joint_.purpose = "Fælles forløb";
    handover_.giver_person_id = "p-kl-1";
    handover_.receiver_person_id = "p-kl-2";
    ASSERT_THAT(Store({Row(school_), Row(joint_), Row(leisure_), Row(handover_), Row(within_)}),
                IsOk());
  }

  Partner school_ = School("school-1", "2020-01-01", "2024-01-01");
  Partnership joint_ = WithPartner("kl-vvk-01", "school-1");
  Partnership leisure_ = [] {
    Partnership leisure = WithUnit("kl-vvk-01", "e-vvk-01-02");
    leisure.kind = "leisure_cooperation";
    return leisure;
  }();
  Handover handover_ = ToPartner("e-vvk-02-01", "school-1", "day_care_to_school");
  Handover within_ = ToUnit("e-vvk-01-01", "e-vvk-02-01", "nursery_to_kindergarten");
};
KLYNGE_ON_BOTH_ENGINES(PartnerStoreTest);

TEST_P(PartnerStoreTest, BringsKindsWithLabelsAndWhoTakesPart) {
  const auto stored = Load();
  EXPECT_THAT(stored->organisation().partner_kinds, SizeIs(5));
  EXPECT_THAT(stored->organisation().partnership_kinds, SizeIs(4));
  EXPECT_THAT(stored->organisation().transitions, SizeIs(4));
  const auto expect_units = [&](const std::vector<std::string>& kinds) {
    for (const std::string& kind : kinds) EXPECT_NE(stored->FindKind(kind), nullptr) << kind;
  };
  const auto expect_partners = [&](const std::vector<std::string>& kinds) {
    for (const std::string& kind : kinds) {
      EXPECT_NE(FindPartnerKind(*stored, kind), nullptr) << kind;
    }
  };
  for (const PartnershipKind& kind : stored->organisation().partnership_kinds) {
    EXPECT_FALSE(kind.label_da.empty() || kind.label_en.empty()) << kind.kind;
    EXPECT_FALSE(kind.unit_kinds.empty()) << kind.kind;
    expect_units(kind.unit_kinds);
    expect_units(kind.partner_unit_kinds);
    expect_partners(kind.partner_kinds);
  }
  for (const Transition& transition : stored->organisation().transitions) {
    EXPECT_FALSE(transition.label_da.empty() || transition.label_en.empty());
    expect_units(transition.from_unit_kinds);
    expect_units(transition.to_unit_kinds);
    expect_partners(transition.to_partner_kinds);
  }
  EXPECT_TRUE(FindTransition(*stored, "day_care_to_school")->expected);
  EXPECT_THAT(FindTransition(*stored, "day_care_to_school")->to_partner_kinds,
              ElementsAre("school"));
}

TEST_P(PartnerStoreTest, GivesBackWhatWasStored) {
  StorePartners();
  EXPECT_THAT(Load()->organisation().partners, ElementsAre(school_));
  EXPECT_THAT(Load()->organisation().partnerships, ElementsAre(leisure_, joint_));
  EXPECT_THAT(Load()->organisation().handovers, ElementsAre(within_, handover_));
}

TEST_P(PartnerStoreTest, RefreshesToTheSameAsLoadingAnew) {
  StorePartners();
  const auto first = Load();
  joint_.valid.to = D("2022-01-01");
  const Partner other = School("a-school");
  ASSERT_THAT(Store({Row(joint_), Row(other)}), IsOk());
  const auto refreshed = Load(first);
  EXPECT_THAT(refreshed->organisation().partners, ElementsAre(other, school_));
  EXPECT_THAT(refreshed->organisation().partnerships, ElementsAre(leisure_, joint_));
  EXPECT_EQ(refreshed->organisation().handovers, Load()->organisation().handovers);
}

TEST_P(PartnerStoreTest, TellsWatchersOfThem) {
  StorePartners();
  const auto changes = Changes({1, 19});
  ASSERT_THAT(changes, SizeIs(5));
  EXPECT_EQ(changes[0].partner().name(), school_.name);
  EXPECT_EQ(changes[1].partnership().partner_id(), "school-1");
  EXPECT_EQ(changes[2].partnership().partner_unit_id(), "e-vvk-01-02");
  EXPECT_EQ(changes[3].handover().receiver_person_id(), "p-kl-2");
  EXPECT_EQ(changes[4].handover().to_unit_id(), "e-vvk-02-01");
}

}  // namespace
}  // namespace klynge::organisation
