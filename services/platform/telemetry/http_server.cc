#include "services/platform/telemetry/http_server.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <httplib.h>

namespace klynge::telemetry {
namespace {

constexpr size_t kThreads = 2;
constexpr time_t kPatience = 5;  // seconds for a client to send and to take

void Configure(httplib::Server& server) {
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_read_timeout(kPatience);
  server.set_write_timeout(kPatience);
  server.set_payload_max_length(1024);
  // A client that keeps its connection would keep a thread, and stopping would wait for it.
  server.set_keep_alive_max_count(1);
  // The library's own would let two processes share a port, and neither would notice.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
}

}  // namespace

HttpServer::HttpServer() : server_(std::make_unique<httplib::Server>()) {}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address,
                                                              const Paths& paths) {
  std::unique_ptr<HttpServer> server(new HttpServer);
  Configure(*server->server_);
  for (const auto& [path, answer] : paths) {
    server->server_->Get(path, [answer](const httplib::Request&, httplib::Response& response) {
      const HttpAnswer given = answer();
      response.status = given.code;
      response.set_header("Cache-Control", "no-store");
      response.set_content(given.body, given.content_type);
    });
  }
  const size_t colon = address.rfind(':');
  // "[::1]" → "::1"
  const std::string host = absl::StrReplaceAll(address.substr(0, colon), {{"[", ""}, {"]", ""}});
  int port = 0;
  if (colon != std::string::npos && absl::SimpleAtoi(address.substr(colon + 1), &port)) {
    server->port_ = port == 0 ? server->server_->bind_to_any_port(host)
                    : server->server_->bind_to_port(host, port) ? port
                                                                : 0;
  }
  if (server->port_ <= 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, "; is the port taken?"));
  }
  server->thread_ = std::thread([raw = server.get()] { raw->server_->listen_after_bind(); });
  // Before it runs it could not be stopped.
  while (!server->server_->is_running()) std::this_thread::yield();
  return server;
}

HttpServer::~HttpServer() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
}

}  // namespace klynge::telemetry
