#include "tests/support/tcp_proxy.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/time/clock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "tests/support/processes.h"

namespace klynge::testing {
namespace {

int PortOf(const std::string& address) {
  int port = 0;
  EXPECT_TRUE(absl::SimpleAtoi(absl::string_view(address).substr(address.rfind(':') + 1), &port))
      << address;
  return port;
}

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int Listen(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(listen(fd, 64), 0);
  return fd;
}

bool SendAll(int fd, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<size_t>(sent);
  }
  return true;
}

}  // namespace

// Both sockets stay open until the threads are joined, so that no number is given out twice.
struct TcpProxy::Connection {
  Connection(int client_fd, int server_fd) : client(client_fd), server(server_fd) {}
  ~Connection() {
    End();
    up.join();
    down.join();
    close(client);
    close(server);
  }
  void End() {
    ended = true;
    shutdown(client, SHUT_RDWR);
    shutdown(server, SHUT_RDWR);
  }

  const int client;
  const int server;
  std::atomic<bool> ended = false;
  std::thread up, down;
};

TcpProxy::TcpProxy(const std::string& server)
    : server_port_(PortOf(server)),
      port_(FreePort()),
      listener_(Listen(port_)),
      acceptor_([this] { Accept(); }) {}

TcpProxy::~TcpProxy() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  std::vector<std::unique_ptr<Connection>> last;
  {
    MutexLock lock(&mutex_);
    last.swap(connections_);
  }
}

std::string TcpProxy::address() const { return absl::StrCat("127.0.0.1:", port_); }

void TcpProxy::SlowDown(absl::Duration pause, size_t bytes) {
  MutexLock lock(&mutex_);
  pause_ = pause;
  bytes_ = bytes;
}

void TcpProxy::SpeedUp() { SlowDown(absl::ZeroDuration(), kAtOnce); }

void TcpProxy::Cut() {
  MutexLock lock(&mutex_);
  for (const auto& connection : connections_) connection->End();
}

void TcpProxy::Accept() {
  while (true) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    MutexLock lock(&mutex_);
    if (stopping_) {
      if (client >= 0) close(client);
      return;
    }
    if (client < 0) continue;
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(server_port_);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(client);
      close(server);
      continue;
    }
    Connection& made = *connections_.emplace_back(std::make_unique<Connection>(client, server));
    made.up = std::thread([this, &made] { Pump(made, made.client, made.server); });
    made.down = std::thread([this, &made] { Pump(made, made.server, made.client); });
  }
}

void TcpProxy::Pump(Connection& connection, int from, int to) {
  std::array<char, kAtOnce> buffer;
  while (true) {
    // Waits for something to pass before it pauses: a quiet line is not a slow one.
    if (recv(from, buffer.data(), 1, MSG_PEEK) <= 0) break;
    const ssize_t size = recv(from, buffer.data(), NextChunk(connection), 0);
    if (size <= 0 || !SendAll(to, buffer.data(), static_cast<size_t>(size))) break;
  }
  connection.End();
}

size_t TcpProxy::NextChunk(const Connection& connection) {
  const absl::Time begun = absl::Now();
  while (true) {
    {
      MutexLock lock(&mutex_);
      if (connection.ended || absl::Now() - begun >= pause_) {
        return std::min(bytes_, kAtOnce);
      }
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
}

}  // namespace klynge::testing
