#include "services/platform/shared_state/shared_state.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/platform/rpc/status.h"
#include "services/platform/shared_state/background.h"
#include "services/platform/shared_state/keys.h"
#include "services/platform/telemetry/log.h"

namespace klynge::shared_state {
namespace {

// Adds, and gives a counter that was not there its lifetime. KEYS: the counters. ARGV: lifetime in
// ms, then one delta for each. One script, because a counter left without a lifetime never ends.
constexpr char kAddToCounters[] =
    "local totals = {} "
    "for i, key in ipairs(KEYS) do "
    "totals[i] = redis.call('INCRBY', key, ARGV[i + 1]) "
    "if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ARGV[1]) end "
    "end return totals";

}  // namespace

SharedState::SharedState(const Options& options) {
  if (options.address.empty()) return;
  auto address = ParseAddress(options.address);
  if (!address.ok()) {
    telemetry::Log(telemetry::Level::kError, "the address of Redis cannot be read",
                   {{"error", std::string(address.status().message())}});
    return;
  }
  background_ = std::make_unique<Background>(*std::move(address), options);
}

SharedState::~SharedState() = default;

bool SharedState::connected() const {
  return background_ != nullptr && background_->commands().connected() &&
         breaker() == BreakerState::kClosed;
}

BreakerState SharedState::breaker() const {
  return background_ == nullptr ? BreakerState::kClosed : background_->commands().breaker();
}

Counters SharedState::counters() const {
  if (background_ == nullptr) return {};
  const CommandPipeline::Counts counts = background_->commands().counts();
  return {counts.commands, counts.refused, counts.timeouts, counts.losses, background_->dropped()};
}

void SharedState::PublishSnapshot(const std::string& name, int64_t revision, std::string bytes) {
  if (background_ == nullptr) return;
  background_->outbox().PutSnapshot(name, revision, std::move(bytes));
  background_->Wake();
}

absl::StatusOr<Snapshot> SharedState::FetchSnapshot(const std::string& name) {
  if (background_ == nullptr) return Away();
  KLYNGE_ASSIGN_OR_RETURN(
      const auto replies,
      background_->commands().Run({{"HMGET", SnapshotKey(name), "revision", "bytes"}}));
  const redisReply& reply = *replies[0];
  const absl::Status none = absl::NotFoundError("no snapshot in Redis");
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 2) return none;
  const auto revision = TextOf(*reply.element[0]);
  auto bytes = TextOf(*reply.element[1]);
  Snapshot snapshot;
  if (!revision || !bytes || !absl::SimpleAtoi(*revision, &snapshot.revision)) return none;
  snapshot.bytes = *std::move(bytes);
  return snapshot;
}

void SharedState::PublishRevision(const std::string& service, int64_t revision) {
  if (background_ == nullptr) return;
  background_->outbox().PutRevision(service, revision);
  background_->Wake();
}

void SharedState::OnRevision(const std::string& service, std::function<void(int64_t)> listener) {
  if (background_ == nullptr) return;
  background_->Listen(RevisionChannel(background_->database(), service), std::move(listener));
}

void SharedState::OnSnapshot(const std::string& name, std::function<void(int64_t)> listener) {
  if (background_ == nullptr) return;
  background_->Listen(SnapshotChannel(background_->database(), name), std::move(listener));
}

void SharedState::ForgetListeners() {
  if (background_ != nullptr) background_->ForgetListeners();
}

absl::StatusOr<std::vector<int64_t>> SharedState::AddToCounters(
    const std::vector<std::pair<std::string, int64_t>>& deltas, absl::Duration ttl) {
  if (background_ == nullptr) return Away();
  if (deltas.empty()) return std::vector<int64_t>{};
  Command command = {"EVAL", kAddToCounters, absl::StrCat(deltas.size())};
  for (const auto& [name, delta] : deltas) command.push_back(CounterKey(name));
  command.push_back(absl::StrCat(std::max<int64_t>(1, absl::ToInt64Milliseconds(ttl))));
  for (const auto& [name, delta] : deltas) command.push_back(absl::StrCat(delta));
  KLYNGE_ASSIGN_OR_RETURN(const auto replies, background_->commands().Run({std::move(command)}));
  const redisReply& reply = *replies[0];
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != deltas.size()) return Away();
  std::vector<int64_t> totals;
  for (size_t i = 0; i < reply.elements; ++i) {
    totals.push_back(IntegerOf(*reply.element[i]).value_or(0));
  }
  return totals;
}

absl::StatusOr<std::string> SharedState::FetchAnswer(const std::string& key) {
  if (background_ == nullptr) return Away();
  KLYNGE_ASSIGN_OR_RETURN(const auto replies,
                          background_->commands().Run({{"GET", AnswerKey(key)}}));
  auto bytes = TextOf(*replies[0]);
  if (!bytes) return absl::NotFoundError("no such answer in Redis");
  return *std::move(bytes);
}

void SharedState::StoreAnswer(const std::string& key, std::string bytes, absl::Duration ttl) {
  if (background_ == nullptr) return;
  // While Redis is away there is nothing to wait for.
  if (!connected() || !background_->outbox().PutAnswer(key, std::move(bytes), ttl)) {
    background_->CountDropped(1);
    return;
  }
  background_->Wake();
}

}  // namespace klynge::shared_state
