#include "services/organisation/watch_hub.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "klynge/organisation/v1/errors.pb.h"
#include "services/platform/rpc/status.h"
#include "services/platform/telemetry/log.h"

namespace klynge::organisation {
namespace {

// Changes read from the database at a time, and messages that may wait for a watcher meanwhile.
constexpr int64_t kChunk = 500;
constexpr size_t kRoom = 1'000;
// How soon a watcher that lags is looked at again.
constexpr absl::Duration kLagPause = absl::Milliseconds(5);
constexpr absl::Duration kPoll = absl::Seconds(1);
constexpr int64_t kWholeRevision = std::numeric_limits<int64_t>::max();

absl::Status Stopping(int64_t revision) {
  return MakeRetryableStatus(
      absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
      absl::StrCat("the service stops; watch again from revision ", revision), absl::Seconds(1),
      {{"since_revision", absl::StrCat(revision)}});
}

}  // namespace

WatchHub::WatchHub(sql::Database& database, WatchOptions options)
    : database_(database), options_(options), thread_([this] { Run(); }) {}

WatchHub::~WatchHub() { Close(); }

void WatchHub::Close() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  MutexLock closing(&closing_);
  if (thread_.joinable()) thread_.join();
}

void WatchHub::Add(int64_t since_revision, std::shared_ptr<Stream> stream) {
  {
    MutexLock lock(&mutex_);
    if (!stopping_) {
      Watcher& watcher = arriving_.emplace_back();
      watcher.stream = std::move(stream);
      watcher.position = {since_revision, kWholeRevision};
      watcher.checkpoint = since_revision;
      newest_ = std::max(newest_, since_revision);
      woken_ = true;
      return;
    }
  }
  stream->Finish(Stopping(since_revision));
}

void WatchHub::NotifyRevision(int64_t revision) {
  MutexLock lock(&mutex_);
  newest_ = std::max(newest_, revision);
  woken_ = true;
}

void WatchHub::Run() {
  absl::Time polled = absl::InfinitePast();
  bool lags = false;
  const auto awake = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return woken_ || stopping_; };
  while (true) {
    {
      MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&awake), lags ? kLagPause : kPoll);
      if (stopping_) break;
      woken_ = false;
      watchers_.splice(watchers_.end(), arriving_);
    }
    if (!watchers_.empty() && absl::Now() - polled > kPoll) {
      polled = absl::Now();
      Poll();
    }
    lags = ServeAll();
  }
  MutexLock lock(&mutex_);
  watchers_.splice(watchers_.end(), arriving_);
  for (Watcher& watcher : watchers_) {
    watcher.stream->Finish(Stopping(watcher.checkpoint));
  }
}

// Revisions that other replicas made while Redis was away.
void WatchHub::Poll() {
  const auto revision = database_.Revision(absl::Now() + kPoll);
  if (!revision.ok()) return;
  MutexLock lock(&mutex_);
  newest_ = std::max(newest_, *revision);
}

bool WatchHub::ServeAll() {
  bool some_lag = false;
  for (auto watcher = watchers_.begin(); watcher != watchers_.end();) {
    bool lags = false;
    const bool goes_on = Serve(*watcher, lags);
    some_lag = some_lag || (goes_on && lags);
    watcher = goes_on ? std::next(watcher) : watchers_.erase(watcher);
  }
  return some_lag;
}

bool WatchHub::Serve(Watcher& watcher, bool& lags) {
  if (watcher.stream->cancelled()) return false;
  if (watcher.stream->queued() >= kRoom) {
    lags = true;
    return LetGoIfTooSlow(watcher);
  }
  watcher.blocked = false;
  int64_t newest = 0;
  {
    MutexLock lock(&mutex_);
    newest = newest_;
  }
  const bool has_all =
      watcher.position.revision >= newest && watcher.position.sequence == kWholeRevision;
  if (!has_all) return SendChanges(watcher, lags);
  const bool silent = absl::Now() - watcher.last_sent >= options_.heartbeat;
  if (!watcher.greeted || (silent && watcher.stream->queued() == 0)) {
    return SendCheckpoint(watcher, watcher.position.revision);
  }
  return true;
}

bool WatchHub::SendChanges(Watcher& watcher, bool& lags) {
  std::vector<v1::OrganisationChange> changes;
  int64_t newest = 0;
  const absl::Status read =
      database_.Read(absl::Now() + absl::Seconds(5), [&](sql::Session& session) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(const auto rows,
                                session.Query("SELECT revision FROM klynge_revision"));
        newest = rows.at(0).Int(0);
        KLYNGE_ASSIGN_OR_RETURN(changes, ReadChanges(session, watcher.position, kChunk));
        return absl::OkStatus();
      });
  if (!read.ok()) {
    telemetry::Log(telemetry::Level::kWarning, "the history cannot be read, trying again",
                   {{"error", read.ToString()}});
    return true;
  }
  for (v1::OrganisationChange& change : changes) {
    const ChangePosition next{change.revision(), change.sequence()};
    // A change of the next revision shows that the one before is complete.
    const bool completes =
        watcher.position.sequence != kWholeRevision && next.revision > watcher.position.revision;
    if (completes && !SendCheckpoint(watcher, watcher.position.revision)) return false;
    v1::WatchOrganisationResponse message;
    *message.mutable_change() = std::move(change);
    if (!watcher.stream->Send(std::move(message))) return false;
    watcher.position = next;
    watcher.last_sent = absl::Now();
  }
  lags = static_cast<int64_t>(changes.size()) == kChunk;
  if (lags) return true;
  watcher.position = {newest, kWholeRevision};
  return SendCheckpoint(watcher, newest);
}

bool WatchHub::SendCheckpoint(Watcher& watcher, int64_t revision) {
  const absl::Time now = absl::Now();
  v1::WatchOrganisationResponse message;
  v1::Checkpoint* checkpoint = message.mutable_checkpoint();
  checkpoint->set_revision(revision);
  checkpoint->mutable_send_time()->set_seconds(absl::ToUnixSeconds(now));
  watcher.checkpoint = revision;
  watcher.greeted = true;
  watcher.last_sent = now;
  return watcher.stream->Send(std::move(message));
}

bool WatchHub::LetGoIfTooSlow(Watcher& watcher) {
  const absl::Time now = absl::Now();
  if (!watcher.blocked) {
    watcher.blocked = true;
    watcher.waiting_since = now;
  }
  if (now - watcher.waiting_since < options_.patience) return true;
  watcher.stream->Finish(ResourceExhausted(
      v1::ERROR_REASON_WATCHER_TOO_SLOW,
      absl::StrCat("nothing was read for ", absl::FormatDuration(options_.patience),
                   "; watch again from the revision of the last checkpoint you received"),
      absl::Seconds(1)));
  return false;
}

}  // namespace klynge::organisation
