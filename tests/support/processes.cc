#include "tests/support/processes.h"

#include <absl/random/random.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "services/platform/sql/postgres_session.h"

namespace klynge::testing {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

std::string PostgresProgram(const std::string& name) {
  for (int version = 20; version >= 13; --version) {
    const std::string path = absl::StrCat("/usr/lib/postgresql/", version, "/bin/", name);
    if (std::filesystem::exists(path)) return path;
  }
  Die("PostgreSQL is not installed: run deploy/install --tests");
}

// PostgreSQL refuses to run as root.
std::string PostgresUser() { return getuid() == 0 ? "postgres" : ""; }

void RunToEnd(const std::vector<std::string>& arguments, const std::string& log,
              const std::string& user) {
  ChildProcess process(arguments, log, user);
  if (const int code = process.Wait(); code != 0) {
    Die(absl::StrCat(absl::StrJoin(arguments, " "), ": exit ", code, ", see ", log));
  }
}

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A socket connected to the port on loopback, to be closed; -1 when nobody listens.
int ConnectTo(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

bool Accepts(int port) {
  const int fd = ConnectTo(port);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

bool IsFree(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(port);
  const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return bound;
}

// The process and those that it started.
std::vector<pid_t> WithChildren(pid_t parent) {
  std::vector<pid_t> family = {parent};
  std::ifstream children(absl::StrCat("/proc/", parent, "/task/", parent, "/children"));
  for (pid_t child; children >> child;) family.push_back(child);
  return family;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = std::filesystem::temp_directory_path() / "klynge-test-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) Die("cannot make a temporary directory");
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int FreePort() {
  absl::BitGen random;
  for (int tries = 0; tries < 1000; ++tries) {
    const int port = absl::Uniform(random, 15'000, 32'000);
    if (IsFree(port)) return port;
  }
  Die("no free port");
}

bool Eventually(absl::Duration wait, const std::function<bool()>& ready) {
  const absl::Time end = absl::Now() + wait;
  while (!ready()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const std::string& log,
                           const std::string& user) {
  // Everything that allocates happens before the fork: other threads may hold the allocator.
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const passwd* account = user.empty() ? nullptr : getpwnam(user.c_str());
  if (!user.empty() && account == nullptr) Die(absl::StrCat("no user ", user));
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  pid_ = fork();
  if (pid_ != 0) {
    close(output);
    return;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (account != nullptr && (setgid(account->pw_gid) != 0 || setuid(account->pw_uid) != 0))
    _exit(126);
  execvp(argv[0], argv.data());
  _exit(127);
}

ChildProcess::~ChildProcess() {
  if (!running()) return;
  Signal(SIGCONT);
  Signal(SIGKILL);
  Wait();
}

void ChildProcess::Signal(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

int ChildProcess::Wait() {
  int status = 0;
  if (pid_ > 0 && waitpid(pid_, &status, 0) == pid_) {
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    pid_ = -1;
  }
  return exit_code_;
}

bool ChildProcess::running() {
  int status = 0;
  if (pid_ > 0 && waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    pid_ = -1;
  }
  return pid_ > 0;
}

RedisServer::RedisServer(std::vector<std::string> arguments)
    : port_(FreePort()), arguments_(std::move(arguments)) {
  Start();
}

RedisServer::~RedisServer() = default;

std::string RedisServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

void RedisServer::Stop() { process_.reset(); }

void RedisServer::Start() {
  std::vector<std::string> command = {"redis-server",   "--port",    absl::StrCat(port_),
                                      "--bind",         "127.0.0.1", "--unixsocket",
                                      socket(),         "--save",    "",
                                      "--appendonly",   "no",        "--dir",
                                      directory_.path()};
  command.insert(command.end(), arguments_.begin(), arguments_.end());
  process_ = std::make_unique<ChildProcess>(command, directory_.path() + "/redis.log");
  if (!Eventually(absl::Seconds(10), [&] { return Accepts(port_); }))
    Die("redis-server: no answer");
}

void RedisServer::Pause() { process_->Signal(SIGSTOP); }
void RedisServer::Resume() { process_->Signal(SIGCONT); }

void RedisServer::Flush() {
  const int fd = ConnectTo(port_);
  constexpr absl::string_view kCommand = "FLUSHALL\r\n", kDone = "+OK\r\n";
  char answer[kDone.size()] = {};
  if (send(fd, kCommand.data(), kCommand.size(), MSG_NOSIGNAL) < 0 ||
      recv(fd, answer, sizeof answer, MSG_WAITALL) != sizeof answer ||
      absl::string_view(answer, sizeof answer) != kDone) {
    Die("redis-server: not emptied");
  }
  close(fd);
}

PostgresServer& PostgresServer::Shared() {
  static PostgresServer server(Durability::kNone);
  return server;
}

PostgresServer::PostgresServer(Durability durability) : durability_(durability), port_(FreePort()) {
  const std::string data = directory_.path() + "/data";
  std::filesystem::permissions(directory_.path(), std::filesystem::perms::all);
  RunToEnd({PostgresProgram("initdb"), "-D", data, "-U", "klynge", "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--locale=C.UTF-8"},
           directory_.path() + "/initdb.log", PostgresUser());
  Start();
}

PostgresServer::PostgresServer(StandbyOf following)
    : durability_(following.primary.durability_), port_(FreePort()) {
  std::filesystem::permissions(directory_.path(), std::filesystem::perms::all);
  RunToEnd(
      {PostgresProgram("pg_basebackup"), "-h", "127.0.0.1", "-p",
       absl::StrCat(following.primary.port_), "-U", "klynge", "-D", directory_.path() + "/data",
       "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"},
      directory_.path() + "/basebackup.log", PostgresUser());
  Start();
}

void PostgresServer::Start() {
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{PostgresProgram("postgres"), "-D", directory_.path() + "/data", "-p",
                               absl::StrCat(port_), "-h", "127.0.0.1", "-k", directory_.path(),
                               "-c", durability_ == Durability::kFull ? "fsync=on" : "fsync=off",
                               "-c", "max_connections=200"},
      directory_.path() + "/postgres.log", PostgresUser());
  const auto answers = [&] {
    return sql::OpenPostgresSession(Url("postgres"), absl::Now() + absl::Seconds(3)).ok();
  };
  if (!Eventually(absl::Seconds(30), answers)) {
    Die(absl::StrCat("postgres: no answer, see ", directory_.path(), "/postgres.log"));
  }
}

std::string PostgresServer::Url(const std::string& database) const {
  return absl::StrCat("postgresql://klynge@127.0.0.1:", port_, "/", database);
}

std::unique_ptr<sql::Session> PostgresServer::OpenAdministration() const {
  auto session = sql::OpenPostgresSession(Url("postgres"), absl::Now() + absl::Seconds(30));
  if (!session.ok()) Die("postgres cannot be reached");
  return *std::move(session);
}

std::string PostgresServer::NewDatabase() {
  const std::string name = absl::StrCat("test", ++databases_);
  const auto session = OpenAdministration();
  if (!session->Execute(absl::StrCat("CREATE DATABASE ", name)).ok()) Die("CREATE DATABASE failed");
  return Url(name);
}

void PostgresServer::Restart() {
  process_->Signal(SIGINT);
  process_->Wait();
  Start();
}

std::string PostgresServer::UrlHere(const std::string& url) const {
  return Url(url.substr(url.rfind('/') + 1));
}

void PostgresServer::Stop() {
  process_->Signal(SIGQUIT);
  process_->Wait();
}

void PostgresServer::Crash() {
  Stop();
  Start();
}

void PostgresServer::Pause() {
  // The parent first: it can then start no other.
  process_->Signal(SIGSTOP);
  for (const pid_t pid : WithChildren(process_->pid())) kill(pid, SIGSTOP);
}

void PostgresServer::Resume() {
  for (const pid_t pid : WithChildren(process_->pid())) kill(pid, SIGCONT);
}

int PostgresServer::TerminateBackends() {
  const auto ended = OpenAdministration()->Query(
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
      "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
  if (!ended.ok()) Die("pg_terminate_backend failed");
  return static_cast<int>((*ended)[0].Int(0));
}

}  // namespace klynge::testing
