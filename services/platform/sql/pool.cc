#include "services/platform/sql/pool.h"

#include <absl/strings/match.h>
#include <absl/strings/strip.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <vector>

#include "services/platform/rpc/status.h"
#include "services/platform/sql/database_error.h"
#include "services/platform/sql/postgres_session.h"
#include "services/platform/sql/sqlite_session.h"
#include "services/platform/steady_clock.h"

namespace klynge::sql {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr int kMostDoublings = 4;
// A caller with less time than this says nothing about the database by not getting through.
constexpr absl::Duration kFairTrial = absl::Milliseconds(500);

}  // namespace

SessionPool::Lease::~Lease() {
  if (!session_) return;
  if (open_) session_->Rollback();
  pool_->Keep(std::move(session_));
  pool_->ReturnSlot();
}

absl::Status SessionPool::Lease::Commit() {
  open_ = false;
  absl::Status committed = session_->Commit();
  // A commit that failed (disk full) leaves SQLite's transaction open.
  if (!committed.ok()) session_->Rollback();
  return committed;
}

SessionPool::SessionPool(std::string url, int size, absl::Duration idle_limit)
    : url_(std::move(url)),
      idle_limit_(idle_limit),
      engine_(absl::StartsWith(url_, "sqlite:") ? Engine::kSqlite : Engine::kPostgres) {
  stats_.size = size;
}

SessionPool::~SessionPool() = default;

PoolStats SessionPool::stats() const {
  MutexLock lock(&mutex_);
  PoolStats stats = stats_;
  stats.idle = static_cast<int>(idle_.size());
  stats.waiting = static_cast<int>(waiters_.size());
  stats.reachable = failures_ == 0;
  return stats;
}

absl::StatusOr<SessionPool::Lease> SessionPool::BeginRead(absl::Time deadline) {
  return Begin(Access::kRead, deadline);
}

absl::StatusOr<SessionPool::Lease> SessionPool::BeginWrite(absl::Time deadline) {
  return Begin(Access::kWrite, deadline);
}

absl::StatusOr<SessionPool::Lease> SessionPool::Begin(Access access, absl::Time deadline) {
  if (absl::Now() >= deadline) return DatabaseTimeout();
  KLYNGE_RETURN_IF_ERROR(WaitForSlot(deadline));
  auto session = BeginOnSome(access, deadline);
  if (!session.ok()) {
    ReturnSlot();
    return session.status();
  }
  return Lease(this, *std::move(session));
}

absl::StatusOr<std::unique_ptr<Session>> SessionPool::BeginOnSome(Access access,
                                                                  absl::Time deadline) {
  // A session that was idle may have lost its connection meanwhile; then a new one takes its place.
  if (std::unique_ptr<Session> idle = TakeIdle()) {
    const absl::Status begun = idle->Begin(access, deadline);
    if (begun.ok()) return idle;
    const bool lost = !idle->healthy() && begun.code() == absl::StatusCode::kUnavailable;
    Keep(std::move(idle));
    if (!lost) return begun;
  }
  KLYNGE_ASSIGN_OR_RETURN(std::unique_ptr<Session> session, Connect(deadline));
  KLYNGE_RETURN_IF_ERROR(session->Begin(access, deadline));
  return session;
}

absl::StatusOr<std::unique_ptr<Session>> SessionPool::Connect(absl::Time deadline) {
  KLYNGE_RETURN_IF_ERROR(MayConnect());
  const absl::Time begin = SteadyNow();
  auto session = engine_ == Engine::kSqlite
                     ? OpenSqliteSession(std::string(absl::StripPrefix(url_, "sqlite:")), deadline)
                     : OpenPostgresSession(url_, deadline);
  NoteConnect(session.status(), SteadyNow() - begin);
  return session;
}

absl::Status SessionPool::MayConnect() {
  MutexLock lock(&mutex_);
  if (failures_ == 0) return absl::OkStatus();
  const absl::Duration pause = retry_at_ - SteadyNow();
  if (trying_ || pause > absl::ZeroDuration()) {
    return DatabaseUnreachable("connecting failed a moment ago", std::max(pause, kFirstPause));
  }
  trying_ = true;
  return absl::OkStatus();
}

void SessionPool::NoteConnect(const absl::Status& status, absl::Duration took) {
  MutexLock lock(&mutex_);
  trying_ = false;
  if (status.ok()) {
    ++stats_.connects;
    failures_ = 0;
    return;
  }
  ++stats_.failed_connects;
  const bool in_a_hurry = status.code() == absl::StatusCode::kDeadlineExceeded && took < kFairTrial;
  if (in_a_hurry) return;
  retry_at_ = SteadyNow() + kFirstPause * (1 << std::min(failures_, kMostDoublings));
  ++failures_;
}

absl::Status SessionPool::WaitForSlot(absl::Time deadline) {
  const absl::Time begin = SteadyNow();
  MutexLock lock(&mutex_);
  ++stats_.leases;
  if (stats_.leased < stats_.size) {
    ++stats_.leased;
    return absl::OkStatus();
  }
  Waiter me;
  waiters_.push_back(&me);
  mutex_.AwaitWithTimeout(absl::Condition(&me.served), deadline - absl::Now());
  stats_.seconds_waited += absl::ToDoubleSeconds(SteadyNow() - begin);
  if (me.served) return absl::OkStatus();
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &me));
  ++stats_.gave_up_waiting;
  return MakeStatus(absl::StatusCode::kDeadlineExceeded, "DATABASE_POOL_BUSY",
                    "no database session was free before the deadline");
}

void SessionPool::ReturnSlot() {
  MutexLock lock(&mutex_);
  if (waiters_.empty()) {
    --stats_.leased;
    return;
  }
  // The slot stays leased: it is the waiter's now.
  waiters_.front()->served = true;
  waiters_.pop_front();
}

std::unique_ptr<Session> SessionPool::TakeIdle() {
  MutexLock lock(&mutex_);
  if (idle_.empty()) return nullptr;
  std::unique_ptr<Session> session = std::move(idle_.back().session);
  idle_.pop_back();
  return session;
}

void SessionPool::Keep(std::unique_ptr<Session> session) {
  std::vector<Idle> closing;  // after the lock is released
  MutexLock lock(&mutex_);
  const absl::Time now = SteadyNow();
  while (!idle_.empty() && now - idle_.front().since > idle_limit_) {
    closing.push_back(std::move(idle_.front()));
    idle_.pop_front();
  }
  if (session->healthy()) idle_.push_back({std::move(session), now});
}

}  // namespace klynge::sql
