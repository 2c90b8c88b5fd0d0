// What an import may do to bodies and their members.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/body_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Results(const OrganisationBuilder& city,
                                 const std::vector<Message>& messages) {
  return Outcomes(Plan(*city.BuildTree(), messages));
}

std::string FirstProblem(const OrganisationBuilder& city, const std::vector<Message>& messages) {
  const ImportPlan plan = Plan(*city.BuildTree(), messages);
  for (const RowVerdict& verdict : plan.verdicts) {
    if (!verdict.problems.empty()) {
      return verdict.problems[0].field + ": " + verdict.problems[0].description;
    }
  }
  return "";
}

TEST(BodyRules, TakeABodyWithItsMembersInAnyOrder) {
  EXPECT_THAT(Results(CityWithBodies(), {Row(Seat("b-1", "p-kl-1", "chair")),
                                         Row(BodyOf("b-1", "board", "kl-vvk-01"))}),
              Each("CREATED"));
}

TEST(BodyRules, ChangeNothingWhenTheSameIsSentAgain) {
  const auto city = CityWithBodies()
                        .With(BodyOf("b-1", "board", "kl-vvk-01"))
                        .With(Seat("b-1", "p-kl-1", "chair"));
  EXPECT_THAT(Results(city, {Row(BodyOf("b-1", "board", "kl-vvk-01")),
                             Row(Seat("b-1", "p-kl-1", "chair"))}),
              Each("UNCHANGED"));
}

TEST(BodyRules, RefuseWhatIsNotKnown) {
  EXPECT_THAT(
      Results(CityWithBodies(),
              {Row(BodyOf("b-1", "choir", "kl-vvk-01")), Row(BodyOf("b-2", "board", "kl-vvk-99")),
               Row(Seat("b-3", "p-kl-1", "chair")), Row(BodyOf("b-4", "board", "kl-vvk-01")),
               Row(Seat("b-4", "p-nobody", "chair")), Row(Seat("b-4", "p-kl-1", "tenor"))}),
      ElementsAre("BODY_KIND_NOT_FOUND", "UNIT_NOT_FOUND", "BODY_NOT_FOUND", "CREATED",
                  "PERSON_NOT_FOUND", "BODY_ROLE_NOT_ALLOWED"));
}

TEST(BodyRules, RejectTheMembersOfARejectedBody) {
  EXPECT_THAT(Results(CityWithBodies(), {Row(BodyOf("b-1", "choir", "kl-vvk-01")),
                                         Row(Seat("b-1", "p-kl-1", "chair"))}),
              ElementsAre("BODY_KIND_NOT_FOUND", "DEPENDS_ON_REJECTED_ROW"));
}

TEST(BodyRules, RefuseABodyAtAUnitThatMayNotHaveIt) {
  EXPECT_THAT(FirstProblem(CityWithBodies(), {Row(BodyOf("b-1", "board", "e-vvk-01-01"))}),
              HasSubstr("body.kind: \"e-vvk-01-01\" is of kind nursery; a board belongs to area"));
}

TEST(BodyRules, LetNoBodyOutliveItsUnit) {
  auto city = CityWithBodies().Unit("kl-old", "cluster", "omr-vvk", "2020-01-01", "2022-01-01");
  EXPECT_THAT(Results(city, {Row(BodyOf("b-1", "board", "kl-old")),
                             Row(BodyOf("b-2", "board", "kl-old", "2020-01-01", "2022-01-01"))}),
              ElementsAre("OUTSIDE_UNIT_LIFE", "CREATED"));
}

TEST(BodyRules, LetNoUnitCloseBeforeItsBodies) {
  const auto city =
      CityWithBodies().Unit("kl-new", "cluster", "omr-vvk").With(BodyOf("b-1", "board", "kl-new"));
  const Message closing = UnitMessage("kl-new", "cluster", "omr-vvk", "2020-01-01", "2022-01-01");
  EXPECT_THAT(Results(city, {closing}), ElementsAre("UNIT_IN_USE"));
  EXPECT_THAT(
      Results(city, {closing, Row(BodyOf("b-1", "board", "kl-new", "2020-01-01", "2022-01-01"))}),
      Each("UPDATED"));
}

TEST(BodyRules, LetNoMemberOutliveTheBody) {
  const auto city = CityWithBodies()
                        .With(BodyOf("b-1", "board", "kl-vvk-01"))
                        .With(Seat("b-1", "p-kl-1", "chair"));
  const Message ended = Row(BodyOf("b-1", "board", "kl-vvk-01", "2020-01-01", "2022-01-01"));
  EXPECT_THAT(Results(city, {ended}), ElementsAre("OUTSIDE_BODY_LIFE"));
  EXPECT_THAT(Results(city, {ended, Row(Seat("b-1", "p-kl-1", "chair", "2020-01-01", "2022-01-01")),
                             Row(Seat("b-1", "p-pl-1", "parent", "2021-01-01"))}),
              ElementsAre("UPDATED", "UPDATED", "OUTSIDE_BODY_LIFE"));
}

TEST(BodyRules, GiveAPersonARoleOnceADay) {
  auto again = Seat("b-1", "p-kl-1", "parent", "2021-01-01");
  again.membership_id = "again";
  const auto city = CityWithBodies()
                        .With(BodyOf("b-1", "board", "kl-vvk-01"))
                        .With(Seat("b-1", "p-kl-1", "parent", "2020-01-01", "2021-06-01"));
  EXPECT_THAT(Results(city, {Row(again)}), ElementsAre("MEMBERSHIP_OVERLAP"));
  EXPECT_THAT(
      Results(city, {Row(again), Row(Seat("b-1", "p-kl-1", "parent", "2020-01-01", "2021-01-01"))}),
      ElementsAre("CREATED", "UPDATED"));
}

TEST(BodyRules, LetABodyBeIncompleteWhereTheKindOnlyReports) {
  EXPECT_THAT(Results(CityWithBodies(),
                      {Row(BodyOf("b-1", "board", "kl-vvk-01")),
                       Row(Seat("b-1", "p-kl-1", "chair")), Row(Seat("b-1", "p-kl-2", "chair"))}),
              Each("CREATED"));
}

TEST(BodyRules, RefuseAnIncompleteBodyWhereTheKindInsists) {
  EXPECT_THAT(Results(CityWithBodies(), {Row(BodyOf("b-1", "committee", "kl-vvk-01"))}),
              ElementsAre("COMPOSITION_BROKEN"));
}

// A committee with a chair and two members of staff.
OrganisationBuilder CityWithCommittee() {
  return CityWithBodies()
      .With(BodyOf("b-1", "committee", "kl-vvk-01"))
      .With(Seat("b-1", "p-kl-1", "chair"))
      .With(Seat("b-1", "p-pl-1", "staff"))
      .With(Seat("b-1", "p-pl-2", "staff"));
}

TEST(BodyRules, BlameTheRowThatTakesTheLastOneAway) {
  EXPECT_THAT(
      Results(CityWithCommittee(), {Row(Seat("b-1", "p-kl-1", "chair", "2020-01-01", "2022-01-01")),
                                    Row(Seat("b-1", "p-pl-3", "staff", "2022-01-01"))}),
      ElementsAre("COMPOSITION_BROKEN", "CREATED"));
}

TEST(BodyRules, TakeASuccessorInTheSameImport) {
  EXPECT_THAT(
      Results(CityWithCommittee(), {Row(Seat("b-1", "p-kl-1", "chair", "2020-01-01", "2022-01-01")),
                                    Row(Seat("b-1", "p-kl-2", "chair", "2022-01-01"))}),
      ElementsAre("UPDATED", "CREATED"));
}

TEST(BodyRules, BlameTheLastRowThatBringsOneTooMany) {
  EXPECT_THAT(
      FirstProblem(CityWithCommittee(), {Row(Seat("b-1", "p-kl-2", "chair", "2021-01-01"))}),
      HasSubstr("\"b-1\" would have 2 with the role chair from 2021-01-01, and a committee "
                "must have at most 1"));
}

TEST(BodyRules, RefuseALostMajorityWhoeverLosesIt) {
  EXPECT_THAT(Results(CityWithCommittee(),
                      {Row(Seat("b-1", "p-pl-2", "staff", "2020-01-01", "2022-01-01"))}),
              ElementsAre("COMPOSITION_BROKEN"));
}

TEST(BodyRules, ListEverythingThatIsWrongWithARow) {
  Message message;
  message.mutable_body()->set_body_id("B 1");
  message.mutable_body()->set_kind("choir");
  message.mutable_body()->set_unit_id("kl-vvk-99");
  const ImportPlan plan = Plan(*CityWithBodies().BuildTree(), {message});
  std::vector<std::string> fields;
  for (const Problem& problem : plan.verdicts[0].problems) fields.push_back(problem.field);
  EXPECT_THAT(fields,
              ::testing::UnorderedElementsAre("body.body_id", "body.name", "body.valid_from",
                                              "body.kind", "body.unit_id"));
}

}  // namespace
}  // namespace klynge::organisation
