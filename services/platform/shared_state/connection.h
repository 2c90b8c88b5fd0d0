// One connection to Redis, in the plain words of its protocol: commands out, replies in.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <absl/types/optional.h>
#include <absl/types/span.h>
#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <vector>

#include "services/platform/shared_state/address.h"

namespace klynge::shared_state {

using Command = std::vector<std::string>;  // {"GET", "key"}

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;
using Replies = std::vector<Reply>;

// The text of a string or status reply; nothing for any other.
absl::optional<std::string> TextOf(const redisReply& reply);
absl::optional<int64_t> IntegerOf(const redisReply& reply);
// The message of an error reply ("OOM command not allowed …"), "" for any other.
std::string ErrorOf(const redisReply& reply);

struct Login {
  std::string password;  // "", "password" or "user password"
  int database = 0;
};

// Not thread-safe. After an error it is of no more use: replies may still be on their way.
class Connection {
 public:
  // Connects, logs in and selects the database. `timeout` bounds each of these steps.
  // kUnavailable when nobody answers, kDeadlineExceeded when not in time, kFailedPrecondition when
  // Redis refuses (password, database index), with its words.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Endpoint& endpoint,
                                                          const Login& login,
                                                          absl::Duration timeout);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends all commands at once and waits for as many replies, in order; error replies are among
  // them. kDeadlineExceeded when nothing moves for the timeout, or not all is there after ten
  // times that; kUnavailable when the connection is lost.
  absl::StatusOr<Replies> Exchange(absl::Span<const Command* const> commands);
  absl::StatusOr<Replies> Exchange(const std::vector<Command>& commands);
  // Sends a command without waiting for its reply, which Receive() will bring.
  absl::Status Post(const Command& command);
  // What Redis says of itself, on a subscribed connection: reads what is there after poll() found
  // something on fd(). kUnavailable when the connection is lost.
  absl::StatusOr<Replies> Receive();
  int fd() const { return context_->fd; }

 private:
  Connection(redisContext* context, absl::Duration timeout)
      : context_(context), timeout_(timeout) {}

  absl::Status Introduce(const Login& login);
  absl::Status Send(absl::string_view bytes);
  absl::Status Read();
  absl::Status Wait(short events);
  absl::StatusOr<Reply> Next();

  redisContext* const context_;
  const absl::Duration timeout_;
};

}  // namespace klynge::shared_state
