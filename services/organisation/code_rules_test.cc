// What an import may do to the codes of other registers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "services/organisation/code_index.h"
#include "services/organisation/unit_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> Results(const OrganisationBuilder& city,
                                 const std::vector<Message>& messages) {
  return Outcomes(Plan(*city.BuildTree(), messages));
}

class BrokenCodeRule : public ::testing::TestWithParam<RuleCase> {};

TEST_P(BrokenCodeRule, IsLaidAtTheDoorOfTheRow) {
  const auto city = SmallCity().With(CodeOf("e-vvk-01-01", "p_number", "1000000001"));
  ExpectRejected(*city.BuildTree(), GetParam());
}

Message WithHolder(Code code, const std::string& unit, const std::string& person) {
  code.unit_id = unit;
  code.person_id = person;
  code.code_id = "c-new";
  return Row(code);
}

INSTANTIATE_TEST_SUITE_P(
    Codes, BrokenCodeRule,
    ::testing::Values(
        RuleCase{"UnknownRegister", Row(CodeOf("kl-vvk-01", "passport", "1")),
                 "CODE_REGISTER_NOT_FOUND", "code.register"},
        RuleCase{"UnknownUnit", Row(CodeOf("e-nowhere", "district", "1")), "UNIT_NOT_FOUND",
                 "code.unit_id"},
        RuleCase{"UnknownPerson", Row(CodeOfPerson("p-nobody", "A100")), "PERSON_NOT_FOUND",
                 "code.person_id"},
        RuleCase{"TooShort", Row(CodeOf("kl-vvk-01", "p_number", "123")), "CODE_MALFORMED",
                 "code.code"},
        RuleCase{"MoreThanThePattern", Row(CodeOf("kl-vvk-01", "p_number", "12345678901")),
                 "CODE_MALFORMED", "code.code"},
        RuleCase{"UnitInARegisterOfPersons", Row(CodeOf("kl-vvk-01", "employee_number", "100")),
                 "CODE_NOT_ALLOWED", "code.unit_id"},
        RuleCase{"PersonInARegisterOfUnits", WithHolder(CodeOf("", "district", "7"), "", "p-kl-1"),
                 "CODE_NOT_ALLOWED", "code.person_id"},
        RuleCase{"NoHolder", WithHolder(CodeOf("", "district", "7"), "", ""), "INVALID_FIELDS",
                 "code.unit_id"},
        RuleCase{"TwoHolders", WithHolder(CodeOf("", "district", "7"), "kl-vvk-01", "p-kl-1"),
                 "INVALID_FIELDS", "code.unit_id"},
        RuleCase{"Taken", Row(CodeOf("e-vvk-01-02", "p_number", "1000000001")), "CODE_TAKEN",
                 "code.code"},
        RuleCase{"BeforeItsUnit", Row(CodeOf("kl-vvk-01", "district", "7", "2019-01-01")),
                 "OUTSIDE_UNIT_LIFE", "code.valid_from"}),
    [](const auto& test) { return test.param.name; });

TEST(CodeRules, SayWhatTheRegisterExpects) {
  const ImportPlan plan =
      Plan(*SmallCity().BuildTree(), {Row(CodeOf("kl-vvk-01", "p_number", "12-34"))});
  EXPECT_EQ(plan.verdicts[0].problems.at(0).description,
            "must be what p_number expects: 10 digits, [0-9]{10}; was \"12-34\"");
}

TEST(CodeRules, NeverTakeInACivilRegistrationNumberNorRepeatIt) {
  for (const char* number : {"0101901234", "010190-1234", "311299 4321", "6101901234"}) {
    const ImportPlan plan = Plan(*SmallCity().BuildTree(), {Row(CodeOfPerson("p-kl-1", number))});
    ASSERT_THAT(Outcomes(plan), ElementsAre("INVALID_FIELDS")) << number;
    EXPECT_THAT(plan.verdicts[0].problems.at(0).description,
                AllOf(HasSubstr("(CPR)"), Not(HasSubstr(number))));
  }
}

TEST(CodeRules, TakeANumberThatIsNoDayOfBirth) {
  EXPECT_THAT(Results(SmallCity(), {Row(CodeOfPerson("p-kl-1", "3201901234")),
                                    Row(CodeOfPerson("p-kl-2", "0113901234")),
                                    Row(CodeOfPerson("p-pl-1", "K4711"))}),
              Each("CREATED"));
}

TEST(CodeRules, TakeAUnitAndItsCodeInAnyOrder) {
  EXPECT_THAT(Results(SmallCity(), {Row(CodeOf("e-new", "p_number", "1000000002")),
                                    UnitMessage("e-new", "club", "kl-vvk-01")}),
              Each("CREATED"));
}

TEST(CodeRules, GiveACodeFromOneUnitToAnother) {
  const auto city = SmallCity().With(CodeOf("e-vvk-01-01", "p_number", "1000000001"));
  EXPECT_THAT(
      Results(city,
              {Row(CodeOf("e-vvk-01-02", "p_number", "1000000001", "2022-01-01")),
               Row(CodeOf("e-vvk-01-01", "p_number", "1000000001", "2020-01-01", "2022-01-01"))}),
      ElementsAre("CREATED", "UPDATED"));
}

TEST(CodeRules, KeepACodeWithItsHolder) {
  const Code code = CodeOf("e-vvk-01-01", "p_number", "1000000001");
  Code moved = code;
  moved.unit_id = "e-vvk-01-02";
  EXPECT_THAT(Results(SmallCity().With(code), {Row(moved)}), ElementsAre("CODE_NOT_ALLOWED"));
}

TEST(CodeRules, LetUnitsShareTheCodeOfARegisterThatIsNotUnique) {
  EXPECT_THAT(Results(SmallCity(), {Row(CodeOf("e-vvk-01-01", "district", "7")),
                                    Row(CodeOf("e-vvk-01-02", "district", "7"))}),
              Each("CREATED"));
  Code again = CodeOf("e-vvk-01-01", "district", "7");
  again.code_id = "c-again";
  EXPECT_THAT(Results(SmallCity().With(CodeOf("e-vvk-01-01", "district", "7")), {Row(again)}),
              ElementsAre("CODE_TAKEN"));
}

TEST(CodeRules, EndACodeWithItsUnit) {
  const auto tree = SmallCity()
                        .Unit("e-closing", "club", "kl-vvk-01")
                        .With(CodeOf("e-closing", "p_number", "1000000009"))
                        .BuildTree();
  const ImportPlan plan =
      Plan(*tree, {UnitMessage("e-closing", "club", "kl-vvk-01", "2020-01-01", "2023-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("UPDATED"));
  ASSERT_THAT(plan.codes, ::testing::SizeIs(1));
  EXPECT_EQ(plan.codes[0].thing.valid.to, D("2023-01-01"));
  // Sent again without an end, it still ends with the unit.
  EXPECT_THAT(
      Outcomes(Plan(*Applied(*tree, plan), {Row(CodeOf("e-closing", "p_number", "1000000009"))})),
      ElementsAre("UNCHANGED"));
}

TEST(CodeRules, DoNotLetAUnitCloseBeforeACodeBegins) {
  const auto city = SmallCity()
                        .Unit("e-closing", "club", "kl-vvk-01")
                        .With(CodeOf("e-closing", "district", "7", "2024-01-01"));
  const ImportPlan plan =
      Plan(*city.BuildTree(),
           {UnitMessage("e-closing", "club", "kl-vvk-01", "2020-01-01", "2023-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("UNIT_IN_USE"));
  EXPECT_THAT(plan.verdicts[0].problems.at(0).description,
              HasSubstr("give other days to 1 code (\"c-district-7-e-closing\" from 2024-01-01)"));
}

TEST(CodeRules, TakeNothingNewAboutAnErasedPerson) {
  Code erased = CodeOfPerson("p-kl-1", "");
  const auto city = SmallCity().With(erased).Erased("p-kl-1", "2021-01-01");
  EXPECT_THAT(Results(city, {Row(erased)}), ElementsAre("UNCHANGED"));
  EXPECT_THAT(Results(city, {Row(CodeOfPerson("p-kl-1", "K4711"))}), ElementsAre("PERSON_ERASED"));
}

TEST(CodeRules, ListEverythingThatIsWrongWithARow) {
  Message message;
  message.mutable_code()->set_code_id("C 1");
  message.mutable_code()->set_register_("passport");
  const ImportPlan plan = Plan(*SmallCity().BuildTree(), {message});
  EXPECT_THAT(Fields(plan.verdicts[0]),
              ::testing::UnorderedElementsAre("code.code_id", "code.code", "code.unit_id",
                                              "code.valid_from", "code.register"));
}

TEST(CodeIndex, FindsWhoHasACodeOnADay) {
  const auto tree =
      SmallCity()
          .With(CodeOf("e-vvk-01-01", "p_number", "1000000001", "2020-01-01", "2022-01-01"))
          .With(CodeOf("e-vvk-01-02", "p_number", "1000000001", "2022-01-01"))
          .BuildTree();
  const CodeIndex& index = tree->Indexed<CodeIndex>();
  EXPECT_EQ(index.FindOn("p_number", "1000000001", D("2021-12-31"))->unit_id, "e-vvk-01-01");
  EXPECT_EQ(index.FindOn("p_number", "1000000001", D("2022-01-01"))->unit_id, "e-vvk-01-02");
  EXPECT_EQ(index.FindOn("p_number", "1000000001", D("2019-12-31")), nullptr);
  EXPECT_EQ(index.FindOn("district", "1000000001", D("2021-12-31")), nullptr);
  EXPECT_THAT(tree->Indexed<CodesOfUnits>().Find("kl-vvk-01"), IsEmpty());
}

// Whatever is sent, no day ever shows a code of a unique register twice, one that its register does
// not expect, or one of a unit that is not there; and sending it again changes nothing.
class RandomCodes : public ::testing::TestWithParam<int> {
 protected:
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  static Date Month(size_t month) { return D("2020-01-01") + 30 * static_cast<int>(month); }
  std::string Day() { return FormatDate(Month(Below(12))); }

  Message RandomRow() {
    if (Below(5) == 0) {
      return UnitMessage(Pick({"e-a", "e-b"}), "club", "kl-vvk-01",
                         Below(4) == 0 ? Day() : "2020-01-01", Below(2) ? "" : Day());
    }
    Code code = CodeOf(Pick({"e-a", "e-b", "kl-vvk-01"}), Pick({"p_number", "district"}),
                       Pick({"1000000001", "1000000002", "7"}), Day(), Below(2) ? "" : Day());
    code.code_id = absl::StrCat("c", Below(8));
    return Row(code);
  }

  static void ExpectSoundOn(const Tree& tree, Date day) {
    std::map<std::pair<std::string, std::string>, int> holders;
    for (const Code& code : tree.organisation().codes) {
      if (!code.valid.Contains(day)) continue;
      EXPECT_NE(tree.FindUnit(code.unit_id, day), nullptr)
          << code.code_id << " on " << FormatDate(day);
      if (code.register_name == "p_number") {
        EXPECT_EQ(code.code.size(), 10u);
        EXPECT_EQ(++(holders[{code.register_name, code.code}]), 1);
        EXPECT_EQ(tree.Indexed<CodeIndex>().FindOn("p_number", code.code, day), &code);
      }
    }
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
};

TEST_P(RandomCodes, NeverShowABrokenRuleOnAnyDate) {
  std::shared_ptr<const Tree> tree = SmallCity().BuildTree();
  size_t stored = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<Message> messages(1 + Below(12));
    for (Message& message : messages) message = RandomRow();
    const ImportPlan plan = Plan(*tree, messages);
    stored += plan.codes.size();
    tree = Applied(*tree, plan);
    for (size_t month = 0; month < 14; ++month) ExpectSoundOn(*tree, Month(month));
    if (HasFailure()) return;
    EXPECT_THAT(Outcomes(Plan(*tree, Accepted(messages, plan))), Each("UNCHANGED"));
  }
  EXPECT_GT(stored, 5u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomCodes, ::testing::Range(0, 40));

}  // namespace
}  // namespace klynge::organisation
