#include "services/organisation/erasure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/service_test_support.h"
#include "services/organisation/unit_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const char kName[] = "Person p-pl-1";

// The small city, on 2021-09-01, with a p-pl-1 whose roles have ended.
class Erasure : public OrganisationServiceTest {
 protected:
  void SetUp() override {
    ImportCity();
    ASSERT_NO_FATAL_FAILURE(ImportAll(
        {AssignmentMessage("a-p-pl-1-e-vvk-01-01-2020-01-01", "p-pl-1", "pedagogical_leader",
                           "e-vvk-01-01", "2020-01-01", "2021-06-01"),
         EmploymentMessage("m-1", "p-pl-1", "2020-01-01", "2021-06-01")}));
  }

  void ImportAll(const std::vector<Message>& rows) {
    const auto [status, response] = Import(replica_.stub(), rows);
    ASSERT_THAT(status, IsOk());
    ASSERT_EQ(response.rejected_count(), 0) << response.DebugString();
  }

  grpc::Status Erase(const std::string& person_id, v1::ErasePersonResponse* response,
                     bool validate_only = false, const std::string& request_id = "") {
    v1::ErasePersonRequest request;
    request.set_person_id(person_id);
    request.set_validate_only(validate_only);
    request.set_request_id(request_id);
    return Ask(&Stub::ErasePerson, request, response);
  }

  std::string NameNow(const std::string& person_id, int64_t min_revision = 0) {
    v1::GetPersonRequest request;
    request.set_person_id(person_id);
    request.set_min_revision(min_revision);
    v1::GetPersonResponse response;
    EXPECT_THAT(Ask(&Stub::GetPerson, request, &response), IsOk());
    return response.person().name();
  }

  // Everything that was ever told, as one text.
  std::string Watched(int64_t until_revision) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    auto reader = replica_.stub().WatchOrganisation(&context, v1::WatchOrganisationRequest());
    std::string all;
    v1::WatchOrganisationResponse message;
    while (reader->Read(&message)) {
      all += message.ShortDebugString() + "\n";
      if (message.has_checkpoint() && message.checkpoint().revision() >= until_revision) break;
    }
    context.TryCancel();
    reader->Finish();
    return all;
  }
};

TEST_F(Erasure, ReplacesTheNameEverywhereAndKeepsTheHistory) {
  ASSERT_THAT(Watched(2), HasSubstr(kName));
  v1::ErasePersonResponse response;
  ASSERT_THAT(Erase("p-pl-1", &response), IsOk());
  EXPECT_EQ(response.person().name(), kPseudonym);
  EXPECT_EQ(response.person().erased_on(), "2021-09-01");
  EXPECT_EQ(response.rewritten_change_count(), 1);
  EXPECT_EQ(response.revision(), 3);

  EXPECT_EQ(NameNow("p-pl-1", 3), kPseudonym);
  const std::string told = Watched(3);
  EXPECT_THAT(told, Not(HasSubstr(kName)));
  EXPECT_THAT(told, HasSubstr("CHANGE_ACTION_ERASED"));

  v1::GetSnapshotResponse snapshot;
  ASSERT_THAT(Ask(&Stub::GetSnapshot, v1::GetSnapshotRequest(), &snapshot), IsOk());
  EXPECT_THAT(snapshot.DebugString(), Not(HasSubstr(kName)));

  v1::GetLeadershipTeamRequest request;
  request.set_cluster_id("kl-vvk-01");
  request.set_as_of("2021-01-01");
  v1::GetLeadershipTeamResponse team;
  ASSERT_THAT(Ask(&Stub::GetLeadershipTeam, request, &team), IsOk());
  ASSERT_THAT(team.team().members(), SizeIs(2)) << "who led is still known, by role";
  EXPECT_EQ(team.team().members(0).person_id(), "p-pl-1");
  EXPECT_EQ(team.team().members(0).name(), kPseudonym);
}

TEST_F(Erasure, TakesAwayTheCodesOfThePerson) {
  ASSERT_NO_FATAL_FAILURE(
      ImportAll({Row(CodeOfPerson("p-pl-1", "K4711")), Row(CodeOfPerson("p-pl-2", "K4712"))}));
  ASSERT_THAT(Watched(3), HasSubstr("K4711"));
  v1::ErasePersonResponse response;
  ASSERT_THAT(Erase("p-pl-1", &response), IsOk());
  EXPECT_EQ(response.rewritten_change_count(), 2) << "of the person, and of the code";

  const std::string told = Watched(4);
  EXPECT_THAT(told, Not(HasSubstr("K4711")));
  EXPECT_THAT(told, HasSubstr("K4712"));
  v1::ListCodesRequest request;
  request.set_person_id("p-pl-1");
  v1::ListCodesResponse codes;
  ASSERT_THAT(Ask(&Stub::ListCodes, request, &codes), IsOk());
  ASSERT_THAT(codes.codes(), SizeIs(1)) << "that there was one is still known";
  EXPECT_EQ(codes.codes(0).code(), "");
  v1::FindByCodeRequest find;
  find.set_register_("employee_number");
  find.set_code("K4711");
  v1::FindByCodeResponse found;
  EXPECT_THAT(Ask(&Stub::FindByCode, find, &found),
              StatusIs(absl::StatusCode::kNotFound, "CODE_NOT_FOUND"));
}

TEST_F(Erasure, WritesNothingWhenOnlyValidated) {
  v1::ErasePersonResponse response;
  ASSERT_THAT(Erase("p-pl-1", &response, true), IsOk());
  EXPECT_EQ(response.person().name(), kPseudonym);
  EXPECT_EQ(response.revision(), 2);
  EXPECT_EQ(NameNow("p-pl-1"), kName);
  EXPECT_THAT(Watched(2), HasSubstr(kName));
}

TEST_F(Erasure, CanBeRepeated) {
  v1::ErasePersonResponse first, again, without_id;
  ASSERT_THAT(Erase("p-pl-1", &first, false, "erase-1"), IsOk());
  ASSERT_THAT(Erase("p-pl-1", &again, false, "erase-1"), IsOk());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  ASSERT_THAT(Erase("p-pl-1", &without_id), IsOk());
  EXPECT_EQ(without_id.revision(), 3);
  EXPECT_EQ(without_id.person().erased_on(), "2021-09-01");
}

TEST_F(Erasure, IsRefusedWhileThePersonHasSomethingToDoAndListsAllOfIt) {
  ASSERT_NO_FATAL_FAILURE(
      ImportAll({EmploymentMessage("m-2", "p-kl-1", "2020-01-01", "2022-01-01"),
                 PositionMessage("pos-1", "pedagogical_leader", "e-vvk-02-01"),
                 SubstitutionMessage("s-1", "pos-1", "p-kl-1", "2021-10-01", "2021-11-01")}));
  v1::ErasePersonResponse response;
  const grpc::Status status = Erase("p-kl-1", &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, "PERSON_ACTIVE"));
  EXPECT_THAT(status.error_message(), HasSubstr("employment \"m-2\" (to 2022-01-01)"));
  EXPECT_THAT(status.error_message(), HasSubstr("assignment \"a-p-kl-1-kl-vvk-01-2020-01-01\""));
  EXPECT_THAT(status.error_message(), HasSubstr("substitution \"s-1\" (to 2021-11-01)"));
  EXPECT_EQ(NameNow("p-kl-1"), "Person p-kl-1");
}

TEST_F(Erasure, SaysNotFoundForNobody) {
  v1::ErasePersonResponse response;
  EXPECT_THAT(Erase("p-none", &response),
              StatusIs(absl::StatusCode::kNotFound, "PERSON_NOT_FOUND"));
  EXPECT_THAT(Erase("", &response), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST_F(Erasure, IsNotUndoneByTheNextImport) {
  v1::ErasePersonResponse erased;
  ASSERT_THAT(Erase("p-pl-1", &erased), IsOk());
  const auto [status, response] =
      Import(replica_.stub(),
             {PersonMessage("p-pl-1"),
              AssignmentMessage("a-p-pl-1-e-vvk-01-01-2020-01-01", "p-pl-1", "pedagogical_leader",
                                "e-vvk-01-01", "2020-01-01", "2021-06-01"),
              AssignmentMessage("a-p-pl-1-e-vvk-01-01-2020-01-01", "p-pl-1", "pedagogical_leader",
                                "e-vvk-01-01", "2020-01-01", "2021-06-01"),
              EmploymentMessage("m-9", "p-pl-1", "2021-06-01")});
  ASSERT_THAT(status, IsOk());
  std::vector<std::string> reasons;
  for (const auto& outcome : response.outcomes()) reasons.push_back(outcome.reason());
  EXPECT_THAT(reasons, ElementsAre("PERSON_ERASED", "", "", "PERSON_ERASED"))
      << "the history that is known already may be sent again";
  EXPECT_EQ(NameNow("p-pl-1"), kPseudonym);
}

TEST_F(Erasure, IsNotDoneByAnImport) {
  Message row = PersonMessage("p-pl-2");
  row.mutable_person()->set_erased_on("2021-09-01");
  const auto [status, response] = Import(replica_.stub(), {row});
  ASSERT_THAT(status, IsOk());
  EXPECT_THAT(response.outcomes(0).message(), HasSubstr("ErasePerson"));
}

}  // namespace
}  // namespace klynge::organisation
