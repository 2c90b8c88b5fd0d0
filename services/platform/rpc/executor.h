// The bounded executor: everything that may block (SQL, Redis, another service) runs here and never
// on a gRPC callback thread.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "services/platform/mutex.h"

namespace klynge::rpc {

// Thread-safe.
class Executor {
 public:
  // `threads` workers; at most `max_queued` tasks wait for one.
  Executor(int threads, size_t max_queued);
  // As Stop.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // False when the queue is full or the executor is stopping: the task was not taken.
  bool TrySubmit(std::function<void()> task);

  // Takes nothing more, runs what is queued, and returns when nothing runs. Not to be called by a
  // task, nor by two threads at once.
  void Stop();

  size_t queued() const;

 private:
  void Work();

  const size_t max_queued_;
  mutable Mutex mutex_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> workers_;
};

}  // namespace klynge::rpc
