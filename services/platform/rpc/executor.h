// The bounded executor: everything that may block (SQL, Redis, another service) runs here and never
// on a gRPC callback thread.
#pragma once

#include <absl/functional/any_invocable.h>
#include <absl/time/time.h>
#include <absl/types/optional.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "services/platform/steady_clock.h"

namespace klynge::rpc {

// First come, first served: but what would come too late is not taken, so that under overload the
// threads do work that somebody still waits for. Thread-safe.
class Executor {
 public:
  using Task = absl::AnyInvocable<void()>;

  // `threads` workers; at most `max_queued` tasks wait for one.
  Executor(int threads, size_t max_queued);
  // As Stop.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Queues `task`: nullopt. If the queue is full, or so long that the task would not be started
  // before `deadline`, or the executor is stopping, the task is not taken: the time after which
  // there is probably room.
  absl::optional<absl::Duration> Submit(Task task, absl::Time deadline);

  // Takes nothing more, runs what is queued, and returns when nothing runs. Not to be called by a
  // task, nor by two threads at once.
  void Stop();

  struct Stats {
    size_t queued = 0;    // tasks that wait
    int busy = 0;         // threads that run one
    int64_t started = 0;  // tasks, since the start
    int64_t refused = 0;  // likewise, not taken
  };
  Stats stats() const;
  size_t queued() const { return stats().queued; }
  size_t max_queued() const { return max_queued_; }

 private:
  void Work();

  const size_t max_queued_;
  // Not klynge::Mutex: its conditions are evaluated for every waiting worker by whoever unlocks.
  mutable std::mutex mutex_;
  std::condition_variable work_;
  // Guarded by mutex_:
  std::deque<Task> queue_;
  bool stopping_ = false;
  int busy_ = 0;
  int64_t started_ = 0;
  int64_t refused_ = 0;
  absl::Time last_start_ = SteadyNow();
  // Mean time between the starts of two tasks while tasks wait: how fast the queue moves.
  absl::Duration pace_;

  std::vector<std::thread> workers_;
};

}  // namespace klynge::rpc
