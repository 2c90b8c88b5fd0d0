#include "tests/integration/numbered_things.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>
#include <absl/time/clock.h>
#include <gtest/gtest.h>

#include "klynge/courses/v1/courses_service.grpc.pb.h"
#include "klynge/goals/v1/goals_service.grpc.pb.h"
#include "klynge/observations/v1/observations_service.grpc.pb.h"
#include "klynge/organisation/v1/organisation_service.grpc.pb.h"
#include "services/goals/goal_test_support.h"
#include "services/observations/observations_test_support.h"
#include "services/platform/rpc/runtime.h"
#include "services/platform/rpc/status.h"

namespace klynge::testing {
namespace {

using Context = grpc::ClientContext;

std::unique_ptr<Context> NewContext() {
  auto context = std::make_unique<Context>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  context->set_wait_for_ready(true);  // a channel may be new
  return context;
}

// Sends one unary call.
template <class Stub, class Request, class Response>
absl::Status Send(Stub& stub, grpc::Status (Stub::*rpc)(Context*, const Request&, Response*),
                  const Request& request, Response* response) {
  return rpc::FromGrpc((stub.*rpc)(NewContext().get(), request, response));
}

// Sends rows as one client stream. `call` begins it.
template <class Rows, class Call>
absl::Status SendRows(const Rows& rows, Call call) {
  const auto context = NewContext();
  const auto writer = call(context.get());
  for (const auto& row : rows) {
    if (!writer->Write(row)) break;
  }
  writer->WritesDone();
  return rpc::FromGrpc(writer->Finish());
}

std::string GoalId(int thing) { return absl::StrCat("maal-", thing); }

class Goals final : public NumberedThings {
 public:
  using Service = goals::v1::GoalsService;
  explicit Goals(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(Service::NewStub(channel)) {}

  absl::StatusOr<int64_t> Write(int thing, int number, const std::string& request_id) override {
    goals::v1::CheckInRequest request;
    request.set_request_id(request_id);
    request.mutable_check_in()->set_goal_id(GoalId(thing));
    request.mutable_check_in()->set_value(number);
    request.mutable_check_in()->set_role("cluster_leader");
    goals::v1::CheckInResponse response;
    KLYNGE_RETURN_IF_ERROR(Send(*stub_, &Service::Stub::CheckIn, request, &response));
    return response.revision();
  }

  absl::StatusOr<Shown> Read(int thing, int64_t min_revision) override {
    goals::v1::GetGoalRequest request;
    request.set_goal_id(GoalId(thing));
    request.set_min_revision(min_revision);
    goals::v1::GetGoalResponse response;
    KLYNGE_RETURN_IF_ERROR(Send(*stub_, &Service::Stub::GetGoal, request, &response));
    return Shown{response.revision(), static_cast<int>(response.goal().criteria(0).current())};
  }

 private:
  const std::unique_ptr<Service::Stub> stub_;
};

class Units final : public NumberedThings {
 public:
  using Service = organisation::v1::OrganisationService;
  explicit Units(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(Service::NewStub(channel)) {}

  absl::StatusOr<int64_t> Write(int thing, int number, const std::string& request_id) override {
    std::vector<organisation::v1::ImportOrganisationRequest> rows(2);
    rows[0].mutable_options()->set_request_id(request_id);
    auto& unit = *rows[1].mutable_unit();
    unit.set_unit_id(absl::StrCat("enhed-", thing));
    unit.set_kind("administration");
    unit.set_name(absl::StrCat("Enhed ", number));
    unit.set_valid_from("2019-01-01");
    organisation::v1::ImportOrganisationResponse response;
    KLYNGE_RETURN_IF_ERROR(SendRows(
        rows, [&](Context* context) { return stub_->ImportOrganisation(context, &response); }));
    if (response.rejected_count() == 0) return response.revision();
    return absl::InternalError(response.outcomes(0).message());
  }

  absl::StatusOr<Shown> Read(int thing, int64_t min_revision) override {
    organisation::v1::ListUnitsRequest request;
    request.set_page_size(1000);
    request.set_min_revision(min_revision);
    organisation::v1::ListUnitsResponse response;
    KLYNGE_RETURN_IF_ERROR(Send(*stub_, &Service::Stub::ListUnits, request, &response));
    Shown shown{response.revision(), 0};
    for (const auto& unit : response.units()) {
      if (unit.unit_id() != absl::StrCat("enhed-", thing)) continue;
      if (!absl::SimpleAtoi(absl::StripPrefix(unit.name(), "Enhed "), &shown.number)) break;
    }
    return shown;
  }

 private:
  const std::unique_ptr<Service::Stub> stub_;
};

class Venues final : public NumberedThings {
 public:
  using Service = courses::v1::CoursesService;
  explicit Venues(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(Service::NewStub(channel)) {}

  absl::StatusOr<int64_t> Write(int thing, int number, const std::string& request_id) override {
    std::vector<courses::v1::ImportResourcesRequest> rows(1);
    rows[0].set_request_id(request_id);
    rows[0].mutable_venue()->set_venue_id(absl::StrCat("sal-", thing));
    rows[0].mutable_venue()->mutable_name()->set_da("Sal");
    rows[0].mutable_venue()->set_seats(number);
    courses::v1::ImportResourcesResponse response;
    KLYNGE_RETURN_IF_ERROR(SendRows(
        rows, [&](Context* context) { return stub_->ImportResources(context, &response); }));
    if (response.rejected() == 0) return response.revision();
    return absl::InternalError(response.outcomes(0).message());
  }

  absl::StatusOr<Shown> Read(int thing, int64_t min_revision) override {
    courses::v1::ListResourcesRequest request;
    request.set_min_revision(min_revision);
    courses::v1::ListResourcesResponse response;
    KLYNGE_RETURN_IF_ERROR(Send(*stub_, &Service::Stub::ListResources, request, &response));
    Shown shown{response.revision(), 0};
    for (const auto& venue : response.venues()) {
      if (venue.venue_id() == absl::StrCat("sal-", thing)) shown.number = venue.seats();
    }
    return shown;
  }

 private:
  const std::unique_ptr<Service::Stub> stub_;
};

class Instruments final : public NumberedThings {
 public:
  using Service = observations::v1::ObservationsService;
  explicit Instruments(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(Service::NewStub(channel)) {}

  absl::StatusOr<int64_t> Write(int thing, int number, const std::string& request_id) override {
    observations::v1::PublishInstrumentRequest request;
    request.set_request_id(request_id);
    *request.mutable_instrument() = observations::testing::TestInstrument();
    request.mutable_instrument()->set_instrument_id(absl::StrCat("skema-", thing));
    request.mutable_instrument()->set_version(number);
    // A version with the same content would be the one before.
    request.mutable_instrument()->mutable_label()->set_da(absl::StrCat("Skema ", number));
    observations::v1::PublishInstrumentResponse response;
    KLYNGE_RETURN_IF_ERROR(Send(*stub_, &Service::Stub::PublishInstrument, request, &response));
    return response.revision();
  }

  absl::StatusOr<Shown> Read(int thing, int64_t min_revision) override {
    observations::v1::ListInstrumentsRequest request;
    request.set_page_size(200);
    request.set_min_revision(min_revision);
    observations::v1::ListInstrumentsResponse response;
    KLYNGE_RETURN_IF_ERROR(Send(*stub_, &Service::Stub::ListInstruments, request, &response));
    Shown shown{response.revision(), 0};
    for (const auto& instrument : response.instruments()) {
      if (instrument.instrument_id() == absl::StrCat("skema-", thing)) {
        shown.number = instrument.version();
      }
    }
    return shown;
  }

 private:
  const std::unique_ptr<Service::Stub> stub_;
};

void EnterGoal(goals::v1::GoalsService::Stub& stub, int thing) {
  using Stub = goals::v1::GoalsService::Stub;
  goals::v1::CreateGoalRequest create;
  goals::v1::Goal& goal = *create.mutable_goal();
  goal.set_goal_id(GoalId(thing));
  goal.set_unit_id("enhed-0");
  goal.set_title("Alle børn er med i fællesskabet");
  goal.set_framework_id("kk-2021");
  goal.add_core_area_codes("clear_goals");
  goal.set_starts_on("2021-09-01");
  auto& criterion = *goal.add_criteria();
  criterion.set_indicator("Følges op");
  criterion.set_unit_of_measure("gange");
  criterion.set_baseline(0);
  criterion.set_target(1e6);
  criterion.set_due_date("2040-12-31");
  goals::v1::CreateGoalResponse created;
  const absl::Status entered = Send(stub, &Stub::CreateGoal, create, &created);
  ASSERT_TRUE(entered.ok()) << entered;
  goals::v1::AgreeGoalRequest agree;
  agree.set_goal_id(GoalId(thing));
  agree.mutable_agreement()->set_role("cluster_leader");
  agree.mutable_agreement()->set_agreed_on("2021-09-15");
  goals::v1::AgreeGoalResponse response;
  const absl::Status agreed = Send(stub, &Stub::AgreeGoal, agree, &response);
  ASSERT_TRUE(agreed.ok()) << agreed;
}

}  // namespace

std::unique_ptr<NumberedThings> NumberedGoals(std::shared_ptr<grpc::Channel> channel) {
  return std::make_unique<Goals>(channel);
}
std::unique_ptr<NumberedThings> NumberedUnits(std::shared_ptr<grpc::Channel> channel) {
  return std::make_unique<Units>(channel);
}
std::unique_ptr<NumberedThings> NumberedVenues(std::shared_ptr<grpc::Channel> channel) {
  return std::make_unique<Venues>(channel);
}
std::unique_ptr<NumberedThings> NumberedInstruments(std::shared_ptr<grpc::Channel> channel) {
  return std::make_unique<Instruments>(channel);
}

void PrepareGoals(const Replica& organisation, const Replica& goals, int things) {
  const auto imported = NumberedUnits(organisation.channel())->Write(0, 1, "");
  ASSERT_TRUE(imported.ok()) << imported.status();
  const auto stub = goals::v1::GoalsService::NewStub(goals.channel());
  goals::v1::PublishFrameworkRequest publish;
  *publish.mutable_framework() = goals::testing::SmallFramework();
  goals::v1::PublishFrameworkResponse response;
  const absl::Status published =
      Send(*stub, &goals::v1::GoalsService::Stub::PublishFramework, publish, &response);
  ASSERT_TRUE(published.ok()) << published;
  for (int thing = 0; thing < things; ++thing) EnterGoal(*stub, thing);
}

int CountCheckIns(const Replica& goals, int thing) {
  const auto stub = goals::v1::GoalsService::NewStub(goals.channel());
  goals::v1::ListCheckInsRequest request;
  request.set_goal_id(GoalId(thing));
  request.set_page_size(1000);
  int count = 0;
  do {
    goals::v1::ListCheckInsResponse response;
    const absl::Status listed =
        Send(*stub, &goals::v1::GoalsService::Stub::ListCheckIns, request, &response);
    EXPECT_TRUE(listed.ok()) << listed;
    count += response.check_ins_size();
    request.set_page_token(response.next_page_token());
    request.set_min_revision(response.revision());
  } while (!request.page_token().empty());
  return count;
}

}  // namespace klynge::testing
