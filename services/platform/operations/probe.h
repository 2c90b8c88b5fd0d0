// Asks something again and again on a thread of its own, so that nobody else hangs when it does.
#pragma once

#include <absl/time/time.h>

#include <functional>
#include <thread>

#include "services/platform/mutex.h"

namespace klynge::operations {

class Probe {
 public:
  // Calls `ask` at once and then `pause` after it last returned.
  Probe(std::function<void()> ask, absl::Duration pause)
      : ask_(std::move(ask)), pause_(pause), thread_([this] { Run(); }) {}
  // Waits for `ask` to return.
  ~Probe() {
    {
      MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

 private:
  void Run() {
    MutexLock lock(&mutex_);
    do {
      mutex_.Unlock();
      ask_();
      mutex_.Lock();
    } while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause_));
  }

  const std::function<void()> ask_;
  const absl::Duration pause_;
  Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace klynge::operations
