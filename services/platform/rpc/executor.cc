#include "services/platform/rpc/executor.h"

namespace klynge::rpc {

Executor::Executor(int threads, size_t max_queued) : max_queued_(max_queued) {
  for (int i = 0; i < threads; ++i) workers_.emplace_back([this] { Work(); });
}

Executor::~Executor() { Stop(); }

void Executor::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (auto& worker : workers_) worker.join();
  workers_.clear();
}

bool Executor::TrySubmit(std::function<void()> task) {
  MutexLock lock(&mutex_);
  if (stopping_ || queue_.size() >= max_queued_) return false;
  queue_.push_back(std::move(task));
  return true;
}

size_t Executor::queued() const {
  MutexLock lock(&mutex_);
  return queue_.size();
}

void Executor::Work() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  while (true) {
    std::function<void()> task;
    {
      MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

}  // namespace klynge::rpc
