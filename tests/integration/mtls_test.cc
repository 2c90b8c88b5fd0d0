// A real server with --auth=mtls and certificates made for the test.
#include <gmock/gmock.h>

#include <cstdlib>

#include "klynge/testing/v1/echo_service.grpc.pb.h"
#include "services/platform/rpc/client/channel.h"
#include "services/platform/rpc/client/context.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/rpc/server.h"
#include "tests/support/processes.h"
#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::rpc {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::v1::EchoRequest;
using klynge::testing::v1::EchoResponse;
using klynge::testing::v1::EchoService;

// Answers with who called, or to "for whom" with that.
class WhoAmI final : public EchoService::CallbackService {
 public:
  explicit WhoAmI(Runtime& runtime) : dispatcher_(runtime, "klynge.testing.v1.EchoService") {}
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const EchoRequest* request,
                                 EchoResponse* response) override {
    return dispatcher_.Unary(
        __func__, context, request, response,
        [](const Call& call, const EchoRequest& asked, EchoResponse* answer) {
          answer->set_text(asked.text().empty() ? call.actor : call.on_behalf_of);
          return absl::OkStatus();
        });
  }

 private:
  Dispatcher dispatcher_;
};

class MtlsTest : public ::testing::Test {
 protected:
  MtlsTest() {
    MakeAuthority("ca");
    MakeCertificate("ca", "server", "DNS:localhost,IP:127.0.0.1,URI:spiffe://klynge/testing");
    MakeCertificate("ca", "courses", "URI:spiffe://klynge/courses");
    MakeCertificate("ca", "nameless", "DNS:somebody");
    MakeAuthority("stranger");
    MakeCertificate("stranger", "intruder", "URI:spiffe://klynge/courses");
    runtime_.runtime().require_peer_identity = true;
    auto server = Server::Start(Config("server", "127.0.0.1:0"), {&service_});
    EXPECT_THAT(server, IsOk());
    server_ = *std::move(server);
  }
  ~MtlsTest() override {
    server_->Drain({.grace = absl::Seconds(5)});
    runtime_.Stop();
  }

  std::string File(const std::string& name) const { return directory_.path() + "/" + name; }

  void Run(const std::string& command) {
    ASSERT_EQ(
        std::system(
            absl::StrCat("cd ", directory_.path(), " && ", command, " 2>>openssl.log").c_str()),
        0);
  }
  void MakeAuthority(const std::string& name) {
    Run(absl::StrCat(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=",
        name, " -keyout ", name, ".key -out ", name, ".crt"));
  }
  void MakeCertificate(const std::string& authority, const std::string& name,
                       const std::string& names) {
    Run(absl::StrCat("printf 'subjectAltName=", names, "' > ", name, ".ext"));
    Run(absl::StrCat("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=",
                     name, " -keyout ", name, ".key -out ", name, ".csr"));
    Run(absl::StrCat("openssl x509 -req -days 2 -CAcreateserial -CA ", authority, ".crt -CAkey ",
                     authority, ".key -in ", name, ".csr -extfile ", name, ".ext -out ", name,
                     ".crt"));
  }

  config::ServiceConfig Config(const std::string& who, const std::string& listen) {
    config::ServiceConfig config;
    config.service = "testing";
    config.listen = listen;
    config.auth = config::Auth::kMtls;
    config.tls = {File(who + ".crt"), File(who + ".key"), File("ca.crt")};
    return config;
  }

  absl::Status CallAs(const std::string& who, std::string* seen) {
    config::ServiceConfig config = Config(who, "");
    config.peers["testing"] = absl::StrCat("localhost:", server_->port());
    auto channel = PeerChannel(config, "testing");
    if (!channel.ok()) return channel.status();
    return Call(*channel, seen);
  }

  static absl::Status Call(const std::shared_ptr<grpc::Channel>& channel, std::string* seen) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(3)));
    EchoResponse response;
    const absl::Status status =
        FromGrpc(EchoService::NewStub(channel)->Echo(&context, EchoRequest(), &response));
    *seen = response.text();
    return status;
  }

  klynge::testing::TemporaryDirectory directory_;
  klynge::testing::TestRuntime runtime_;
  WhoAmI service_{runtime_.runtime()};
  std::unique_ptr<Server> server_;
};

TEST_F(MtlsTest, KnowsTheCallerByTheSpiffeUriOfItsCertificate) {
  std::string seen;
  ASSERT_THAT(CallAs("courses", &seen), IsOk());
  EXPECT_EQ(seen, "spiffe://klynge/courses");
}

TEST_F(MtlsTest, BelievesOnlyServicesForWhomTheyAsk) {
  config::ServiceConfig config = Config("courses", "");
  config.peers["testing"] = absl::StrCat("localhost:", server_->port());
  const auto channel = PeerChannel(config, "testing");
  ASSERT_THAT(channel, IsOk());
  const auto for_whom = [&] {
    rpc::Call call;
    call.on_behalf_of = "spiffe://klynge/operator";
    grpc::ClientContext context;
    PrepareContext(call, &context);
    EchoRequest request;
    request.set_text("for whom");
    EchoResponse response;
    EXPECT_THAT(EchoService::NewStub(*channel)->Echo(&context, request, &response), IsOk());
    return response.text();
  };
  EXPECT_EQ(for_whom(), "spiffe://klynge/courses");
  runtime_.runtime().services = {"spiffe://klynge/courses"};
  EXPECT_EQ(for_whom(), "spiffe://klynge/operator");
}

TEST_F(MtlsTest, RefusesACertificateThatNamesNoCaller) {
  std::string seen;
  EXPECT_THAT(CallAs("nameless", &seen),
              StatusIs(absl::StatusCode::kUnauthenticated, "CALLER_UNKNOWN"));
}

TEST_F(MtlsTest, RefusesACertificateOfAnotherAuthority) {
  std::string seen;
  EXPECT_EQ(CallAs("intruder", &seen).code(), absl::StatusCode::kUnavailable);
}

TEST_F(MtlsTest, RefusesPlainText) {
  std::string seen;
  const auto channel = grpc::CreateChannel(absl::StrCat("localhost:", server_->port()),
                                           grpc::InsecureChannelCredentials());
  EXPECT_EQ(Call(channel, &seen).code(), absl::StatusCode::kUnavailable);
}

TEST_F(MtlsTest, DoesNotStartWithCertificatesThatCannotWork) {
  config::ServiceConfig config = Config("server", "127.0.0.1:0");
  config.tls.key = File("courses.key");
  EXPECT_EQ(ServerCredentials(config).status().code(), absl::StatusCode::kInvalidArgument);
  config.tls.key = File("server.ext");
  EXPECT_EQ(ServerCredentials(config).status().code(), absl::StatusCode::kInvalidArgument);
  config.tls.key = File("missing");
  EXPECT_EQ(ServerCredentials(config).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace klynge::rpc
