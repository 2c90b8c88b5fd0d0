#include "services/platform/shared_state/outbox.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/platform/shared_state/keys.h"

namespace klynge::shared_state {
namespace {

constexpr absl::Duration kSnapshotLifetime = absl::Hours(24);

// Stores unless something newer is there, so that whichever replica is late does not undo the
// other, and tells of it in the same step: who hears of a snapshot finds it.
// KEYS: the snapshot. ARGV: revision, bytes, lifetime in ms, channel.
constexpr char kStoreUnlessNewer[] =
    "local held = redis.call('HGET', KEYS[1], 'revision') "
    "if held and tonumber(held) > tonumber(ARGV[1]) then return 0 end "
    "redis.call('HSET', KEYS[1], 'revision', ARGV[1], 'bytes', ARGV[2]) "
    "redis.call('PEXPIRE', KEYS[1], ARGV[3]) "
    "redis.call('PUBLISH', ARGV[4], ARGV[1]) "
    "return 1";

std::string Milliseconds(absl::Duration duration) {
  return absl::StrCat(std::max<int64_t>(1, absl::ToInt64Milliseconds(duration)));
}

}  // namespace

void Outbox::PutRevision(const std::string& service, int64_t revision) {
  MutexLock lock(&mutex_);
  int64_t& newest = revisions_[service];
  newest = std::max(newest, revision);
}

void Outbox::PutSnapshot(const std::string& name, int64_t revision, std::string bytes) {
  MutexLock lock(&mutex_);
  WaitingSnapshot& newest = snapshots_[name];
  if (revision >= newest.revision) newest = {revision, std::move(bytes)};
}

bool Outbox::PutAnswer(const std::string& key, std::string bytes, absl::Duration ttl) {
  MutexLock lock(&mutex_);
  if (answer_bytes_ + bytes.size() > max_answer_bytes_) return false;
  answer_bytes_ += bytes.size();
  answers_.push_back({"SET", AnswerKey(key), std::move(bytes), "PX", Milliseconds(ttl)});
  return true;
}

std::vector<Command> Outbox::TakeAll() {
  MutexLock lock(&mutex_);
  std::vector<Command> commands;
  for (const auto& [service, revision] : revisions_) {
    commands.push_back({"PUBLISH", RevisionChannel(database_, service), absl::StrCat(revision)});
  }
  for (auto& [name, snapshot] : snapshots_) {
    commands.push_back({"EVAL", kStoreUnlessNewer, "1", SnapshotKey(name),
                        absl::StrCat(snapshot.revision), std::move(snapshot.bytes),
                        Milliseconds(kSnapshotLifetime), SnapshotChannel(database_, name)});
  }
  std::move(answers_.begin(), answers_.end(), std::back_inserter(commands));
  revisions_.clear();
  snapshots_.clear();
  answers_.clear();
  answer_bytes_ = 0;
  return commands;
}

}  // namespace klynge::shared_state
