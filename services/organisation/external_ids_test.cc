#include "services/organisation/external_ids.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "services/organisation/service_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ExternalIdsTest : public OrganisationServiceTest {
 protected:
  static Message Row(const std::string& json) {
    Message message;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &message).ok()) << json;
    return message;
  }
  static Message Code(const std::string& id, const std::string& code, const std::string& holder,
                      const std::string& from, const std::string& to = "") {
    return Row(absl::StrCat(R"({"code": {"code_id": ")", id, R"(", "register": "p_number", )",
                            R"("code": ")", code, R"(", "unit_id": ")", holder,
                            R"(", "valid_from": ")", from, R"(", "valid_to": ")", to, "\"}}"));
  }

  // The reasons of what was rejected, "" for what was not.
  std::vector<std::string> Send(const std::vector<Message>& rows) {
    const auto [status, response] = Import(replica_.stub(), rows);
    EXPECT_THAT(status, IsOk());
    answer_ = response;
    std::vector<std::string> reasons;
    for (const auto& outcome : response.outcomes()) reasons.push_back(outcome.reason());
    return reasons;
  }

  v1::ImportOrganisationResponse answer_;
};

TEST_F(ExternalIdsTest, StandForTheIdsOfThoseWhoHaveTheCodes) {
  ImportCity();
  ASSERT_THAT(Send({Code("c-1", "1003456789", "e-vvk-01-01", "2020-01-01")}), ElementsAre(""));
  EXPECT_THAT(Send({AssignmentMessage("a-ny", "p-pl-2", "pedagogical_leader", "p_number:1003456789",
                                      "2021-01-01"),
                    Row(R"({"unit": {"unit_id": "p_number:1003456789", "name": "Nyt navn",
                                     "valid_from": "2022-01-01"}})")}),
              ElementsAre("", ""))
      << answer_.DebugString();
  EXPECT_EQ(answer_.outcomes(1).id(), "e-vvk-01-01");
  v1::GetPersonRequest request;
  request.set_person_id("p-pl-2");
  v1::GetPersonResponse person;
  ASSERT_THAT(Ask(&Stub::GetPerson, request, &person), IsOk());
  EXPECT_EQ(person.assignments(1).unit_id(), "e-vvk-01-01");
}

TEST_F(ExternalIdsTest, MayComeInTheSameImport) {
  ImportCity();
  EXPECT_THAT(Send({AssignmentMessage("a-ny", "p-pl-2", "pedagogical_leader", "p_number:1003456780",
                                      "2021-01-01"),
                    UnitMessage("e-ny", "nursery", "kl-vvk-01"),
                    Code("c-ny", "1003456780", "e-ny", "2020-01-01")}),
              ElementsAre("", "", ""))
      << answer_.DebugString();
}

TEST_F(ExternalIdsTest, AreOfTheOneWhoHasTheCodeOnTheFirstDay) {
  ImportCity();
  ASSERT_THAT(Send({Code("c-1", "1003456789", "e-vvk-01-01", "2020-01-01", "2021-01-01"),
                    Code("c-2", "1003456789", "e-vvk-02-01", "2021-01-01")}),
              ElementsAre("", ""));
  EXPECT_THAT(Send({AssignmentMessage("a-1", "p-pl-2", "pedagogical_leader", "p_number:1003456789",
                                      "2020-06-01", "2020-07-01"),
                    AssignmentMessage("a-2", "p-pl-2", "pedagogical_leader", "p_number:1003456789",
                                      "2021-06-01"),
                    AssignmentMessage("a-3", "p-pl-2", "pedagogical_leader", "p_number:1003456789",
                                      "2019-06-01")}),
              ElementsAre("", "", "EXTERNAL_ID_AMBIGUOUS"));
  EXPECT_THAT(answer_.outcomes(2).message(), HasSubstr("e-vvk-01-01, e-vvk-02-01; give the id"));
}

TEST_F(ExternalIdsTest, ThatNobodyHasAreToldAsSuch) {
  ImportCity();
  EXPECT_THAT(Send({AssignmentMessage("a-1", "p-pl-2", "pedagogical_leader", "p_number:1", ""),
                    AssignmentMessage("a-2", "elephants:1", "pedagogical_leader", "e-vvk-01-01")}),
              ElementsAre("EXTERNAL_ID_UNKNOWN", "EXTERNAL_ID_UNKNOWN"));
  EXPECT_THAT(answer_.outcomes(0).message(), HasSubstr("assignment.unit_id: no unit has the code"));
  EXPECT_EQ(answer_.outcomes(0).problems_size(), 2) << "the unit once, and the missing first day";
  EXPECT_THAT(answer_.outcomes(1).message(), HasSubstr("assignment.person_id"));
  EXPECT_THAT(answer_.outcomes(1).message(), HasSubstr("ListCodeRegisters"));
}

}  // namespace
}  // namespace klynge::organisation
