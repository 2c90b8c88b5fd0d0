#include "services/observations/observations_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/observations/service_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::observations {
namespace {

using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::StatusIs;
using klynge::testing::TemporaryDirectory;
using klynge::testing::WrongFields;
using organisation::testing::SmallCity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Observed;
using testing::Replica;
using ::testing::SizeIs;
using testing::TestInstrument;
using testing::TestRound;
using type::v1::RowOutcome;
using Stub = Replica::Stub;

class ObservationsServiceTest : public ::testing::Test {
 protected:
  void OpenRound() {
    ASSERT_THAT(replica_.Publish(TestInstrument()), IsOk());
    ASSERT_THAT(replica_.Create(TestRound()), IsOk());
  }

  // `n` records in a unit, each rating item a with 1, 2, 3, 1, …
  static std::vector<v1::Observation> Many(const std::string& unit, int n) {
    std::vector<v1::Observation> records;
    for (int i = 0; i < n; ++i) {
      records.push_back(Observed(absl::StrCat("o-", unit, "-", i), unit, {{"a", 1 + i % 3}}));
    }
    return records;
  }

  v1::Round Round(Replica& replica) {
    v1::GetRoundRequest request;
    request.set_round_id("autumn");
    v1::GetRoundResponse response;
    EXPECT_THAT(replica.Ask(&Stub::GetRound, request, &response), IsOk());
    return response.round();
  }

  TemporaryDirectory directory_;
  const std::string url_ = "sqlite:" + directory_.path() + "/observations.db";
  std::shared_ptr<const organisation::Tree> city_ = SmallCity().BuildTree();
  Replica replica_{url_, city_};
};

TEST_F(ObservationsServiceTest, PublishesVersionsThatNeverChange) {
  v1::PublishInstrumentResponse first;
  ASSERT_THAT(replica_.Publish(TestInstrument(), &first), IsOk());
  EXPECT_EQ(first.instrument().version(), 1);
  v1::PublishInstrumentResponse again;
  ASSERT_THAT(replica_.Publish(TestInstrument(), &again), IsOk());
  EXPECT_EQ(again.instrument().version(), 1);
  EXPECT_EQ(again.revision(), first.revision());

  v1::Instrument changed = TestInstrument();
  changed.mutable_items(0)->mutable_text()->set_da("Nyt");
  changed.set_version(1);
  EXPECT_THAT(replica_.Publish(changed),
              StatusIs(absl::StatusCode::kAlreadyExists, "INSTRUMENT_VERSION_EXISTS"));
  changed.set_version(3);
  EXPECT_THAT(WrongFields(replica_.Publish(changed)), ElementsAre("instrument.version"));
  changed.set_version(0);
  v1::PublishInstrumentResponse next;
  ASSERT_THAT(replica_.Publish(changed, &next), IsOk());
  EXPECT_EQ(next.instrument().version(), 2);

  v1::GetInstrumentRequest request;
  request.set_instrument_id("form");
  request.set_version(1);
  v1::GetInstrumentResponse old;
  ASSERT_THAT(replica_.Ask(&Stub::GetInstrument, request, &old), IsOk());
  EXPECT_EQ(old.instrument().items(0).text().da(), "a");
}

TEST_F(ObservationsServiceTest, StoresNothingOfAnInstrumentThatIsOnlyValidated) {
  v1::PublishInstrumentRequest request;
  *request.mutable_instrument() = TestInstrument();
  request.set_validate_only(true);
  v1::PublishInstrumentResponse response;
  ASSERT_THAT(replica_.Ask(&Stub::PublishInstrument, request, &response), IsOk());
  EXPECT_EQ(response.instrument().version(), 1);
  v1::GetInstrumentRequest get;
  get.set_instrument_id("form");
  v1::GetInstrumentResponse got;
  EXPECT_THAT(replica_.Ask(&Stub::GetInstrument, get, &got),
              StatusIs(absl::StatusCode::kNotFound, "INSTRUMENT_NOT_FOUND"));
}

TEST_F(ObservationsServiceTest, CreatesARoundOverTheTreeOfItsOpeningDay) {
  OpenRound();
  v1::GetRoundRequest request;
  request.set_round_id("autumn");
  request.set_include_units(true);
  v1::GetRoundResponse response;
  ASSERT_THAT(replica_.Ask(&Stub::GetRound, request, &response), IsOk());
  EXPECT_EQ(response.round().unit_count(), 4);
  EXPECT_EQ(response.round().instrument_version(), 1);
  EXPECT_EQ(response.round().small_group_threshold(), 5);
  EXPECT_EQ(response.round().state(), v1::ROUND_STATE_OPEN);
  EXPECT_THAT(response.units(), SizeIs(9));
}

TEST_F(ObservationsServiceTest, RefusesASecondRoundOfOneIdButRepeatsARepeatedRequest) {
  ASSERT_THAT(replica_.Publish(TestInstrument()), IsOk());
  v1::CreateRoundRequest request;
  request.set_request_id("once");
  *request.mutable_round() = TestRound();
  v1::CreateRoundResponse first;
  ASSERT_THAT(replica_.Ask(&Stub::CreateRound, request, &first), IsOk());
  v1::CreateRoundResponse again;
  ASSERT_THAT(replica_.Ask(&Stub::CreateRound, request, &again), IsOk());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(replica_.Create(TestRound()),
              StatusIs(absl::StatusCode::kAlreadyExists, "ROUND_EXISTS"));
}

TEST_F(ObservationsServiceTest, CallsNoUnitUnknownWhileTheOrganisationIsAway) {
  Replica unsure(url_, city_, organisation::testing::OrganisationAway());
  const auto is_unsure = IsRetryable(absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE");
  ASSERT_THAT(unsure.Publish(TestInstrument()), IsOk());
  v1::Round elsewhere = TestRound("elsewhere");
  elsewhere.set_root_unit_ids(0, "kl-unknown");
  EXPECT_THAT(unsure.Create(elsewhere), is_unsure);
  ASSERT_THAT(unsure.Create(TestRound()), IsOk());

  v1::QueryAggregatesRequest query;
  query.set_instrument_id("form");
  query.add_unit_ids("e-unknown");
  query.set_tree_as_of("2021-10-01");
  query.set_level(v1::AGGREGATE_LEVEL_UNIT);
  v1::QueryAggregatesResponse aggregates;
  EXPECT_THAT(unsure.Ask(&Stub::QueryAggregates, query, &aggregates), is_unsure);

  // What is not in the round is rejected whether it exists or not.
  const auto [status, response] = unsure.Record(Many("e-unknown", 1));
  ASSERT_THAT(status, IsOk());
  ASSERT_THAT(response.outcomes(), SizeIs(1));
  EXPECT_EQ(response.outcomes(0).reason(), "UNIT_NOT_IN_ROUND");
}

TEST_F(ObservationsServiceTest, RefusesARoundWithAnUnknownInstrument) {
  EXPECT_THAT(replica_.Create(TestRound()),
              StatusIs(absl::StatusCode::kNotFound, "INSTRUMENT_NOT_FOUND"));
}

TEST_F(ObservationsServiceTest, RecordsOnceHoweverOftenItIsSent) {
  OpenRound();
  const auto records = Many("e-vvk-01-01", 7);
  const auto [status, first] = replica_.Record(records);
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(first.created(), 7);
  EXPECT_EQ(first.outcomes(6).row(), 7);
  EXPECT_EQ(first.outcomes(6).id(), "o-e-vvk-01-01-6");
  EXPECT_EQ(first.outcomes(6).outcome(), RowOutcome::OUTCOME_CREATED);
  const auto [again_status, again] = replica_.Record(records);
  ASSERT_THAT(again_status, IsOk());
  EXPECT_EQ(again.unchanged(), 7);
  EXPECT_EQ(again.revision(), first.revision());
  EXPECT_EQ(Round(replica_).observation_count(), 7);
}

TEST_F(ObservationsServiceTest, RejectsAnIdThatIsInUseForAnotherContent) {
  OpenRound();
  ASSERT_THAT(replica_.Record({Observed("o-1", "e-vvk-01-01", {{"a", 1}})}).first, IsOk());
  const auto [status, response] = replica_.Record(
      {Observed("o-1", "e-vvk-01-01", {{"a", 2}}), Observed("o-2", "e-vvk-01-01", {{"a", 1}}),
       Observed("o-2", "e-vvk-01-02", {{"a", 1}}), Observed("o-2", "e-vvk-01-01", {{"a", 1}})});
  ASSERT_THAT(status, IsOk());
  std::vector<std::string> said;
  for (const auto& row : response.outcomes()) {
    said.push_back(row.reason().empty() ? RowOutcome::Outcome_Name(row.outcome()) : row.reason());
  }
  EXPECT_THAT(said, ElementsAre("OBSERVATION_ID_REUSED", "OUTCOME_CREATED", "OBSERVATION_ID_REUSED",
                                "OUTCOME_UNCHANGED"));
}

TEST_F(ObservationsServiceTest, AWrongRecordIsRejectedWholeAndStopsNoOther) {
  OpenRound();
  v1::RecordObservationsOptions options;
  options.set_only_problems(true);
  const auto [status, response] =
      replica_.Record({Observed("o-1", "e-vvk-01-01"),
                       Observed("o-2", "e-vvk-01-01", {{"a", 2}, {"b", 9}, {"z", 1}}),
                       Observed("o-3", "e-vvk-01-01")},
                      options);
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.created(), 2);
  EXPECT_EQ(response.rejected(), 1);
  ASSERT_THAT(response.outcomes(), SizeIs(1));
  EXPECT_EQ(response.outcomes(0).row(), 2);
  EXPECT_EQ(response.outcomes(0).reason(), "RATING_OUT_OF_SCALE");
  ASSERT_THAT(response.outcomes(0).problems(), SizeIs(2));
  EXPECT_EQ(response.outcomes(0).problems(0).field(), "ratings[1].value");
  EXPECT_EQ(response.outcomes(0).problems(1).field(), "ratings[2].item_id");
  EXPECT_EQ(Round(replica_).observation_count(), 2);
}

TEST_F(ObservationsServiceTest, StoresNothingWhenOnlyValidating) {
  OpenRound();
  v1::RecordObservationsOptions options;
  options.set_validate_only(true);
  const auto [status, response] = replica_.Record(Many("e-vvk-01-01", 7), options);
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.created(), 7);
  EXPECT_EQ(Round(replica_).observation_count(), 0);
}

TEST_F(ObservationsServiceTest, TakesOptionsOnlyFirst) {
  OpenRound();
  grpc::ClientContext context;
  v1::RecordObservationsResponse response;
  auto writer = replica_.stub().RecordObservations(&context, &response);
  v1::RecordObservationsRequest message;
  *message.mutable_observation() = Observed("o-1", "e-vvk-01-01");
  writer->Write(message);
  message.mutable_options()->set_only_problems(true);
  writer->Write(message);
  writer->WritesDone();
  EXPECT_THAT(WrongFields(writer->Finish()), ElementsAre("options"));
}

TEST_F(ObservationsServiceTest, AClosedRoundTakesNoMoreAndKeepsWhatItHas) {
  OpenRound();
  ASSERT_THAT(replica_.Record(Many("e-vvk-01-01", 5)).first, IsOk());
  ASSERT_THAT(replica_.Close("autumn"), IsOk());
  auto records = Many("e-vvk-01-01", 6);
  const auto [status, response] = replica_.Record(records);
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.unchanged(), 5);
  ASSERT_EQ(response.rejected(), 1);
  EXPECT_EQ(response.outcomes(5).reason(), "ROUND_CLOSED");
  EXPECT_THAT(replica_.Close("autumn"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ROUND_CLOSED"));
}

TEST_F(ObservationsServiceTest, PublishesFiguresWhenARoundIsClosedAndNotBefore) {
  OpenRound();
  ASSERT_THAT(replica_.Record(Many("e-vvk-01-01", 6)).first, IsOk());
  v1::QueryAggregatesRequest request;
  request.add_round_ids("autumn");
  request.add_unit_ids("kl-vvk-01");
  request.add_item_ids("a");
  v1::QueryAggregatesResponse open;
  ASSERT_THAT(replica_.Ask(&Stub::QueryAggregates, request, &open), IsOk());
  EXPECT_EQ(open.aggregates(0).figure().suppression(), v1::SUPPRESSION_ROUND_OPEN);
  EXPECT_EQ(open.aggregates(0).figure().n(), 0);
  v1::CloseRoundResponse closed;
  ASSERT_THAT(replica_.Close("autumn", &closed), IsOk());
  request.set_min_revision(closed.revision());
  v1::QueryAggregatesResponse response;
  ASSERT_THAT(replica_.Ask(&Stub::QueryAggregates, request, &response), IsOk());
  EXPECT_EQ(response.aggregates(0).figure().n(), 6);
  EXPECT_DOUBLE_EQ(response.aggregates(0).figure().mean(), 2.0);
}

TEST_F(ObservationsServiceTest, AnotherReplicaAnswersTheSameAtTheRevisionAskedFor) {
  OpenRound();
  Replica other(url_, city_);
  EXPECT_EQ(Round(other).observation_count(), 0);
  const auto [status, recorded] = replica_.Record(Many("e-vvk-01-01", 6));
  ASSERT_THAT(status, IsOk());
  v1::CloseRoundResponse closed;
  ASSERT_THAT(other.Close("autumn", &closed), IsOk());
  v1::GetRoundRequest request;
  request.set_round_id("autumn");
  request.set_min_revision(closed.revision());
  v1::GetRoundResponse response;
  ASSERT_THAT(replica_.Ask(&Stub::GetRound, request, &response), IsOk());
  EXPECT_EQ(response.round().state(), v1::ROUND_STATE_CLOSED);
  EXPECT_EQ(response.round().observation_count(), 6);
}

TEST_F(ObservationsServiceTest, AnswersTheSameAfterARestart) {
  OpenRound();
  ASSERT_THAT(replica_.Record(Many("e-vvk-01-01", 6)).first, IsOk());
  ASSERT_THAT(replica_.Record(Many("e-vvk-02-01", 9)).first, IsOk());
  ASSERT_THAT(replica_.Close("autumn"), IsOk());
  v1::QueryAggregatesRequest request;
  request.add_round_ids("autumn");
  request.set_level(v1::AGGREGATE_LEVEL_UNIT);
  request.set_period(v1::AGGREGATE_PERIOD_MONTH);
  v1::QueryAggregatesResponse before;
  ASSERT_THAT(replica_.Ask(&Stub::QueryAggregates, request, &before), IsOk());
  Replica restarted(url_, city_);
  v1::QueryAggregatesResponse after;
  ASSERT_THAT(restarted.Ask(&Stub::QueryAggregates, request, &after), IsOk());
  EXPECT_EQ(before.SerializeAsString(), after.SerializeAsString());
}

TEST_F(ObservationsServiceTest, ListsRoundsOldestFirstByPages) {
  ASSERT_THAT(replica_.Publish(TestInstrument()), IsOk());
  for (const char* id : {"c", "a", "b"}) {
    v1::Round round = TestRound(id);
    if (std::string(id) == "c") round.set_opens_on("2021-09-01");
    ASSERT_THAT(replica_.Create(round), IsOk());
  }
  v1::ListRoundsRequest request;
  request.set_page_size(2);
  std::vector<std::string> ids;
  do {
    v1::ListRoundsResponse response;
    ASSERT_THAT(replica_.Ask(&Stub::ListRounds, request, &response), IsOk());
    for (const auto& round : response.rounds()) ids.push_back(round.round_id());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(ids, ElementsAre("c", "a", "b"));
  request.set_unit_id("elsewhere");
  v1::ListRoundsResponse none;
  ASSERT_THAT(replica_.Ask(&Stub::ListRounds, request, &none), IsOk());
  EXPECT_THAT(none.rounds(), IsEmpty());
}

TEST_F(ObservationsServiceTest, AnswersAnEmptyStreamWithTheRevision) {
  OpenRound();
  grpc::ClientContext context;
  v1::RecordObservationsResponse response;
  auto writer = replica_.stub().RecordObservations(&context, &response);
  writer->WritesDone();
  ASSERT_THAT(writer->Finish(), IsOk());
  EXPECT_EQ(response.revision(), 2);
}

}  // namespace
}  // namespace klynge::observations
