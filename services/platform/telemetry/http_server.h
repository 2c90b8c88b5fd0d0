// A small HTTP server for what monitoring asks: a few fixed paths, each answered with a short text.
// It is cpp-httplib's: prometheus-cpp's own Exposer answers with metrics only, and the civetweb
// under it takes two seconds to stop.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace httplib {
class Server;
}

namespace klynge::telemetry {

struct HttpAnswer {
  int code = 200;
  std::string content_type = "application/json";
  std::string body = "";
};

class HttpServer {
 public:
  // From a path ("/livez") to what answers GET and HEAD of it, on a thread of the server.
  using Paths = std::map<std::string, std::function<HttpAnswer()>>;

  // Listens on "host:port", plain HTTP. kUnavailable when that cannot be done.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& address,
                                                           const Paths& paths);
  // No path is asked any more once it returns.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Of use when the address asked for port 0.
  int port() const { return port_; }

 private:
  HttpServer();

  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace klynge::telemetry
