#include "services/platform/shared_state/connection.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "services/platform/rpc/status.h"

namespace klynge::shared_state {
namespace {

absl::Status Lost(absl::string_view why) {
  return absl::UnavailableError(absl::StrCat("the connection to Redis is lost: ", why));
}

absl::Status Late(absl::Duration waited) {
  return absl::DeadlineExceededError(
      absl::StrCat("Redis did not answer within ", absl::FormatDuration(waited)));
}

void AppendCommand(const Command& command, std::string& bytes) {
  absl::StrAppend(&bytes, "*", command.size(), "\r\n");
  for (const auto& word : command) {
    absl::StrAppend(&bytes, "$", word.size(), "\r\n", word, "\r\n");
  }
}

}  // namespace

absl::optional<std::string> TextOf(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_STRING && reply.type != REDIS_REPLY_STATUS) return absl::nullopt;
  return std::string(reply.str, reply.len);
}

absl::optional<int64_t> IntegerOf(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_INTEGER) return absl::nullopt;
  return reply.integer;
}

std::string ErrorOf(const redisReply& reply) {
  return reply.type == REDIS_REPLY_ERROR ? std::string(reply.str, reply.len) : "";
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Endpoint& endpoint,
                                                             const Login& login,
                                                             absl::Duration timeout) {
  const timeval wait = absl::ToTimeval(timeout);
  redisContext* context = endpoint.path.empty()
                              ? redisConnectWithTimeout(endpoint.host.c_str(), endpoint.port, wait)
                              : redisConnectUnixWithTimeout(endpoint.path.c_str(), wait);
  if (context == nullptr) return absl::UnavailableError("no memory for a connection");
  std::unique_ptr<Connection> connection(new Connection(context, timeout));
  if (context->err != 0) {
    return absl::UnavailableError(absl::StrCat(ToString(endpoint), ": ", context->errstr));
  }
  KLYNGE_RETURN_IF_ERROR(connection->Introduce(login));
  return connection;
}

Connection::~Connection() { redisFree(context_); }

// The last word is a PING: a Redis that takes connections but does not answer is not there.
absl::Status Connection::Introduce(const Login& login) {
  std::vector<Command> commands;
  if (!login.password.empty()) {
    commands.push_back({"AUTH"});
    for (auto word : absl::StrSplit(login.password, absl::MaxSplits(' ', 1))) {
      commands.back().emplace_back(word);
    }
  }
  if (login.database != 0) commands.push_back({"SELECT", absl::StrCat(login.database)});
  commands.push_back({"PING"});
  KLYNGE_ASSIGN_OR_RETURN(const auto replies, Exchange(commands));
  for (const auto& reply : replies) {
    if (const std::string error = ErrorOf(*reply); !error.empty()) {
      return absl::FailedPreconditionError(absl::StrCat("Redis refuses: ", error));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Replies> Connection::Exchange(const std::vector<Command>& commands) {
  std::vector<const Command*> pointers;
  for (const auto& command : commands) pointers.push_back(&command);
  return Exchange(pointers);
}

absl::StatusOr<Replies> Connection::Exchange(absl::Span<const Command* const> commands) {
  // Not absl::Now(): the machine's clock may be set meanwhile.
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(10 * timeout_);
  std::string bytes;
  for (const Command* command : commands) AppendCommand(*command, bytes);
  KLYNGE_RETURN_IF_ERROR(Send(bytes));
  Replies replies;
  while (replies.size() < commands.size()) {
    KLYNGE_ASSIGN_OR_RETURN(Reply reply, Next());
    if (reply != nullptr) {
      replies.push_back(std::move(reply));
      continue;
    }
    if (std::chrono::steady_clock::now() > end) return Late(10 * timeout_);
    KLYNGE_RETURN_IF_ERROR(Wait(POLLIN));
    KLYNGE_RETURN_IF_ERROR(Read());
  }
  return replies;
}

absl::Status Connection::Post(const Command& command) {
  std::string bytes;
  AppendCommand(command, bytes);
  return Send(bytes);
}

absl::StatusOr<Replies> Connection::Receive() {
  KLYNGE_RETURN_IF_ERROR(Read());
  std::vector<Reply> replies;
  while (true) {
    KLYNGE_ASSIGN_OR_RETURN(Reply reply, Next());
    if (reply == nullptr) return replies;
    replies.push_back(std::move(reply));
  }
}

// Not hiredis's own write: that one lets a lost connection end the process with SIGPIPE.
absl::Status Connection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      KLYNGE_RETURN_IF_ERROR(Wait(POLLOUT));
    } else if (errno != EINTR) {
      return Lost(std::strerror(errno));
    }
  }
  return absl::OkStatus();
}

absl::Status Connection::Read() {
  char bytes[64 << 10];
  const ssize_t got = recv(fd(), bytes, sizeof bytes, MSG_DONTWAIT);
  if (got == 0) return Lost("Redis closed it");
  if (got < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return absl::OkStatus();
    return Lost(std::strerror(errno));
  }
  if (redisReaderFeed(context_->reader, bytes, static_cast<size_t>(got)) != REDIS_OK) {
    return Lost(context_->reader->errstr);
  }
  return absl::OkStatus();
}

absl::Status Connection::Wait(short events) {
  pollfd wait{fd(), events, 0};
  const int ready = poll(&wait, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout_)));
  if (ready > 0 || (ready < 0 && errno == EINTR)) return absl::OkStatus();
  if (ready < 0) return Lost(std::strerror(errno));
  return Late(timeout_);
}

// The next whole reply of what was read; null when more has to be read first.
absl::StatusOr<Reply> Connection::Next() {
  void* reply = nullptr;
  if (redisReaderGetReply(context_->reader, &reply) != REDIS_OK) {
    return Lost(context_->reader->errstr);
  }
  return Reply(static_cast<redisReply*>(reply));
}

}  // namespace klynge::shared_state
