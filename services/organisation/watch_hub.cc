#include "services/organisation/watch_hub.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "klynge/organisation/v1/errors.pb.h"
#include "services/organisation/effects.h"
#include "services/platform/rpc/status.h"
#include "services/platform/steady_clock.h"
#include "services/platform/telemetry/log.h"

namespace klynge::organisation {
namespace {

// Changes read from the database at a time, and messages that may wait for a watcher meanwhile.
constexpr int64_t kChunk = 500;
constexpr size_t kRoom = 1'000;
// How soon a watcher that lags is looked at again.
constexpr absl::Duration kLagPause = absl::Milliseconds(5);
constexpr absl::Duration kPoll = absl::Seconds(1);
constexpr absl::Duration kPatience = absl::Seconds(5);
constexpr int64_t kWholeRevision = std::numeric_limits<int64_t>::max();

absl::Status Stopping(int64_t revision, Date effective) {
  return MakeRetryableStatus(
      absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
      absl::StrCat("the service stops; watch again from revision ", revision), absl::Seconds(1),
      {{"since_revision", absl::StrCat(revision)}, {"effective_after", FormatDate(effective)}});
}

}  // namespace

WatchHub::WatchHub(sql::Database& database, sql::Revisioned<Tree>& trees, WatchOptions options)
    : database_(database), trees_(trees), options_(options), thread_([this] { Run(); }) {}

WatchHub::~WatchHub() { Close(); }

void WatchHub::Close() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  MutexLock closing(&closing_);
  if (thread_.joinable()) thread_.join();
}

void WatchHub::Add(const v1::WatchOrganisationRequest& request, std::shared_ptr<Stream> stream) {
  const int64_t since = request.since_revision();
  const Date effective = ParseDate(request.effective_after()).value_or(Today(database_.clock()));
  {
    MutexLock lock(&mutex_);
    if (!stopping_) {
      Watcher& watcher = arriving_.emplace_back();
      watcher.stream = std::move(stream);
      watcher.filter = WatchFilter(request);
      watcher.position = {since, kWholeRevision};
      watcher.checkpoint = since;
      watcher.effective = watcher.checkpoint_effective = effective;
      newest_ = std::max(newest_, since);
      woken_ = true;
      return;
    }
  }
  stream->Finish(Stopping(since, effective));
}

void WatchHub::NotifyRevision(int64_t revision) {
  MutexLock lock(&mutex_);
  newest_ = std::max(newest_, revision);
  woken_ = true;
}

int64_t WatchHub::Newest() const {
  MutexLock lock(&mutex_);
  return newest_;
}

// Everything here goes by the steady clock but the days: a clock that is set must stop nothing.
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
    if (!watchers_.empty() && SteadyNow() - polled > kPoll) {
      polled = SteadyNow();
      Poll();
    }
    lags = ServeAll();
  }
  MutexLock lock(&mutex_);
  watchers_.splice(watchers_.end(), arriving_);
  for (Watcher& watcher : watchers_) {
    watcher.stream->Finish(Stopping(watcher.checkpoint, watcher.checkpoint_effective));
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
  database_away_ = false;
  for (auto watcher = watchers_.begin(); watcher != watchers_.end();) {
    bool lags = false;
    const bool goes_on = Serve(*watcher, lags);
    some_lag = some_lag || (goes_on && lags);
    watcher = goes_on ? std::next(watcher) : watchers_.erase(watcher);
  }
  chunks_.clear();
  return some_lag;
}

bool WatchHub::Serve(Watcher& watcher, bool& lags) {
  if (watcher.stream->cancelled()) return false;
  if (watcher.stream->queued() >= kRoom) {
    lags = true;
    return LetGoIfTooSlow(watcher);
  }
  watcher.blocked = false;
  if (watcher.effects.tree != nullptr) return SendEffects(watcher, lags);
  const bool has_all =
      watcher.position.revision >= Newest() && watcher.position.sequence == kWholeRevision;
  if (!has_all) return SendChanges(watcher, lags);
  const Date today = Today(database_.clock());
  // By more than a day: the clock was wrong before or is now, and the days will come again. Around
  // midnight a clock that is put right by some seconds must not make the day come twice.
  if (watcher.effective > today + 1) {
    watcher.effective = today;
    return SendCheckpoint(watcher, watcher.position.revision);
  }
  if (watcher.effective < today) return BeginEffects(watcher, today, lags);
  const bool silent = SteadyNow() - watcher.last_sent >= options_.heartbeat;
  if (!watcher.greeted || (silent && watcher.stream->queued() == 0)) {
    return SendCheckpoint(watcher, watcher.position.revision);
  }
  return true;
}

std::shared_ptr<const WatchHub::Chunk> WatchHub::ChunkAfter(ChangePosition position) {
  std::shared_ptr<const Chunk>& known = chunks_[{position.revision, position.sequence}];
  if (known != nullptr || database_away_) return known;
  auto chunk = std::make_shared<Chunk>();
  const absl::Status read =
      database_.Read(absl::Now() + kPatience, [&](sql::Session& session) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(chunk->newest, RevisionIn(session));
        KLYNGE_ASSIGN_OR_RETURN(chunk->changes, ReadChanges(session, position, kChunk));
        if (chunk->changes.empty()) return absl::OkStatus();
        KLYNGE_ASSIGN_OR_RETURN(chunk->departures,
                                ReadDepartures(session, {}, chunk->changes.front().revision() - 1,
                                               chunk->changes.back().revision()));
        return absl::OkStatus();
      });
  if (!read.ok()) {
    telemetry::Log(telemetry::Level::kWarning, "the history cannot be read, trying again",
                   {{"error", read.ToString()}});
    database_away_ = true;
    return nullptr;
  }
  return known = std::move(chunk);
}

std::shared_ptr<const Tree> WatchHub::TreeAtLeast(int64_t revision) {
  if (database_away_) return nullptr;
  auto tree = trees_.AtLeast(revision, absl::Now() + kPatience);
  if (tree.ok()) return std::move(tree->model);
  database_away_ = true;
  telemetry::Log(telemetry::Level::kWarning, "the tree cannot be loaded for watchers, trying again",
                 {{"error", tree.status().ToString()}});
  return nullptr;
}

bool WatchHub::SendChanges(Watcher& watcher, bool& lags) {
  const auto chunk = ChunkAfter(watcher.position);
  if (chunk == nullptr) return true;
  if (watcher.filter.NeedsTree() && !chunk->changes.empty()) {
    auto tree = TreeAtLeast(chunk->newest);
    if (tree == nullptr) return true;
    watcher.filter.SetTree(std::move(tree));
  }
  for (const v1::OrganisationChange& change : chunk->changes) {
    if (!SendChange(watcher, *chunk, change)) return false;
  }
  lags = static_cast<int64_t>(chunk->changes.size()) == kChunk;
  if (!lags) {
    watcher.position = {chunk->newest, kWholeRevision};
    return SendCheckpoint(watcher, chunk->newest);
  }
  // A long stretch of which nothing is wanted: who resumes need not go through it again.
  const int64_t whole = watcher.position.revision - 1;
  return watcher.told || whole <= watcher.checkpoint || SendCheckpoint(watcher, whole);
}

bool WatchHub::SendChange(Watcher& watcher, const Chunk& chunk,
                          const v1::OrganisationChange& change) {
  // A change of the next revision shows that the one before is complete.
  const bool completes = watcher.told && change.revision() > watcher.position.revision;
  if (completes && !SendCheckpoint(watcher, watcher.position.revision)) return false;
  watcher.position = {change.revision(), change.sequence()};
  if (!watcher.filter.Wants(change, chunk.departures)) return true;
  v1::WatchOrganisationResponse message;
  *message.mutable_change() = change;
  watcher.told = true;
  return Send(watcher, std::move(message));
}

bool WatchHub::BeginEffects(Watcher& watcher, Date today, bool& lags) {
  auto tree = TreeAtLeast(watcher.position.revision);
  if (tree == nullptr) return true;
  if (tree->revision() > watcher.position.revision) {
    // The changes come first, so that the effects show nothing that is not known yet.
    NotifyRevision(tree->revision());
    lags = true;
    return true;
  }
  const Effects& effects = tree->Indexed<Effects>();
  watcher.effects.next = effects.FirstAfter(watcher.effective);
  watcher.effects.end = effects.FirstAfter(today);
  watcher.effects.until = today;
  watcher.filter.SetTree(tree);
  watcher.effects.tree = std::move(tree);
  return SendEffects(watcher, lags);
}

// The tree is held until all of them are sent, so that nothing is passed over when it changes.
bool WatchHub::SendEffects(Watcher& watcher, bool& lags) {
  Sending& sending = watcher.effects;
  const Effects& effects = sending.tree->Indexed<Effects>();
  for (int64_t sent = 0; sending.next < sending.end; ++sending.next) {
    const Date day = effects.DayOf(sending.next);
    if (watcher.effective < day - 1) {
      // Everything of the days before was sent.
      watcher.effective = day - 1;
      if (watcher.told && !SendCheckpoint(watcher, watcher.position.revision)) return false;
    }
    v1::WatchOrganisationResponse message;
    *message.mutable_effect() = effects.MessageOf(sending.next);
    if (!watcher.filter.Wants(message.effect().thing())) continue;
    if (++sent > kChunk) {
      lags = true;
      return true;
    }
    watcher.told = true;
    if (!Send(watcher, std::move(message))) return false;
  }
  watcher.effective = sending.until;
  sending = {};
  return SendCheckpoint(watcher, watcher.position.revision);
}

bool WatchHub::Send(Watcher& watcher, v1::WatchOrganisationResponse message) {
  watcher.last_sent = SteadyNow();
  return watcher.stream->Send(std::move(message));
}

bool WatchHub::SendCheckpoint(Watcher& watcher, int64_t revision) {
  v1::WatchOrganisationResponse message;
  v1::Checkpoint* checkpoint = message.mutable_checkpoint();
  checkpoint->set_revision(revision);
  checkpoint->mutable_send_time()->set_seconds(absl::ToUnixSeconds(database_.clock().Now()));
  checkpoint->set_effective_date(FormatDate(watcher.effective));
  watcher.checkpoint = revision;
  watcher.checkpoint_effective = watcher.effective;
  watcher.told = false;
  watcher.greeted = true;
  return Send(watcher, std::move(message));
}

bool WatchHub::LetGoIfTooSlow(Watcher& watcher) {
  const absl::Time now = SteadyNow();
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
