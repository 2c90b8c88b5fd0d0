// Who may change a running process: OperationsService on a real server with --auth=mtls, and the
// certificates that deploy/certificates makes.
#include <gmock/gmock.h>

#include <cstdlib>

#include "klynge/operations/v1/operations_service.grpc.pb.h"
#include "services/platform/operations/operations_service.h"
#include "services/platform/rpc/client/channel.h"
#include "services/platform/rpc/metadata_keys.h"
#include "services/platform/rpc/server.h"
#include "services/platform/telemetry/caller_hash.h"
#include "tests/support/processes.h"
#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::operations {
namespace {

using telemetry::Level;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::StatusIs;

class OperationsTest : public ::testing::Test {
 protected:
  OperationsTest() {
    telemetry::SetLogLevel(Level::kWarning);
    EXPECT_EQ(std::system(("deploy/certificates " + directory_.path() + " >/dev/null").c_str()), 0);
    runtime_.runtime().require_peer_identity = true;
    runtime_.runtime().services = {"spiffe://klynge/courses"};
    config::ServiceConfig config = Config("goals");
    config.listen = "127.0.0.1:0";
    auto server = rpc::Server::Start(config, {&service_}, {kOperationsServiceName});
    EXPECT_THAT(server, IsOk());
    server_ = *std::move(server);
  }
  ~OperationsTest() override {
    server_->Drain({.grace = absl::Seconds(5)});
    runtime_.Stop();
    telemetry::SetLogLevel(Level::kInfo);
  }

  config::ServiceConfig Config(const std::string& who) const {
    const std::string folder = directory_.path() + "/" + who;
    config::ServiceConfig config;
    config.service = "goals";
    config.auth = config::Auth::kMtls;
    config.tls = {folder + "/tls.crt", folder + "/tls.key", folder + "/ca.crt"};
    return config;
  }

  std::unique_ptr<v1::OperationsService::Stub> StubOf(const std::string& who) const {
    config::ServiceConfig config = Config(who);
    config.peers["goals"] = absl::StrCat("localhost:", server_->port());
    return v1::OperationsService::NewStub(*rpc::PeerChannel(config, "goals"));
  }

  // As `who`, a service perhaps saying for whom.
  absl::Status SetDebug(const std::string& who, const std::string& on_behalf_of = "") const {
    grpc::ClientContext context;
    if (!on_behalf_of.empty()) context.AddMetadata(rpc::kOnBehalfOf, on_behalf_of);
    v1::SetLogLevelRequest request;
    request.set_level(v1::LOG_LEVEL_DEBUG);
    v1::SetLogLevelResponse response;
    return rpc::FromGrpc(StubOf(who)->SetLogLevel(&context, request, &response));
  }

  testing::TemporaryDirectory directory_;
  const SystemClock clock_;
  ProcessState state_{clock_, clock_};
  LogLevelControl log_level_{Level::kWarning, clock_, clock_};
  testing::TestRuntime runtime_;
  OperationsService service_{
      runtime_.runtime(),
      {.service = "goals", .everyone_operates = false, .operators = {"spiffe://klynge/operator"}},
      state_,
      log_level_};
  std::unique_ptr<rpc::Server> server_;
};

TEST_F(OperationsTest, LetsAnOperatorChangeTheLogLevel) {
  EXPECT_THAT(SetDebug("operator"), IsOk());
  EXPECT_EQ(telemetry::LogLevel(), Level::kDebug);
}

TEST_F(OperationsTest, DeniesItToEverybodyElse) {
  for (const char* who : {"courses", "goals", "organisation"}) {
    EXPECT_THAT(SetDebug(who), StatusIs(absl::StatusCode::kPermissionDenied, "NOT_AN_OPERATOR"))
        << who;
  }
  EXPECT_EQ(telemetry::LogLevel(), Level::kWarning);
}

TEST_F(OperationsTest, DeniesItToAServiceThatSaysItAsksForAnOperator) {
  EXPECT_THAT(SetDebug("courses", "spiffe://klynge/operator"),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_AN_OPERATOR"));
  EXPECT_EQ(telemetry::LogLevel(), Level::kWarning);
}

TEST_F(OperationsTest, LogsDenialsAndChangesByTheCallersHash) {
  ::testing::internal::CaptureStderr();
  EXPECT_THAT(SetDebug("courses"),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_AN_OPERATOR"));
  EXPECT_THAT(SetDebug("operator"), IsOk());
  telemetry::FlushLog();
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr(absl::StrCat("\"message\":\"denied\",\"method\":\"/",
                                          kOperationsServiceName, "/SetLogLevel\",\"caller\":\"",
                                          telemetry::CallerHash("spiffe://klynge/courses"), "\"")));
  EXPECT_THAT(log, HasSubstr(absl::StrCat(
                       "\"message\":\"log level changed\",\"from\":\"warning\",\"to\":\"debug\","
                       "\"seconds\":0,\"caller\":\"",
                       telemetry::CallerHash("spiffe://klynge/operator"), "\"")));
  EXPECT_THAT(log, Not(HasSubstr("spiffe://")));
}

TEST_F(OperationsTest, TellsEveryCallerHowTheProcessIsDoing) {
  grpc::ClientContext status_context, level_context;
  v1::GetStatusResponse status;
  EXPECT_THAT(rpc::FromGrpc(StubOf("courses")->GetStatus(&status_context, {}, &status)), IsOk());
  EXPECT_EQ(status.service(), "goals");
  v1::GetLogLevelResponse level;
  EXPECT_THAT(rpc::FromGrpc(StubOf("courses")->GetLogLevel(&level_context, {}, &level)), IsOk());
  EXPECT_EQ(level.level(), v1::LOG_LEVEL_WARNING);
}

}  // namespace
}  // namespace klynge::operations
