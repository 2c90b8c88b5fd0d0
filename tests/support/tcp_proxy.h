// A TCP proxy that makes a connection slow, or breaks it: for what a server alone cannot be made to
// do.
#pragma once

#include <absl/time/time.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "services/platform/mutex.h"

namespace klynge::testing {

// Passes everything on unchanged between its clients and one server on loopback. Thread-safe.
class TcpProxy {
 public:
  // `server`: "127.0.0.1:port"; it need not answer yet.
  explicit TcpProxy(const std::string& server);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  // "127.0.0.1:port", for the clients.
  std::string address() const;

  // From now on each direction of each connection passes at most `bytes` at a time and waits for
  // `pause` before each: slow answers, and a slow line.
  void SlowDown(absl::Duration pause, size_t bytes);
  void SpeedUp();
  // Ends all connections there are; new ones may come.
  void Cut();

 private:
  static constexpr size_t kAtOnce = 64 << 10;
  struct Connection;

  void Accept();
  void Pump(Connection& connection, int from, int to);
  // Waits as SlowDown asks; how many bytes may pass then.
  size_t NextChunk(const Connection& connection);

  const int server_port_;
  const int port_;
  const int listener_;
  Mutex mutex_;
  absl::Duration pause_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = kAtOnce;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Connection>> connections_ ABSL_GUARDED_BY(mutex_);
  std::thread acceptor_;
};

}  // namespace klynge::testing
