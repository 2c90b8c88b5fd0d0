#include "services/platform/operations/operations_service.h"

#include <gmock/gmock.h>

#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::operations {
namespace {

using telemetry::Level;
using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;

// Without certificates every caller is "local"; who may do what under mutual TLS is tried in
// tests/integration/operations_test.cc.
class OperationsServiceTest : public ::testing::Test {
 protected:
  OperationsServiceTest() {
    telemetry::SetLogLevel(Level::kError);
    state_.AddDependency("database", /*required=*/true);
    state_.AddDependency("redis", /*required=*/false);
  }
  ~OperationsServiceTest() override { telemetry::SetLogLevel(Level::kInfo); }

  v1::GetStatusResponse Status() {
    grpc::ClientContext context;
    v1::GetStatusResponse response;
    EXPECT_THAT(rpc::FromGrpc(stub_->GetStatus(&context, {}, &response)), IsOk());
    return response;
  }
  v1::GetLogLevelResponse LogLevel() {
    grpc::ClientContext context;
    v1::GetLogLevelResponse response;
    EXPECT_THAT(rpc::FromGrpc(stub_->GetLogLevel(&context, {}, &response)), IsOk());
    return response;
  }
  absl::Status Set(v1::LogLevel level, int64_t seconds, v1::SetLogLevelResponse* response) {
    grpc::ClientContext context;
    v1::SetLogLevelRequest request;
    request.set_level(level);
    if (seconds != 0) request.mutable_duration()->set_seconds(seconds);
    return rpc::FromGrpc(stub_->SetLogLevel(&context, request, response));
  }

  const absl::Time start_ = absl::FromUnixSeconds(1'700'000'000);
  FakeClock clock_{start_};
  FakeClock steady_{absl::UnixEpoch()};
  ProcessState state_{clock_, steady_};
  LogLevelControl log_level_{Level::kError, clock_, steady_};
  testing::TestRuntime runtime_;
  OperationsService service_{
      runtime_.runtime(), {.service = "goals", .everyone_operates = true}, state_, log_level_};
  testing::ServiceHost host_{runtime_, "goals", {&service_}};
  std::unique_ptr<v1::OperationsService::Stub> stub_ =
      v1::OperationsService::NewStub(host_.channel());
};

TEST_F(OperationsServiceTest, TellsHowTheProcessIsDoing) {
  state_.Report("database", absl::OkStatus());
  state_.Report("redis", absl::UnavailableError("refused"));
  state_.HearOfRevision(42);
  steady_.Advance(absl::Seconds(90));
  const v1::GetStatusResponse status = Status();
  EXPECT_EQ(status.service(), "goals");
  EXPECT_NE(status.version(), "");
  EXPECT_EQ(status.start_time().seconds(), absl::ToUnixSeconds(start_));
  EXPECT_EQ(status.uptime().seconds(), 90);
  EXPECT_EQ(status.known_revision(), 42);
  EXPECT_EQ(status.state(), v1::SERVING_STATE_DEGRADED);
  ASSERT_THAT(status.dependencies(), SizeIs(2));
  EXPECT_EQ(status.dependencies(1).name(), "redis");
  EXPECT_EQ(status.dependencies(1).last_error(), "refused");
  EXPECT_FALSE(status.dependencies(0).has_last_error_time());
}

TEST_F(OperationsServiceTest, TellsWhetherItServes) {
  EXPECT_EQ(Status().state(), v1::SERVING_STATE_NOT_READY);
  state_.Report("database", absl::OkStatus());
  state_.Report("redis", absl::OkStatus());
  EXPECT_EQ(Status().state(), v1::SERVING_STATE_READY);
  state_.StartDraining();
  EXPECT_EQ(Status().state(), v1::SERVING_STATE_DRAINING);
}

TEST_F(OperationsServiceTest, ChangesTheLogLevelForATime) {
  v1::SetLogLevelResponse response;
  ASSERT_THAT(Set(v1::LOG_LEVEL_WARNING, 60, &response), IsOk());
  EXPECT_EQ(response.previous_level(), v1::LOG_LEVEL_ERROR);
  EXPECT_EQ(response.expire_time().seconds(), absl::ToUnixSeconds(start_) + 60);
  EXPECT_EQ(telemetry::LogLevel(), Level::kWarning);
  EXPECT_EQ(LogLevel().level(), v1::LOG_LEVEL_WARNING);
  EXPECT_EQ(LogLevel().configured_level(), v1::LOG_LEVEL_ERROR);
  EXPECT_EQ(LogLevel().expire_time().seconds(), absl::ToUnixSeconds(start_) + 60);
}

TEST_F(OperationsServiceTest, ChangesTheLogLevelForGood) {
  v1::SetLogLevelResponse response;
  ASSERT_THAT(Set(v1::LOG_LEVEL_DEBUG, 0, &response), IsOk());
  EXPECT_FALSE(response.has_expire_time());
  EXPECT_FALSE(LogLevel().has_expire_time());
  EXPECT_EQ(telemetry::LogLevel(), Level::kDebug);
}

TEST_F(OperationsServiceTest, ListsEveryWrongField) {
  v1::SetLogLevelResponse response;
  const absl::Status status = Set(v1::LOG_LEVEL_UNSPECIFIED, 86'401, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(FieldViolationsOf(status), SizeIs(2));
  EXPECT_THAT(Set(static_cast<v1::LogLevel>(9), -1, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_EQ(telemetry::LogLevel(), Level::kError);
}

}  // namespace
}  // namespace klynge::operations
