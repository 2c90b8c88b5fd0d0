// The mutex of this house: absl::Mutex, but for one thing. A wait with a timeout goes by the
// monotonic clock. That of Debian's abseil goes by the wall clock, and when this is set back by an
// hour, what should be done every second is done after an hour.
//
// Under ThreadSanitizer the same as abseil's, with its locking announced, because Debian's abseil
// is built without the sanitizer, which would take every guarded variable for a race.
#pragma once

#include <absl/synchronization/mutex.h>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace klynge {

#if defined(__SANITIZE_THREAD__)

// gRPC hands calls from thread to thread in ways the sanitizer cannot see. What came before a
// HandToGrpc counts as seen after the next TakeFromGrpc.
inline char grpc_boundary;
inline void HandToGrpc() { __tsan_release(&grpc_boundary); }
inline void TakeFromGrpc() { __tsan_acquire(&grpc_boundary); }

class ABSL_LOCKABLE Mutex {
 public:
  Mutex() { __tsan_mutex_create(this, 0); }
  ~Mutex() { __tsan_mutex_destroy(this, 0); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() {
    __tsan_mutex_pre_lock(this, 0);
    mutex_.Lock();
    __tsan_mutex_post_lock(this, 0, 0);
  }
  void Unlock() ABSL_UNLOCK_FUNCTION() {
    changed_.SignalAll();
    __tsan_mutex_pre_unlock(this, 0);
    mutex_.Unlock();
    __tsan_mutex_post_unlock(this, 0);
  }

  void Await(const absl::Condition& condition) {
    AwaitWithDeadline(condition, absl::InfiniteFuture());
  }
  bool AwaitWithTimeout(const absl::Condition& condition, absl::Duration timeout) {
    return AwaitWithDeadline(condition, absl::Now() + timeout);
  }
  // abseil has whichever thread unlocks evaluate the conditions of those that wait, unannounced;
  // here each waiter evaluates its own.
  bool AwaitWithDeadline(const absl::Condition& condition, absl::Time deadline) {
    bool timed_out = false;
    changed_.SignalAll();  // waiting lets go of the lock, as Unlock does
    while (!condition.Eval()) {
      if (timed_out) return false;
      __tsan_mutex_pre_unlock(this, 0);
      __tsan_mutex_post_unlock(this, 0);
      timed_out = changed_.WaitWithDeadline(&mutex_, deadline);
      __tsan_mutex_pre_lock(this, 0);
      __tsan_mutex_post_lock(this, 0, 0);
    }
    return true;
  }

 private:
  absl::Mutex mutex_;
  absl::CondVar changed_;
};

class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_->Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_->Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* const mutex_;
};

#else

inline void HandToGrpc() {}
inline void TakeFromGrpc() {}

class ABSL_LOCKABLE Mutex : public absl::Mutex {
 public:
  // Waits until `condition` is true or `timeout` has passed; returns whether it is true. Held
  // before and after.
  bool AwaitWithTimeout(const absl::Condition& condition, absl::Duration timeout);
};
using MutexLock = absl::MutexLock;

#endif

}  // namespace klynge
