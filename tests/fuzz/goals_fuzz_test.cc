// The goals service and requests nobody foresaw.
#include "services/goals/goals_service_test_support.h"
#include "tests/fuzz/service_fuzzer.h"

namespace klynge::goals::testing {
namespace {

using klynge::testing::Json;

class GoalsServiceFuzz : public GoalsServiceTest {};

TEST_F(GoalsServiceFuzz, AnswersWhateverIsAskedByItsOwnRules) {
  klynge::testing::ServiceFuzzer fuzzer(host_->channel(), "klynge.goals.v1.GoalsService",
                                        "ListFrameworks", 20210901);
  v1::PublishFrameworkRequest publish;
  *publish.mutable_framework() = SmallFramework();
  fuzzer.Learn("PublishFramework", {Json(publish)});
  fuzzer.Learn("GetFramework", {R"({"framework_id":"kk-2021","version":1})"});
  for (const char* unit : {"buf", "kl-vvk-01", "e-vvk-01-01"}) {
    v1::CreateGoalRequest create;
    *create.mutable_goal() = NewGoal(std::string("maal-") + unit, unit);
    fuzzer.Learn("CreateGoal", {Json(create)});
  }
  fuzzer.Learn("UpdateGoal", {R"({"goal":{"goal_id":"maal-buf","title":"Bedre","weight":2},
                                  "update_mask":"title,weight"})"});
  fuzzer.Learn("BindIndicator", {R"({"goal_id":"maal-buf","criterion_id":"c1","binding":{
                                     "instrument_id":"form","item_id":"a","scale_id":"traffic_light",
                                     "months":{"from_month":"2021-10","to_month":"2021-12"},
                                     "statistic":"INDICATOR_STATISTIC_MEAN"}})"});
  fuzzer.Learn("AgreeGoal", {R"({"goal_id":"maal-kl-vvk-01","agreement":{
                                 "role":"cluster_leader","agreed_on":"2021-09-15"}})"});
  fuzzer.Learn("RecordDissent", {R"({"goal_id":"maal-kl-vvk-01","dissent":{
                                     "role":"cluster_leader","voiced_on":"2021-10-01",
                                     "note":"For mange mål"}})"});
  fuzzer.Learn("CheckIn", {Json(ValueOf("maal-kl-vvk-01", 0.7))});
  fuzzer.Learn("ImportGoals",
               {R"({"options":{"atomic":true}})",
                R"({"rows":[{"goal":{"goal_id":"maal-ny","unit_id":"e-vvk-01-02","title":"Ny",
                    "framework_id":"kk-2021","core_area_codes":["clear_goals"],
                    "starts_on":"2021-09-01","criteria":[{"criterion_id":"c1","indicator":"Andel",
                    "unit_of_measure":"procent","baseline":0,"target":10,
                    "due_date":"2023-12-31"}]},
                    "agreement":{"role":"cluster_leader","agreed_on":"2021-09-15"},
                    "check_ins":[{"criterion_id":"c1","value":5,"checked_on":"2022-01-10",
                                  "role":"pedagogical_leader"}]}]})"});
  fuzzer.Learn("GetGoal", {R"({"goal_id":"maal-kl-vvk-01"})"});
  fuzzer.Learn("ListGoals", {R"({"unit_id":"buf","include_subtree":true,"page_size":1,
                                   "tree_as_of":"2022-01-01"})"});
  fuzzer.Learn("ListCheckIns", {R"({"goal_id":"maal-kl-vvk-01","page_size":1})"});
  fuzzer.Learn("GetProgress", {R"({"unit_id":"buf","as_of":"2022-03-02","max_overdue":3,
                                     "tree_as_of":"2022-01-01"})"});
  fuzzer.Learn("ListUnitUses",
               {R"({"unit_ids":["buf","kl-vvk-01"],"from":"2022-03-02","page_size":1})"});
  fuzzer.Learn("CloseGoal", {R"({"goal_id":"maal-kl-vvk-01","state":"GOAL_STATE_ACHIEVED",
                                 "closure":{"role":"cluster_leader","closed_on":"2022-05-01"}})"});
  if (HasFatalFailure()) return;

  fuzzer.Run(1500);
  EXPECT_GT(fuzzer.Count(grpc::StatusCode::OK), 200);
  EXPECT_GT(fuzzer.Count(grpc::StatusCode::INVALID_ARGUMENT), 200);
}

}  // namespace
}  // namespace klynge::goals::testing
