// The observations service and requests nobody foresaw.
#include <gtest/gtest.h>

#include "services/observations/service_test_support.h"
#include "tests/fuzz/service_fuzzer.h"

namespace klynge::observations::testing {
namespace {

using klynge::testing::Json;

std::string CreateRoundJson(const v1::Round& round) {
  v1::CreateRoundRequest request;
  *request.mutable_round() = round;
  return Json(request);
}

TEST(ObservationsServiceFuzz, AnswersWhateverIsAskedByItsOwnRules) {
  klynge::testing::TemporaryDirectory directory;
  Replica replica("sqlite:" + directory.path() + "/observations.db",
                  organisation::testing::SmallCity().BuildTree());
  klynge::testing::ServiceFuzzer fuzzer(
      replica.channel(), "klynge.observations.v1.ObservationsService", "ListRounds", 20210901);

  v1::PublishInstrumentRequest publish;
  *publish.mutable_instrument() = TestInstrument();
  fuzzer.Learn("PublishInstrument", {Json(publish)});
  fuzzer.Learn("CreateRound", {CreateRoundJson(TestRound("autumn"))});
  fuzzer.Learn("CreateRound", {CreateRoundJson(TestRound("later"))});
  fuzzer.Learn("CreateRound", {CreateRoundJson(TestRound("open"))});
  for (const std::string round : {"autumn", "later", "open"}) {
    std::vector<std::string> records = {R"({"options":{"only_problems":true}})"};
    for (const std::string unit : {"e-vvk-01-01", "e-vvk-01-02", "e-vvk-02-01"}) {
      for (int i = 0; i < 6; ++i) {
        v1::RecordObservationsRequest record;
        *record.mutable_observation() = Observed(absl::StrCat(round, "-", unit, "-", i), unit,
                                                 {{"a", 1 + i % 3}, {"c", 5}}, "2021-10-14", round);
        records.push_back(Json(record));
      }
    }
    fuzzer.Learn("RecordObservations", records);
  }
  fuzzer.Learn("CloseRound", {R"({"round_id":"autumn"})"});
  fuzzer.Learn("CloseRound", {R"({"round_id":"later"})"});
  fuzzer.Learn("GetInstrument", {R"({"instrument_id":"form","version":1})"});
  fuzzer.Learn("GetRound", {R"({"round_id":"autumn","include_units":true})"});
  fuzzer.Learn("ListRounds", {R"({"instrument_id":"form","unit_id":"kl-vvk-01","page_size":1})"});
  fuzzer.Learn("QueryAggregates",
               {R"({"round_ids":["autumn","later"],"unit_ids":["kl-vvk-01"],"page_size":1,
                    "level":"AGGREGATE_LEVEL_UNIT","subject":"AGGREGATE_SUBJECT_ITEM"})"});
  fuzzer.Learn("QueryAggregates",
               {R"({"instrument_id":"form","level":"AGGREGATE_LEVEL_WHOLE","guidepost_codes":["g1"],
                    "subject":"AGGREGATE_SUBJECT_GUIDEPOST","period":"AGGREGATE_PERIOD_MONTH",
                    "from_month":"2021-10","to_month":"2021-11"})"});
  fuzzer.Learn("QueryAggregates",
               {R"({"round_ids":["autumn"],"unit_ids":["kl-vvk-01"],"tree_as_of":"2022-01-01",
                    "level":"AGGREGATE_LEVEL_UNIT","subject":"AGGREGATE_SUBJECT_ITEM"})"});
  fuzzer.Learn("CompareRounds",
               {R"({"before_round_id":"autumn","after_round_id":"later","tree_as_of":"2022-01-01",
                    "level":"AGGREGATE_LEVEL_CLUSTER","subject":"AGGREGATE_SUBJECT_GUIDEPOST"})"});
  fuzzer.Learn("ListRounds", {R"({"unit_id":"kl-vvk-01","tree_as_of":"2022-01-01"})"});
  fuzzer.Learn("ListUnitUses",
               {R"({"unit_ids":["buf","kl-vvk-01"],"from":"2021-10-01","page_size":1})"});
  fuzzer.Learn("CompareRounds",
               {R"({"before_round_id":"autumn","after_round_id":"later","unit_ids":["buf"],
                    "level":"AGGREGATE_LEVEL_SCOPE","subject":"AGGREGATE_SUBJECT_ITEM"})"});
  if (::testing::Test::HasFatalFailure()) return;

  fuzzer.Run(1500);
  EXPECT_GT(fuzzer.Count(grpc::StatusCode::OK), 200);
  EXPECT_GT(fuzzer.Count(grpc::StatusCode::INVALID_ARGUMENT), 200);
}

}  // namespace
}  // namespace klynge::observations::testing
