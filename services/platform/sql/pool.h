// A bounded pool of database sessions. A lease is one transaction on one session.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <deque>
#include <memory>
#include <string>

#include "services/platform/mutex.h"
#include "services/platform/sql/database_error.h"
#include "services/platform/sql/session.h"

namespace klynge::sql {

// What a pool has done and is doing.
struct PoolStats {
  int size = 0;     // the most sessions that may be leased at once
  int leased = 0;   // now in a transaction
  int idle = 0;     // connected and free
  int waiting = 0;  // callers waiting for a session
  int64_t leases = 0;
  int64_t connects = 0;
  int64_t failed_connects = 0;
  int64_t gave_up_waiting = 0;  // callers that got no session before their deadline
  double seconds_waited = 0;    // for a session, all callers together
  bool reachable = true;        // false after a connection failed, until one succeeds
};

// Thread-safe. Must outlive its leases.
class SessionPool {
 public:
  class Lease;

  // `url` is "sqlite:PATH" or "postgresql://user@host/database"; connects when first used. A
  // session that nobody needed for `idle_limit` is closed.
  SessionPool(std::string url, int size, absl::Duration idle_limit = absl::Minutes(10));
  ~SessionPool();

  Engine engine() const { return engine_; }
  PoolStats stats() const;

  // Begins a transaction on a session that is known to live: the BEGIN itself is the check, and a
  // connection that turns out dead is replaced. Callers get sessions in the order in which they
  // asked. Nothing waits longer than until the deadline; see Session for what comes after.
  // Errors: kDeadlineExceeded, reason DATABASE_POOL_BUSY when no session was free in time, else
  // STATEMENT_TIMEOUT; kUnavailable: the database cannot be reached. While it cannot, one caller at
  // a time tries to connect, and the others are told so at once.
  absl::StatusOr<Lease> BeginRead(absl::Time deadline);
  absl::StatusOr<Lease> BeginWrite(absl::Time deadline);

 private:
  struct Waiter {
    bool served = false;
  };
  struct Idle {
    std::unique_ptr<Session> session;
    absl::Time since;  // of SteadyNow
  };

  absl::StatusOr<Lease> Begin(Access access, absl::Time deadline);
  absl::StatusOr<std::unique_ptr<Session>> BeginOnSome(Access access, absl::Time deadline);
  absl::StatusOr<std::unique_ptr<Session>> Connect(absl::Time deadline);
  absl::Status MayConnect();
  void NoteConnect(const absl::Status& status, absl::Duration took);
  absl::Status WaitForSlot(absl::Time deadline);
  void ReturnSlot();
  std::unique_ptr<Session> TakeIdle();
  // Keeps the session for the next lease, unless it is of no more use.
  void Keep(std::unique_ptr<Session> session);

  const std::string url_;
  const absl::Duration idle_limit_;
  const Engine engine_;

  mutable Mutex mutex_;
  // The longest idle in front; taken from the back, so that what is not needed grows old.
  std::deque<Idle> idle_ ABSL_GUARDED_BY(mutex_);
  // A freed slot goes to the first of these; only that one wakes.
  std::deque<Waiter*> waiters_ ABSL_GUARDED_BY(mutex_);
  PoolStats stats_ ABSL_GUARDED_BY(mutex_);
  // Connections that failed since the last one that succeeded.
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time retry_at_ ABSL_GUARDED_BY(mutex_);  // of SteadyNow
  bool trying_ ABSL_GUARDED_BY(mutex_) = false;
};

// A session for one transaction. Whatever was not committed is rolled back at the end.
class SessionPool::Lease {
 public:
  Lease(SessionPool* pool, std::unique_ptr<Session> session)
      : pool_(pool), session_(std::move(session)) {}
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  // As Session::Commit.
  absl::Status Commit();
  Session& operator*() { return *session_; }
  Session* operator->() { return session_.get(); }

 private:
  SessionPool* pool_;
  std::unique_ptr<Session> session_;
  bool open_ = true;
};

}  // namespace klynge::sql
