#include "services/platform/rpc/executor.h"

#include <absl/time/clock.h>

#include <algorithm>

#include "services/platform/steady_clock.h"

namespace klynge::rpc {
namespace {

// A start counts one part in so many of the mean pace of the queue.
constexpr int kShare = 16;
constexpr absl::Duration kLeastPause = absl::Milliseconds(100);

}  // namespace

Executor::Executor(int threads, size_t max_queued) : max_queued_(max_queued) {
  for (int i = 0; i < threads; ++i) workers_.emplace_back([this] { Work(); });
}

Executor::~Executor() { Stop(); }

void Executor::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (auto& worker : workers_) worker.join();
  workers_.clear();
}

absl::optional<absl::Duration> Executor::Submit(Task task, absl::Time deadline) {
  {
    std::lock_guard lock(mutex_);
    const absl::Duration wait = pace_ * queue_.size();
    const bool too_late = wait > absl::ZeroDuration() && absl::Now() + wait >= deadline;
    if (stopping_ || queue_.size() >= max_queued_ || too_late) {
      ++refused_;
      return std::max(wait, kLeastPause);
    }
    queue_.push_back(std::move(task));
  }
  work_.notify_one();
  return absl::nullopt;
}

Executor::Stats Executor::stats() const {
  std::lock_guard lock(mutex_);
  return {queue_.size(), busy_, started_, refused_};
}

void Executor::Work() {
  bool ran = false;
  while (true) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      if (ran) --busy_;
      const bool idle = queue_.empty();
      work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
      const absl::Time now = SteadyNow();
      if (!idle) pace_ += (now - last_start_ - pace_) / kShare;
      last_start_ = now;
      ++busy_;
      ++started_;
    }
    task();
    ran = true;
  }
}

}  // namespace klynge::rpc
