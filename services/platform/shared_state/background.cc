#include "services/platform/shared_state/background.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "services/platform/rpc/status.h"
#include "services/platform/shared_state/keys.h"
#include "services/platform/shared_state/sentinel.h"
#include "services/platform/telemetry/log.h"

namespace klynge::shared_state {
namespace {

constexpr absl::Duration kRetry = absl::Milliseconds(250);
constexpr std::chrono::seconds kTick(1);
// A failover that cut nobody's connection is noticed after so many ticks.
constexpr int kTicksBetweenSentinels = 5;
constexpr int kUnansweredPings = 3;
constexpr size_t kMaxAnswerBytes = 8 << 20;

using SteadyTime = std::chrono::steady_clock::time_point;

int MillisecondsUntil(SteadyTime time) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(time - std::chrono::steady_clock::now());
  return static_cast<int>(std::max<int64_t>(0, left.count()));
}

}  // namespace

SharedState::Background::Background(Address address, const Options& options)
    : address_(std::move(address)),
      login_{options.password, address_.database},
      timeout_(options.timeout),
      wake_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      commands_(clock_, [this] { Wake(); }),
      outbox_(address_.database, kMaxAnswerBytes),
      thread_([this] { Run(); }) {}

SharedState::Background::~Background() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  Wake();
  thread_.join();
  close(wake_fd_);
}

void SharedState::Background::Wake() {
  const uint64_t one = 1;
  // It fails only when the counter is full, and then the thread is awake.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
}

void SharedState::Background::Listen(const std::string& channel,
                                     std::function<void(int64_t)> listener) {
  MutexLock lock(&listeners_mutex_);
  listeners_.emplace(channel, std::move(listener));
}

void SharedState::Background::ForgetListeners() {
  MutexLock lock(&listeners_mutex_);
  listeners_.clear();
}

bool SharedState::Background::stopping() const {
  MutexLock lock(&mutex_);
  return stopping_;
}

bool SharedState::Background::Pause(absl::Duration duration) {
  MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&stopping_), duration);
}

void SharedState::Background::LogChange(bool there, const std::string& what) {
  if (logged_ == what) return;
  logged_ = what;
  telemetry::Log(there ? telemetry::Level::kInfo : telemetry::Level::kWarning,
                 there ? "Redis is there" : "Redis is away", {{there ? "address" : "error", what}});
}

void SharedState::Background::Run() {
  while (!stopping()) {
    auto connections = Connect();
    if (!connections.ok()) {
      LogChange(false, std::string(connections.status().message()));
      if (Pause(kRetry)) return;
      continue;
    }
    commands_.Use(std::move(connections->commands));
    LogChange(true, ToString(connections->endpoint));
    Tell("", 0);
    const absl::Status ended = Work(*connections->subscription, connections->endpoint);
    commands_.Drop();
    if (!ended.ok()) LogChange(false, std::string(ended.message()));
  }
}

absl::StatusOr<SharedState::Background::Connections> SharedState::Background::Connect() const {
  Connections connections;
  connections.endpoint = address_.endpoints.front();
  if (address_.through_sentinel()) {
    KLYNGE_ASSIGN_OR_RETURN(connections.endpoint, FindPrimary(address_, login_.password, timeout_));
  }
  KLYNGE_ASSIGN_OR_RETURN(connections.commands,
                          Connection::Open(connections.endpoint, login_, timeout_));
  if (address_.through_sentinel()) KLYNGE_RETURN_IF_ERROR(VerifyPrimary(*connections.commands));
  KLYNGE_ASSIGN_OR_RETURN(connections.subscription,
                          Connection::Open(connections.endpoint, login_, timeout_));
  const std::vector<Command> subscribe = {
      {"PSUBSCRIBE", absl::StrCat(ChannelPrefix(address_.database), "*")}};
  KLYNGE_ASSIGN_OR_RETURN(const auto replies, connections.subscription->Exchange(subscribe));
  if (const std::string error = ErrorOf(*replies[0]); !error.empty()) {
    return absl::FailedPreconditionError(absl::StrCat("Redis refuses: ", error));
  }
  return connections;
}

absl::Status SharedState::Background::Work(Connection& subscription, const Endpoint& endpoint) {
  unanswered_pings_ = 0;
  SteadyTime next_tick = std::chrono::steady_clock::now() + kTick;
  while (!stopping()) {
    pollfd wait[] = {{subscription.fd(), POLLIN, 0}, {wake_fd_, POLLIN, 0}};
    poll(wait, 2, MillisecondsUntil(next_tick));
    if (wait[0].revents != 0) {
      KLYNGE_ASSIGN_OR_RETURN(const Replies messages, subscription.Receive());
      HandleMessages(messages);
    }
    if (wait[1].revents != 0) {
      uint64_t wakes = 0;
      [[maybe_unused]] const ssize_t got = read(wake_fd_, &wakes, sizeof wakes);
      Publish();
    }
    if (std::chrono::steady_clock::now() >= next_tick) {
      next_tick = std::chrono::steady_clock::now() + kTick;
      KLYNGE_RETURN_IF_ERROR(Tick(subscription, endpoint));
    }
    if (!commands_.connected()) return absl::UnavailableError("Redis did not answer a command");
  }
  return absl::OkStatus();
}

void SharedState::Background::Publish() {
  std::vector<Command> commands = outbox_.TakeAll();
  if (commands.empty()) return;
  const auto count = static_cast<int64_t>(commands.size());
  if (!commands_.Run(std::move(commands)).ok()) CountDropped(count);
}

absl::Status SharedState::Background::Tick(Connection& subscription, const Endpoint& endpoint) {
  if (!commands_.Ping().ok()) return absl::UnavailableError("Redis did not answer a PING");
  // The subscription can be dead alone, by a firewall that forgot it.
  if (++unanswered_pings_ > kUnansweredPings) {
    return absl::UnavailableError("Redis does not answer on the subscribed connection");
  }
  KLYNGE_RETURN_IF_ERROR(subscription.Post({"PING"}));
  if (!address_.through_sentinel() || ++ticks_ % kTicksBetweenSentinels != 0) {
    return absl::OkStatus();
  }
  const auto primary = FindPrimary(address_, login_.password, timeout_);
  if (primary.ok() && !(*primary == endpoint)) {
    return absl::UnavailableError(absl::StrCat("the primary is now ", ToString(*primary)));
  }
  return absl::OkStatus();
}

// ["pmessage", pattern, channel, payload], or ["pong", ""].
void SharedState::Background::HandleMessages(const Replies& messages) {
  unanswered_pings_ = 0;
  for (const auto& message : messages) {
    if (message->type != REDIS_REPLY_ARRAY || message->elements != 4) continue;
    int64_t revision = 0;
    if (TextOf(*message->element[0]).value_or("") == "pmessage" &&
        absl::SimpleAtoi(TextOf(*message->element[3]).value_or(""), &revision)) {
      Tell(TextOf(*message->element[2]).value_or(""), revision);
    }
  }
}

void SharedState::Background::Tell(const std::string& channel, int64_t revision) {
  MutexLock lock(&listeners_mutex_);
  for (const auto& [name, listener] : listeners_) {
    if (channel.empty() || name == channel) listener(revision);
  }
}

}  // namespace klynge::shared_state
