#include "services/platform/shared_state/sentinel.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "services/platform/rpc/status.h"

namespace klynge::shared_state {
namespace {

absl::StatusOr<std::unique_ptr<Connection>> OpenSentinel(const Endpoint& sentinel,
                                                         const std::string& password,
                                                         absl::Duration timeout) {
  auto connection = Connection::Open(sentinel, {}, timeout);
  if (connection.ok() || password.empty() || !absl::IsFailedPrecondition(connection.status())) {
    return connection;
  }
  return Connection::Open(sentinel, {password}, timeout);
}

absl::StatusOr<Endpoint> Ask(const Endpoint& sentinel, const std::string& name,
                             const std::string& password, absl::Duration timeout) {
  KLYNGE_ASSIGN_OR_RETURN(const auto connection, OpenSentinel(sentinel, password, timeout));
  const std::vector<Command> question = {{"SENTINEL", "get-master-addr-by-name", name}};
  KLYNGE_ASSIGN_OR_RETURN(const auto replies, connection->Exchange(question));
  const redisReply& reply = *replies[0];
  if (const std::string error = ErrorOf(reply); !error.empty()) {
    return absl::FailedPreconditionError(error);
  }
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 2) {
    return absl::NotFoundError(absl::StrCat("knows no primary \"", name, "\""));
  }
  Endpoint primary;
  primary.host = TextOf(*reply.element[0]).value_or("");
  if (!absl::SimpleAtoi(TextOf(*reply.element[1]).value_or(""), &primary.port)) {
    return absl::InternalError("names a primary without a port");
  }
  return primary;
}

}  // namespace

absl::StatusOr<Endpoint> FindPrimary(const Address& address, const std::string& password,
                                     absl::Duration timeout) {
  std::vector<std::string> answers;
  for (const auto& sentinel : address.endpoints) {
    const auto primary = Ask(sentinel, address.primary_name, password, timeout);
    if (primary.ok()) return primary;
    answers.push_back(absl::StrCat(ToString(sentinel), ": ", primary.status().message()));
  }
  return absl::UnavailableError(
      absl::StrCat("no Sentinel tells where Redis is: ", absl::StrJoin(answers, "; ")));
}

absl::Status VerifyPrimary(Connection& connection) {
  const std::vector<Command> question = {{"ROLE"}};
  KLYNGE_ASSIGN_OR_RETURN(const auto replies, connection.Exchange(question));
  if (const std::string error = ErrorOf(*replies[0]); !error.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("ROLE is refused, which Sentinel needs (access rule +role): ", error));
  }
  const redisReply& role = *replies[0];
  if (role.type != REDIS_REPLY_ARRAY || role.elements == 0 ||
      TextOf(*role.element[0]) != absl::optional<std::string>("master")) {
    return absl::UnavailableError("the Redis that Sentinel named is not the primary");
  }
  return absl::OkStatus();
}

}  // namespace klynge::shared_state
