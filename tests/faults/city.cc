#include "tests/faults/city.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "klynge/goals/v1/goals_service.grpc.pb.h"
#include "klynge/organisation/v1/organisation_service.grpc.pb.h"
#include "services/goals/goal_test_support.h"

namespace klynge::faults {
namespace {

using goals::v1::GoalsService;
using organisation::v1::OrganisationService;

void ImportUnits(const testing::Replica& organisation) {
  const auto stub = OrganisationService::NewStub(organisation.channel());
  grpc::ClientContext context;
  organisation::v1::ImportOrganisationResponse response;
  const auto import = stub->ImportOrganisation(&context, &response);
  const auto add = [&import](const char* id, const char* kind, const char* parent) {
    organisation::v1::ImportOrganisationRequest row;
    row.mutable_unit()->set_unit_id(id);
    row.mutable_unit()->set_kind(kind);
    row.mutable_unit()->set_name(absl::StrCat("Enhed ", id));
    row.mutable_unit()->set_parent_id(parent);
    row.mutable_unit()->set_valid_from("2019-01-01");
    import->Write(row);
  };
  add(kRoot, "administration", "");
  add("omr-vvk", "area", kRoot);
  add("kl-vvk-01", "cluster", "omr-vvk");
  add(kUnit, "nursery", "kl-vvk-01");
  import->WritesDone();
  const grpc::Status imported = import->Finish();
  ASSERT_TRUE(imported.ok()) << imported.error_message();
  ASSERT_EQ(response.created_count(), 4);
}

void PublishFramework(GoalsService::Stub& stub) {
  grpc::ClientContext context;
  goals::v1::PublishFrameworkRequest request;
  *request.mutable_framework() = goals::testing::SmallFramework();
  goals::v1::PublishFrameworkResponse response;
  const grpc::Status published = stub.PublishFramework(&context, request, &response);
  ASSERT_TRUE(published.ok()) << published.error_message();
}

void AgreeGoal(GoalsService::Stub& stub, const std::string& goal_id) {
  grpc::ClientContext create_context, agree_context;
  goals::v1::CreateGoalRequest create;
  *create.mutable_goal() = NewGoal(goal_id);
  goals::v1::CreateGoalResponse created;
  const grpc::Status made = stub.CreateGoal(&create_context, create, &created);
  ASSERT_TRUE(made.ok()) << made.error_message();
  goals::v1::AgreeGoalRequest agree;
  agree.set_goal_id(goal_id);
  agree.mutable_agreement()->set_role("cluster_leader");
  agree.mutable_agreement()->set_agreed_on("2021-09-15");
  goals::v1::AgreeGoalResponse agreed;
  const grpc::Status done = stub.AgreeGoal(&agree_context, agree, &agreed);
  ASSERT_TRUE(done.ok()) << done.error_message();
}

}  // namespace

std::string WriterName(int number) { return absl::StrCat("w", number); }
std::string GoalOf(const std::string& writer) { return absl::StrCat("maal-", writer); }

goals::v1::Goal NewGoal(const std::string& goal_id) {
  goals::v1::Goal goal;
  goal.set_goal_id(goal_id);
  goal.set_unit_id(kUnit);
  goal.set_title("Alle børn er med i fællesskabet");
  goal.set_framework_id("kk-2021");
  goal.add_core_area_codes("clear_goals");
  goal.set_starts_on("2021-09-01");
  auto* criterion = goal.add_criteria();
  criterion->set_indicator("Andel grønne observationer");
  criterion->set_unit_of_measure("share of green");
  criterion->set_baseline(0.2);
  criterion->set_target(0.6);
  criterion->set_due_date("2023-12-31");
  return goal;
}

void PrepareCity(const testing::Replica& organisation, const testing::Replica& goals, int writers) {
  ASSERT_NO_FATAL_FAILURE(ImportUnits(organisation));
  const auto stub = GoalsService::NewStub(goals.channel());
  ASSERT_NO_FATAL_FAILURE(PublishFramework(*stub));
  for (int n = 0; n < writers; ++n) {
    ASSERT_NO_FATAL_FAILURE(AgreeGoal(*stub, GoalOf(WriterName(n))));
  }
}

}  // namespace klynge::faults
