#include "services/organisation/import_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/service_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Property;
using ::testing::SizeIs;
using type::v1::RowOutcome;

TEST_F(OrganisationServiceTest, AnswersOneOutcomePerRowInOrder) {
  ImportCity();
  const auto [status, response] =
      Import(replica_.stub(),
             {UnitMessage("e-1", "nursery", "kl-vvk-01"), UnitMessage("e-2", "nursery", "kl-none"),
              UnitMessage("buf", "administration", "")});
  ASSERT_THAT(status, IsOk());
  ASSERT_THAT(response.outcomes(), SizeIs(3));
  EXPECT_EQ(response.outcomes(0).outcome(), RowOutcome::OUTCOME_CREATED);
  EXPECT_EQ(response.outcomes(1).outcome(), RowOutcome::OUTCOME_REJECTED);
  EXPECT_EQ(response.outcomes(1).reason(), "PARENT_NOT_FOUND");
  EXPECT_EQ(response.outcomes(1).problems(0).field(), "unit.parent_id");
  EXPECT_EQ(response.outcomes(2).outcome(), RowOutcome::OUTCOME_UNCHANGED);
  EXPECT_TRUE(response.applied());
}

TEST_F(OrganisationServiceTest, DoesNotMakeARevisionOfAnImportThatChangesNothing) {
  ImportCity();
  const auto [status, response] = Import(replica_.stub(), Messages(SmallCity().Build()));
  EXPECT_THAT(response.outcomes(),
              Each(Property(&RowOutcome::outcome, RowOutcome::OUTCOME_UNCHANGED)));
  EXPECT_EQ(response.revision(), revision_);
}

TEST_F(OrganisationServiceTest, WritesNothingWhenOnlyValidating) {
  v1::ImportOptions options;
  options.set_validate_only(true);
  const auto [status, response] = Import(replica_.stub(), Messages(SmallCity().Build()), options);
  ASSERT_THAT(status, IsOk());
  EXPECT_FALSE(response.applied());
  EXPECT_GT(response.created_count(), 0);
  v1::ListUnitsResponse units;
  ASSERT_THAT(Ask(&Stub::ListUnits, v1::ListUnitsRequest(), &units), IsOk());
  EXPECT_EQ(units.total_size(), 0);
}

TEST_F(OrganisationServiceTest, WritesNothingOfAnAtomicImportWithAWrongRow) {
  ImportCity();
  v1::ImportOptions options;
  options.set_atomic(true);
  const auto [status, response] =
      Import(replica_.stub(),
             {UnitMessage("e-1", "nursery", "kl-vvk-01"), UnitMessage("e-2", "nursery", "kl-none")},
             options);
  ASSERT_THAT(status, IsOk());
  EXPECT_FALSE(response.applied());
  EXPECT_EQ(response.rejected_count(), 1);
  v1::GetUnitRequest request;
  request.set_unit_id("e-1");
  v1::GetUnitResponse unit;
  EXPECT_THAT(Ask(&Stub::GetUnit, request, &unit),
              StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
}

TEST_F(OrganisationServiceTest, AnswersARepeatedRequestIdWithTheFirstAnswer) {
  ImportCity();
  v1::ImportOptions options;
  options.set_request_id("import-1");
  const std::vector<v1::ImportOrganisationRequest> rows = {
      UnitMessage("e-1", "nursery", "kl-vvk-01")};
  const auto [first_status, first] = Import(replica_.stub(), rows, options);
  const auto [again_status, again] = Import(replica_.stub(), rows, options);
  ASSERT_THAT(again_status, IsOk());
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(again.created_count(), 1);
}

TEST_F(OrganisationServiceTest, RefusesARequestIdThatWasUsedForOtherRows) {
  ImportCity();
  v1::ImportOptions options;
  options.set_request_id("import-1");
  Import(replica_.stub(), {UnitMessage("e-1", "nursery", "kl-vvk-01")}, options);
  EXPECT_THAT(Import(replica_.stub(), {UnitMessage("e-2", "nursery", "kl-vvk-01")}, options).first,
              StatusIs(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
}

TEST_F(OrganisationServiceTest, RefusesOptionsAfterTheFirstMessage) {
  v1::ImportOrganisationRequest options;
  options.mutable_options();
  EXPECT_THAT(Import(replica_.stub(), {PersonMessage("p-1"), options}).first,
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_STREAM"));
}

TEST_F(OrganisationServiceTest, LeavesNothingOfAnImportThatBreaksOff) {
  {
    grpc::ClientContext context;
    v1::ImportOrganisationResponse response;
    auto writer = replica_.stub().ImportOrganisation(&context, &response);
    for (const auto& row : Messages(SmallCity().Build())) writer->Write(row);
    context.TryCancel();
    EXPECT_FALSE(writer->Finish().ok());
  }
  v1::ListUnitsResponse units;
  ASSERT_THAT(Ask(&Stub::ListUnits, v1::ListUnitsRequest(), &units), IsOk());
  EXPECT_EQ(units.total_size(), 0);
}

TEST_F(OrganisationServiceTest, ImportsTenThousandRowsInSeconds) {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("omr", "area", "buf");
  for (int cluster = 0; cluster < 100; ++cluster) {
    const std::string id = absl::StrCat("kl-", cluster);
    city.Unit(id, "cluster", "omr");
    for (int unit = 0; unit < 33; ++unit) {
      const std::string house = absl::StrCat("e-", cluster, "-", unit);
      city.Unit(house, "nursery", id).Someone("p-" + house);
      city.Assign("p-" + house, "pedagogical_leader", house);
    }
  }
  const absl::Time begun = absl::Now();
  const auto [status, response] = Import(replica_.stub(), Messages(city.Build()));
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.created_count(), 102 + 9'900);
  EXPECT_LT(absl::Now() - begun, absl::Seconds(20));  // about one in a release build
}

TEST_F(OrganisationServiceTest, RefusesMoreRowsThanOneImportMayHave) {
  const std::vector<v1::ImportOrganisationRequest> rows(ImportStream::kMaxRows + 1,
                                                        PersonMessage("p-1"));
  EXPECT_THAT(Import(replica_.stub(), rows).first,
              StatusIs(absl::StatusCode::kInvalidArgument, "TOO_MANY_ROWS"));
}

// What an outcome or a side effect says that changes: "valid_to: 2022-01-01 -> ".
template <class Changed>
std::vector<std::string> ChangesOf(const Changed& changed) {
  std::vector<std::string> lines;
  for (const type::v1::FieldChange& change : changed.changes()) {
    lines.push_back(absl::StrCat(change.field(), ": ", change.before(), " -> ", change.after()));
  }
  return lines;
}

TEST_F(OrganisationServiceTest, KeepsWhatARowLeavesBlankAndTellsWhatItChanges) {
  ImportCity();
  v1::ImportOrganisationRequest row;
  row.mutable_assignment()->set_assignment_id("a-p-kl-1-kl-vvk-01-2020-01-01");
  row.mutable_assignment()->set_valid_to("2022-01-01");
  const auto [status, response] = Import(replica_.stub(), {row});
  ASSERT_THAT(status, IsOk());
  ASSERT_EQ(response.outcomes(0).outcome(), RowOutcome::OUTCOME_UPDATED) << response.DebugString();
  EXPECT_THAT(ChangesOf(response.outcomes(0)), ElementsAre("valid_to:  -> 2022-01-01"));

  row.mutable_assignment()->clear_valid_to();
  row.add_clear("valid_to");
  const auto [again, opened] = Import(replica_.stub(), {row});
  EXPECT_THAT(ChangesOf(opened.outcomes(0)), ElementsAre("valid_to: 2022-01-01 -> "));
  v1::GetPersonRequest request;
  request.set_person_id("p-kl-1");
  v1::GetPersonResponse person;
  ASSERT_THAT(Ask(&Stub::GetPerson, request, &person), IsOk());
  EXPECT_EQ(person.assignments(0).role(), "cluster_leader");
  EXPECT_EQ(person.assignments(0).valid_to(), "");
}

TEST_F(OrganisationServiceTest, TellsWhatAnImportChangesThatNoRowNames) {
  ImportCity();
  v1::ImportOrganisationRequest version;
  version.mutable_unit()->set_unit_id("e-vvk-01-01");
  version.mutable_unit()->set_valid_from("2022-01-01");
  version.mutable_unit()->set_name("Børnehuset");
  v1::ImportOptions options;
  options.set_validate_only(true);
  const auto [status, response] =
      Import(replica_.stub(),
             {version, EmploymentMessage("ans-1", "p-pl-1", "2020-01-01", "2023-01-01")}, options);
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.created_count(), 2) << response.DebugString();
  ASSERT_THAT(response.side_effects(), SizeIs(2));
  EXPECT_EQ(response.side_effects(0).sort(), "unit");
  EXPECT_EQ(response.side_effects(0).id(), "e-vvk-01-01");
  EXPECT_EQ(response.side_effects(0).valid_from(), "2020-01-01");
  EXPECT_THAT(ChangesOf(response.side_effects(0)), ElementsAre("valid_to:  -> 2022-01-01"));
  EXPECT_EQ(response.side_effects(1).sort(), "assignment");
  EXPECT_THAT(ChangesOf(response.side_effects(1)), ElementsAre("valid_to:  -> 2023-01-01"));
}

TEST_F(OrganisationServiceTest, ListsNoMoreChangesThanAnAnswerCanHold) {
  std::vector<v1::ImportOrganisationRequest> rows;
  for (int i = 0; i < 5'003; ++i) rows.push_back(PersonMessage(absl::StrCat("p-", i)));
  Import(replica_.stub(), rows);
  for (auto& row : rows) row.mutable_person()->set_name(std::string(200, 'x'));
  const auto [status, response] = Import(replica_.stub(), rows);
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.updated_count(), 5'003);
  EXPECT_EQ(response.omitted_change_count(), 3);
  EXPECT_THAT(response.outcomes(4'999).changes(), SizeIs(1));
}

TEST_F(OrganisationServiceTest, RejectsARowThatClearsWhatItCannot) {
  ImportCity();
  v1::ImportOrganisationRequest row = PersonMessage("p-kl-1");
  row.add_clear("person_id");
  const auto [status, response] = Import(replica_.stub(), {row});
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.outcomes(0).reason(), "FIELD_NOT_CLEARABLE");
  EXPECT_EQ(response.outcomes(0).problems(0).field(), "person.person_id");
}

TEST_F(OrganisationServiceTest, RefusesARequestIdThatIsNone) {
  v1::ImportOptions options;
  options.set_request_id(std::string(129, 'x'));
  const grpc::Status status = Import(replica_.stub(), {PersonMessage("p-1")}, options).first;
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status), ElementsAre("request_id"));
}

}  // namespace
}  // namespace klynge::organisation
