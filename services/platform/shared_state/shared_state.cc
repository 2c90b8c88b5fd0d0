#include "services/platform/shared_state/shared_state.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <hiredis/hiredis.h>
#include <poll.h>

#include "services/platform/rpc/status.h"
#include "services/platform/telemetry/log.h"

namespace klynge::shared_state {
namespace {

constexpr absl::string_view kChannelPrefix = "klynge:revision:";
constexpr absl::Duration kRetry = absl::Milliseconds(250);
constexpr absl::Duration kPing = absl::Seconds(1);

// Stores only what is newer: whichever replica is late does not undo the other.
constexpr char kStoreIfNewer[] =
    "local held = redis.call('HGET', KEYS[1], 'revision') "
    "if held and tonumber(held) >= tonumber(ARGV[1]) then return 0 end "
    "redis.call('HSET', KEYS[1], 'revision', ARGV[1], 'bytes', ARGV[2]) return 1";

absl::Status Away() {
  return MakeRetryableStatus(absl::StatusCode::kUnavailable, "REDIS_UNAVAILABLE", "Redis is away",
                             kRetry);
}

std::string SnapshotKey(const std::string& name) { return absl::StrCat("klynge:snapshot:", name); }

bool Ok(redisReply* reply) {
  const bool ok = reply != nullptr && reply->type != REDIS_REPLY_ERROR;
  if (reply != nullptr && !ok) {
    telemetry::Log(telemetry::Level::kWarning, "Redis refused", {{"error", reply->str}});
  }
  if (reply != nullptr) freeReplyObject(reply);
  return ok;
}

redisReply* Send(redisContext* context, const std::vector<std::string>& arguments) {
  std::vector<const char*> words;
  std::vector<size_t> sizes;
  for (const auto& argument : arguments) {
    words.push_back(argument.data());
    sizes.push_back(argument.size());
  }
  return static_cast<redisReply*>(
      redisCommandArgv(context, static_cast<int>(words.size()), words.data(), sizes.data()));
}

}  // namespace

struct SharedState::Reply {
  std::unique_ptr<redisReply, void (*)(void*)> reply{nullptr, freeReplyObject};
};

SharedState::SharedState(const Options& options)
    : options_(options), commands_(nullptr, redisFree) {
  if (!options_.address.empty()) background_ = std::thread([this] { Run(); });
}

SharedState::~SharedState() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (background_.joinable()) background_.join();
}

bool SharedState::connected() const {
  MutexLock lock(&mutex_);
  return commands_ != nullptr;
}

SharedState::Connection SharedState::Connect() const {
  const std::pair<std::string, std::string> parts =
      absl::StartsWith(options_.address, "unix:")
          ? std::pair<std::string, std::string>(options_.address, "")
          : std::pair<std::string, std::string>(
                absl::StrSplit(options_.address, absl::MaxSplits('/', 1)));
  const auto timeout = absl::ToTimeval(options_.timeout);
  Connection connection(nullptr, redisFree);
  if (absl::StartsWith(parts.first, "unix:")) {
    connection.reset(redisConnectUnixWithTimeout(parts.first.c_str() + 5, timeout));
  } else {
    const size_t colon = parts.first.rfind(':');
    int port = 6379;
    if (colon != std::string::npos && !absl::SimpleAtoi(parts.first.substr(colon + 1), &port)) {
      return {nullptr, redisFree};
    }
    connection.reset(redisConnectWithTimeout(parts.first.substr(0, colon).c_str(), port, timeout));
  }
  if (!connection || connection->err != 0) return {nullptr, redisFree};
  redisSetTimeout(connection.get(), timeout);
  if (!options_.password.empty()) {
    std::vector<std::string> auth = {"AUTH"};
    for (auto word : absl::StrSplit(options_.password, ' ')) auth.emplace_back(word);
    if (!Ok(Send(connection.get(), auth))) return {nullptr, redisFree};
  }
  if (!parts.second.empty() && !Ok(Send(connection.get(), {"SELECT", parts.second}))) {
    return {nullptr, redisFree};
  }
  return connection;
}

absl::StatusOr<SharedState::Reply> SharedState::Command(const std::vector<std::string>& arguments) {
  MutexLock lock(&mutex_);
  if (!commands_) return Away();
  Reply answer;
  answer.reply.reset(Send(commands_.get(), arguments));
  if (!answer.reply) {
    commands_.reset();  // the background thread connects anew
    return Away();
  }
  if (answer.reply->type == REDIS_REPLY_ERROR) {
    telemetry::Log(telemetry::Level::kWarning, "Redis refused", {{"error", answer.reply->str}});
    return Away();
  }
  return answer;
}

absl::Status SharedState::PublishSnapshot(const std::string& name, int64_t revision,
                                          const std::string& bytes) {
  return Command({"EVAL", kStoreIfNewer, "1", SnapshotKey(name), absl::StrCat(revision), bytes})
      .status();
}

absl::StatusOr<Snapshot> SharedState::FetchSnapshot(const std::string& name) {
  KLYNGE_ASSIGN_OR_RETURN(auto answer, Command({"HMGET", SnapshotKey(name), "revision", "bytes"}));
  const redisReply& reply = *answer.reply;
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 2 ||
      reply.element[0]->type != REDIS_REPLY_STRING ||
      reply.element[1]->type != REDIS_REPLY_STRING) {
    return absl::NotFoundError("no snapshot in Redis");
  }
  Snapshot snapshot;
  if (!absl::SimpleAtoi(absl::string_view(reply.element[0]->str, reply.element[0]->len),
                        &snapshot.revision)) {
    return absl::NotFoundError("no snapshot in Redis");
  }
  snapshot.bytes.assign(reply.element[1]->str, reply.element[1]->len);
  return snapshot;
}

absl::Status SharedState::PublishRevision(const std::string& service, int64_t revision) {
  return Command({"PUBLISH", absl::StrCat(kChannelPrefix, service), absl::StrCat(revision)})
      .status();
}

void SharedState::OnRevision(const std::string& service, std::function<void(int64_t)> listener) {
  MutexLock lock(&listeners_mutex_);
  listeners_.emplace(absl::StrCat(kChannelPrefix, service), std::move(listener));
}

void SharedState::ForgetListeners() {
  MutexLock lock(&listeners_mutex_);
  listeners_.clear();
}

bool SharedState::StoppingWithin(absl::Duration wait) {
  MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&stopping_), wait);
}

// Keeps both connections: one for commands, one that listens.
void SharedState::Run() {
  bool away = true;
  while (!StoppingWithin(away ? kRetry : absl::ZeroDuration())) {
    Connection subscription = Connect();
    Connection commands = subscription ? Connect() : Connection(nullptr, redisFree);
    const bool was_away = away;
    away = true;
    if (commands &&
        Ok(Send(subscription.get(), {"PSUBSCRIBE", absl::StrCat(kChannelPrefix, "*")}))) {
      {
        MutexLock lock(&mutex_);
        commands_ = std::move(commands);
      }
      telemetry::Log(telemetry::Level::kInfo, "Redis is there");
      Tell("", 0);
      Listen(subscription.get());
      telemetry::Log(telemetry::Level::kWarning, "Redis is away");
    } else if (!was_away) {
      telemetry::Log(telemetry::Level::kWarning, "Redis cannot be reached");
    }
    MutexLock lock(&mutex_);
    commands_.reset();
  }
}

// Returns when either connection is lost or the process stops.
void SharedState::Listen(redisContext* subscription) {
  absl::Time asked = absl::Now();
  while (!StoppingWithin(absl::ZeroDuration())) {
    pollfd wait{subscription->fd, POLLIN, 0};
    const int ready = poll(&wait, 1, 100);
    if (ready > 0) {
      if (redisBufferRead(subscription) != REDIS_OK) return;
      HandleMessages(subscription);
      if (subscription->err != 0) return;
    }
    if (absl::Now() - asked > kPing) {
      asked = absl::Now();
      if (!Command({"PING"}).ok()) return;
    }
    if (!connected()) return;
  }
}

void SharedState::HandleMessages(redisContext* subscription) {
  void* raw = nullptr;
  while (redisGetReplyFromReader(subscription, &raw) == REDIS_OK && raw != nullptr) {
    const std::unique_ptr<redisReply, void (*)(void*)> reply(static_cast<redisReply*>(raw),
                                                             freeReplyObject);
    // ["pmessage", pattern, channel, payload]
    int64_t revision = 0;
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 4 &&
        absl::string_view(reply->element[0]->str) == "pmessage" &&
        absl::SimpleAtoi(reply->element[3]->str, &revision)) {
      Tell(reply->element[2]->str, revision);
    }
  }
}

// An empty channel means all of them.
void SharedState::Tell(const std::string& channel, int64_t revision) {
  MutexLock lock(&listeners_mutex_);
  for (const auto& [name, listener] : listeners_) {
    if (channel.empty() || name == channel) listener(revision);
  }
}

}  // namespace klynge::shared_state
