#include "services/platform/telemetry/http_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

namespace klynge::telemetry {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Everything the server sends back for `request`.
std::string Ask(int port, const std::string& request) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
      send(socket, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
    char buffer[4096];
    for (ssize_t n; (n = recv(socket, buffer, sizeof(buffer), 0)) > 0;) {
      answer.append(buffer, static_cast<size_t>(n));
    }
  }
  close(socket);
  return answer;
}

std::string Request(const std::string& method, const std::string& path) {
  return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
}

class HttpServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server =
        HttpServer::Start("127.0.0.1:0", {{"/livez",
                                           [] {
                                             return HttpAnswer{200, "text/plain", "fine"};
                                           }},
                                          {"/readyz", [] {
                                             return HttpAnswer{503, "application/json", "{}"};
                                           }}});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  std::string Get(const std::string& path) { return Ask(server_->port(), Request("GET", path)); }

  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersItsPaths) {
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(Get("/livez"), HasSubstr("\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(Get("/livez?verbose=1"), EndsWith("\r\n\r\nfine"));
}

TEST_F(HttpServerTest, PassesTheCodeOn) {
  EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
}

TEST_F(HttpServerTest, HasNothingElse) {
  for (const char* path : {"/", "/livez/", "/livez/x", "/../etc/passwd", "/livezz"}) {
    EXPECT_THAT(Get(path), Not(HasSubstr("200 OK"))) << path;
  }
  EXPECT_THAT(Get("/metrics"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(HttpServerTest, SendsNoBodyForHead) {
  const std::string answer = Ask(server_->port(), Request("HEAD", "/livez"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 4"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(HttpServerTest, TakesNothing) {
  for (const char* method : {"POST", "PUT", "DELETE"}) {
    EXPECT_THAT(Ask(server_->port(), Request(method, "/livez")), Not(HasSubstr("200 OK")))
        << method;
  }
}

TEST_F(HttpServerTest, SaysWhenThePortIsTaken) {
  const auto second =
      HttpServer::Start("127.0.0.1:" + std::to_string(server_->port()), HttpServer::Paths());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("cannot listen on 127.0.0.1:"));
}

}  // namespace
}  // namespace klynge::telemetry
