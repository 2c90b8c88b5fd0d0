// What an import may do to the catalogue of competences and to what persons have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "services/organisation/competence_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Results(const OrganisationBuilder& city,
                                 const std::vector<Message>& messages) {
  return Outcomes(Plan(*city.BuildTree(), messages));
}

std::vector<std::string> WrongFieldsOf(const Message& message) {
  const ImportPlan plan = Plan(*CityWithCompetences().BuildTree(), {message});
  std::vector<std::string> fields;
  for (const Problem& problem : plan.verdicts[0].problems) fields.push_back(problem.field);
  return fields;
}

TEST(CompetenceRules, TakeACompetenceAndWhoHasItInAnyOrder) {
  EXPECT_THAT(Results(CityWithCompetences(), {Row(Declared("p-kl-1", "song", 2)),
                                              Row(Confirmed("p-kl-2", "song", 3, "p-kl-1")),
                                              Row(Competence{"song", "Sang", "Song", "", ""})}),
              Each("CREATED"));
}

TEST(CompetenceRules, ChangeNothingWhenTheSameIsSentAgain) {
  EXPECT_THAT(Results(CityWithCompetences().With(Declared("p-kl-1", "data", 2)),
                      {Row(Declared("p-kl-1", "data", 2)),
                       Row(Competence{"finance", "Økonomi", "Finance", "", ""})}),
              Each("UNCHANGED"));
}

TEST(CompetenceRules, RenameACompetence) {
  EXPECT_THAT(Results(CityWithCompetences(), {Row(Competence{"data", "Brug af data", "", "", ""})}),
              ElementsAre("UPDATED"));
}

TEST(CompetenceRules, RefuseWhatIsNotKnown) {
  EXPECT_THAT(Results(CityWithCompetences(),
                      {Row(Declared("p-nobody", "data", 1)), Row(Declared("p-kl-1", "song", 1)),
                       Row(Declared("p-kl-2", "data", 5)), Row(Declared("p-pl-1", "data", 0)),
                       Row(Confirmed("p-pl-2", "data", 1, "p-nobody"))}),
              ElementsAre("PERSON_NOT_FOUND", "COMPETENCE_NOT_FOUND", "COMPETENCE_LEVEL_NOT_FOUND",
                          "COMPETENCE_LEVEL_NOT_FOUND", "PERSON_NOT_FOUND"));
}

TEST(CompetenceRules, RejectWhatARejectedCompetenceIsNeededFor) {
  EXPECT_THAT(Results(CityWithCompetences(), {Row(Competence{"song", "", "Song", "", ""}),
                                              Row(Declared("p-kl-1", "song", 1))}),
              ElementsAre("INVALID_FIELDS", "DEPENDS_ON_REJECTED_ROW"));
}

TEST(CompetenceRules, LetNobodyConfirmThemselves) {
  EXPECT_THAT(WrongFieldsOf(Row(Confirmed("p-kl-1", "data", 2, "p-kl-1"))),
              ElementsAre("held_competence.confirmed_by"));
}

TEST(CompetenceRules, LetDeclaredAndConfirmedStandSideBySide) {
  EXPECT_THAT(Results(CityWithCompetences(), {Row(Declared("p-kl-1", "data", 4)),
                                              Row(Confirmed("p-kl-1", "data", 2, "p-kl-2"))}),
              Each("CREATED"));
}

TEST(CompetenceRules, GiveAPersonOneLevelAtATime) {
  HeldCompetence better = Declared("p-kl-1", "data", 3, "2021-01-01");
  better.held_competence_id = "better";
  const auto city = CityWithCompetences().With(Declared("p-kl-1", "data", 2));
  EXPECT_THAT(Results(city, {Row(better)}), ElementsAre("COMPETENCE_OVERLAP"));
  EXPECT_THAT(
      Results(city, {Row(better), Row(Declared("p-kl-1", "data", 2, "2020-01-01", "2021-01-01"))}),
      ElementsAre("CREATED", "UPDATED"));
}

TEST(CompetenceRules, TakeNothingNewAboutAnErasedPerson) {
  const auto city =
      CityWithCompetences().With(Declared("p-kl-1", "data", 2)).Erased("p-kl-1", "2021-01-01");
  EXPECT_THAT(
      Results(city, {Row(Declared("p-kl-1", "finance", 1)), Row(Declared("p-kl-1", "data", 2))}),
      ElementsAre("PERSON_ERASED", "UNCHANGED"));
}

TEST(CompetenceRules, ListEverythingThatIsWrongWithARow) {
  Message message;
  message.mutable_held_competence()->set_held_competence_id("H 1");
  message.mutable_held_competence()->set_person_id("p-nobody");
  message.mutable_held_competence()->set_competence("data");
  EXPECT_THAT(
      WrongFieldsOf(message),
      UnorderedElementsAre("held_competence.held_competence_id", "held_competence.valid_from",
                           "held_competence.person_id", "held_competence.level"));
}

// Whatever is sent, nobody has a competence twice on a day, self-declared or confirmed, or one that
// the catalogue does not have.
TEST(CompetenceRules, NeverShowABrokenRuleOnAnyDateOfARandomHistory) {
  std::mt19937 random(20211122);
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  std::shared_ptr<const Tree> tree = CityWithCompetences().BuildTree();
  size_t stored = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<Message> messages;
    for (int i = below(20); i >= 0; --i) {
      const std::vector<std::string> persons = {"p-kl-1", "p-kl-2", "p-nobody"};
      const std::vector<std::string> competences = {"data", "finance", "song"};
      HeldCompetence held = Declared(persons[static_cast<size_t>(below(3))],
                                     competences[static_cast<size_t>(below(3))], below(6));
      held.held_competence_id = absl::StrCat("h", below(10));
      if (below(2)) held.confirmed_by = "p-pl-1";
      held.valid.from = D("2020-01-01") + 30 * below(10);
      if (below(2)) held.valid.to = held.valid.from + 30 * (1 + below(5));
      messages.push_back(Row(held));
      if (below(40) == 0) messages.push_back(Row(Competence{"song", "Sang", "", "", ""}));
    }
    const ImportPlan plan = Plan(*tree, messages);
    stored += plan.held_competences.size();
    tree = Applied(*tree, plan);
    for (int month = 0; month < 18; ++month) {
      std::map<std::tuple<std::string, std::string, bool>, int> seen;
      for (const HeldCompetence& held : tree->organisation().held_competences) {
        if (!held.valid.Contains(D("2020-01-01") + 30 * month)) continue;
        EXPECT_EQ(++(seen[{held.person_id, held.competence, held.confirmed()}]), 1);
        EXPECT_NE(tree->FindPerson(held.person_id), nullptr);
        EXPECT_TRUE(held.level >= 1 && held.level <= 4);
      }
    }
  }
  EXPECT_GT(stored, 50u);
}

}  // namespace
}  // namespace klynge::organisation
