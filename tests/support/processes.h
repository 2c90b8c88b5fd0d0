// Real servers for tests: child processes, a Redis and a PostgreSQL of their own, ports and folders
// that nobody else uses.
#pragma once

#include <absl/time/time.h>
#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace klynge::sql {
class Session;
}

namespace klynge::testing {

// A new folder under the system's temporary one, removed with everything in it at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A TCP port on loopback that was free a moment ago; below those that the system hands out to
// clients, so that a server can be stopped and come back on it.
int FreePort();

// Calls `ready` every 20 ms until it is true; false when `wait` has passed.
bool Eventually(absl::Duration wait, const std::function<bool()>& ready);

// A running program; killed at the end.
class ChildProcess {
 public:
  // Starts `arguments[0]`, found on the PATH; output goes to `log`. `user`: run as this user when
  // the tests run as root; "" = as the tests do.
  ChildProcess(const std::vector<std::string>& arguments, const std::string& log,
               const std::string& user = "");
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void Signal(int signal);
  // Waits for the end; the exit code, or 128 + the signal that ended it.
  int Wait();
  bool running();
  // -1 once it has ended and that was noticed.
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int exit_code_ = -1;
};

// A redis-server without persistence.
class RedisServer {
 public:
  // `arguments` are added to its command line: {"--requirepass", "secret"}.
  explicit RedisServer(std::vector<std::string> arguments = {});
  ~RedisServer();
  std::string address() const;
  int port() const { return port_; }
  // It answers on a Unix socket too; the path.
  std::string socket() const { return directory_.path() + "/redis.sock"; }
  void Stop();  // as kill -9 does
  void Start();
  void Pause();
  void Resume();
  void Flush();  // FLUSHALL

 private:
  TemporaryDirectory directory_;
  const int port_;
  const std::vector<std::string> arguments_;
  std::unique_ptr<ChildProcess> process_;
};

// A PostgreSQL server, one for the test binary.
class PostgresServer {
 public:
  enum class Durability {
    kNone,  // fsync off: all that tests of behaviour need
    kFull,  // as installed: a commit is on the disk before it is answered
  };
  static PostgresServer& Shared();
  // One of its own, ended with this.
  explicit PostgresServer(Durability durability);
  // A standby: it copies `primary` with all its databases, follows it by streaming replication and
  // can only be read.
  struct StandbyOf {
    const PostgresServer& primary;
  };
  explicit PostgresServer(StandbyOf following);
  // The URL of a new, empty database.
  std::string NewDatabase();
  // The URL on this server of the database that has this URL on another.
  std::string UrlHere(const std::string& url) const;
  // Ends at once ("immediate" mode).
  void Stop();
  void Start();
  // Stops and starts the server as an operator would ("fast" mode).
  void Restart();
  // Ends as if the machine had lost what was not written, and starts again ("immediate" mode).
  void Crash();
  // Stops the server and everything that serves a connection, and lets them go on.
  void Pause();
  void Resume();
  // Ends all connections but its own with pg_terminate_backend; how many there were.
  int TerminateBackends();

 private:
  std::string Url(const std::string& database) const;
  std::unique_ptr<sql::Session> OpenAdministration() const;

  const Durability durability_;
  TemporaryDirectory directory_;
  const int port_;
  int databases_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace klynge::testing
