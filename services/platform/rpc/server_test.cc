#include "services/platform/rpc/server.h"

#include <absl/strings/str_cat.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace klynge::rpc {
namespace {

constexpr char kServing[] = "\x08\x01";
constexpr char kNotServing[] = "\x08\x02";

// A port that nobody listens on.
int FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(listener, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  close(listener);
  return ntohs(address.sin_port);
}

// Asks as a kubelet does, without TLS: the bytes of the HealthCheckResponse, or the error.
std::string Ask(const std::string& address, const std::string& method, const std::string& service) {
  grpc::GenericStub stub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  const std::string request =
      service.empty()
          ? ""
          : absl::StrCat("\n", std::string(1, static_cast<char>(service.size())), service);
  const grpc::Slice slice(request);
  grpc::ByteBuffer sent(&slice, 1), received;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  grpc::CompletionQueue queue;
  grpc::Status status;
  auto call = stub.PrepareUnaryCall(&context, method, sent, &queue);
  call->StartCall();
  call->Finish(&received, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return absl::StrCat("code ", status.error_code());
  grpc::Slice answer;
  EXPECT_TRUE(received.DumpToSingleSlice(&answer).ok());
  return std::string(reinterpret_cast<const char*>(answer.begin()), answer.size());
}

class HealthOnlyPort : public ::testing::Test {
 protected:
  HealthOnlyPort() : address_(absl::StrCat("127.0.0.1:", FreePort())) {
    config::ServiceConfig config;
    config.service = "goals";
    config.listen = "127.0.0.1:0";
    config.health_listen = address_;
    auto server = Server::Start(config, {});
    EXPECT_TRUE(server.ok()) << server.status();
    if (server.ok()) server_ = *std::move(server);
  }
  ~HealthOnlyPort() override {
    if (server_) server_->Drain({.grace = absl::Seconds(1)});
  }
  std::string Health(const std::string& service) {
    return Ask(address_, "/grpc.health.v1.Health/Check", service);
  }

  const std::string address_;
  std::unique_ptr<Server> server_;
};

TEST_F(HealthOnlyPort, IsAliveButNotReadyUntilToldSo) {
  ASSERT_TRUE(server_);
  EXPECT_EQ(Health("liveness"), kServing);
  EXPECT_EQ(Health(""), kNotServing);
  server_->SetHealth("", true);
  EXPECT_EQ(Health(""), kServing);
}

TEST_F(HealthOnlyPort, AnswersNothingButHealth) {
  ASSERT_TRUE(server_);
  EXPECT_EQ(Ask(address_, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", ""),
            absl::StrCat("code ", grpc::StatusCode::UNIMPLEMENTED));
}

}  // namespace
}  // namespace klynge::rpc
