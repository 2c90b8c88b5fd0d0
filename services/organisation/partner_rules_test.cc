// What an import may do to partners, partnerships and handovers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/partner_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Results(const OrganisationBuilder& city,
                                 const std::vector<Message>& messages) {
  return Outcomes(Plan(*city.BuildTree(), messages));
}

TEST(PartnerRules, TakePartnersAndWhatJoinsThemInAnyOrder) {
  EXPECT_THAT(
      Results(CityWithPartners(),
              {Row(WithPartner("kl-vvk-01", "school-2")), Row(ToPartner("e-vvk-01-01", "school-2")),
               Row(School("school-2")), Row(WithUnit("kl-vvk-01", "e-vvk-01-02")),
               Row(ToUnit("e-vvk-01-01", "e-vvk-02-01"))}),
      Each("CREATED"));
}

TEST(PartnerRules, ChangeNothingWhenTheSameIsSentAgain) {
  const auto city = CityWithPartners()
                        .With(WithPartner("kl-vvk-01", "school-1"))
                        .With(ToPartner("e-vvk-01-01", "school-1"));
  EXPECT_THAT(Results(city, {Row(WithPartner("kl-vvk-01", "school-1")),
                             Row(ToPartner("e-vvk-01-01", "school-1"))}),
              Each("UNCHANGED"));
}

TEST(PartnerRules, RefuseWhatIsNotKnown) {
  Partner choir = School("choir");
  choir.kind = "choir";
  Partnership singing = WithPartner("kl-vvk-01", "school-1");
  singing.kind = "singing";
  EXPECT_THAT(
      Results(CityWithPartners(),
              {Row(choir), Row(WithPartner("kl-vvk-01", "choir")), Row(singing),
               Row(WithPartner("kl-vvk-99", "school-1")), Row(WithPartner("kl-vvk-01", "school-9")),
               Row(WithUnit("kl-vvk-01", "e-vvk-99")),
               Row(ToPartner("e-vvk-01-01", "school-1", "sideways"))}),
      ElementsAre("PARTNER_KIND_NOT_FOUND", "DEPENDS_ON_REJECTED_ROW", "PARTNERSHIP_KIND_NOT_FOUND",
                  "UNIT_NOT_FOUND", "PARTNER_NOT_FOUND", "UNIT_NOT_FOUND", "TRANSITION_NOT_FOUND"));
}

TEST(PartnerRules, RefuseWhoeverDoesNotTakePart) {
  EXPECT_THAT(
      Results(CityWithPartners(),
              {Row(WithPartner("omr-vvk", "school-1")), Row(WithPartner("kl-vvk-01", "hospital-1")),
               Row(WithUnit("kl-vvk-01", "kl-vvk-02")), Row(ToPartner("e-vvk-01-02", "school-1")),
               Row(ToUnit("e-vvk-01-01", "e-vvk-01-02")),
               Row(ToUnit("e-vvk-01-02", "e-vvk-02-01", "outward"))}),
      Each("PARTNERSHIP_NOT_ALLOWED"));
}

TEST(PartnerRules, LetNothingOutliveAUnitOrAPartner) {
  auto city = CityWithPartners().Unit("kl-old", "cluster", "omr-vvk", "2020-01-01", "2022-01-01");
  EXPECT_THAT(Results(city, {Row(WithPartner("kl-old", "school-1")),
                             Row(WithPartner("kl-vvk-01", "school-1", "2020-01-01", "")),
                             Row(ToPartner("e-vvk-01-01", "school-1", "upward", "2019-01-01"))}),
              ElementsAre("OUTSIDE_UNIT_LIFE", "OUTSIDE_PARTNER_LIFE", "OUTSIDE_UNIT_LIFE"));
}

TEST(PartnerRules, LetNoPartnerCloseBeforeWhatJoinsIt) {
  const auto city = CityWithPartners().With(ToPartner("e-vvk-01-01", "school-1"));
  Partner closing = School("school-1", "2020-01-01", "2022-01-01");
  EXPECT_THAT(Results(city, {Row(closing)}), ElementsAre("OUTSIDE_PARTNER_LIFE"));
  EXPECT_THAT(Results(city, {Row(closing), Row(ToPartner("e-vvk-01-01", "school-1", "upward",
                                                         "2020-01-01", "2022-01-01"))}),
              Each("UPDATED"));
}

TEST(PartnerRules, LetNoUnitCloseBeforeWhatJoinsIt) {
  const auto city = CityWithPartners()
                        .Unit("kl-new", "cluster", "omr-vvk")
                        .With(WithUnit("kl-new", "e-vvk-01-02"));
  const Message closing = UnitMessage("kl-new", "cluster", "omr-vvk", "2020-01-01", "2022-01-01");
  EXPECT_THAT(Results(city, {closing}), ElementsAre("UNIT_IN_USE"));
  EXPECT_THAT(
      Results(city, {closing, Row(WithUnit("kl-new", "e-vvk-01-02", "2020-01-01", "2022-01-01"))}),
      Each("UPDATED"));
}

TEST(PartnerRules, LetNoPartnerBecomeWhatCannotTakePart) {
  const auto city = CityWithPartners().With(WithPartner("kl-vvk-01", "school-1"));
  EXPECT_THAT(
      Results(city, {Row(Partner{
                        "school-1", "hospital", "Hospital", {D("2020-01-01"), D("2024-01-01")}})}),
      ElementsAre("PARTNERSHIP_NOT_ALLOWED"));
}

TEST(PartnerRules, JoinTheSameTwoOnceADay) {
  Partnership again = WithPartner("kl-vvk-01", "school-1", "2021-01-01");
  again.partnership_id = "again";
  Handover handover = ToPartner("e-vvk-01-01", "school-1", "upward", "2021-01-01");
  handover.handover_id = "again";
  const auto city = CityWithPartners()
                        .With(WithPartner("kl-vvk-01", "school-1", "2020-01-01", "2021-06-01"))
                        .With(ToPartner("e-vvk-01-01", "school-1"));
  EXPECT_THAT(Results(city, {Row(again), Row(handover)}), Each("PARTNERSHIP_OVERLAP"));
  again.valid.from = D("2021-06-01");
  EXPECT_THAT(Results(city, {Row(again)}), ElementsAre("CREATED"));
}

TEST(PartnerRules, WantPersonsWhoAreKnown) {
  Handover handover = ToPartner("e-vvk-01-01", "school-1");
  handover.giver_person_id = "p-pl-1";
  handover.receiver_person_id = "p-nobody";
  const ImportPlan plan = Plan(*CityWithPartners().BuildTree(), {Row(handover)});
  EXPECT_THAT(Outcomes(plan), ElementsAre("PERSON_NOT_FOUND"));
  EXPECT_EQ(plan.verdicts[0].problems[0].field, "handover.receiver_person_id");
}

TEST(PartnerRules, NameNoErasedPersonAnew) {
  Handover named = ToPartner("e-vvk-01-01", "school-1");
  named.giver_person_id = "p-pl-1";
  const auto city = CityWithPartners().Erased("p-pl-1", "2021-01-01");
  EXPECT_THAT(Results(city, {Row(named)}), ElementsAre("PERSON_ERASED"));
  Handover shorter = named;
  shorter.valid.to = D("2022-01-01");
  EXPECT_THAT(Results(OrganisationBuilder(city).With(named), {Row(shorter)}),
              ElementsAre("UPDATED"));
}

TEST(PartnerRules, ListEverythingThatIsWrongWithARow) {
  Message message;
  message.mutable_partnership()->set_partnership_id("P 1");
  message.mutable_partnership()->set_kind("singing");
  message.mutable_partnership()->set_unit_id("kl-vvk-99");
  const ImportPlan plan = Plan(*CityWithPartners().BuildTree(), {message});
  std::vector<std::string> fields;
  for (const Problem& problem : plan.verdicts[0].problems) fields.push_back(problem.field);
  EXPECT_THAT(fields, UnorderedElementsAre("partnership.partnership_id", "partnership.partner_id",
                                           "partnership.valid_from", "partnership.kind",
                                           "partnership.unit_id"));
}

}  // namespace
}  // namespace klynge::organisation
