// The streams that are open in a process, so that a drain can end those that did not end by
// themselves, with a status that says what to do instead of a broken connection.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "services/platform/mutex.h"

namespace klynge::rpc {

// Thread-safe.
class OpenStreams : public std::enable_shared_from_this<OpenStreams> {
 public:
  using End = std::function<void()>;
  // Makes sure that nobody else ends the stream, and returns what ends it with the status; null
  // when it is ending already. Called under a lock: it must not call gRPC, which may call back.
  using Claim = std::function<End(const absl::Status&)>;

  // One stream's place among them; given up when it dies. Once it has died the claim is not called.
  class Place {
   public:
    Place() = default;
    Place(std::shared_ptr<OpenStreams> streams, int64_t id)
        : streams_(std::move(streams)), id_(id) {}
    Place(Place&&) = default;
    Place& operator=(Place&&) = default;
    ~Place() {
      if (!streams_) return;
      MutexLock lock(&streams_->mutex_);
      streams_->claims_.erase(id_);
    }

   private:
    std::shared_ptr<OpenStreams> streams_;
    int64_t id_ = 0;
  };

  Place Add(Claim claim) {
    MutexLock lock(&mutex_);
    claims_.emplace(++last_id_, std::move(claim));
    return Place(shared_from_this(), last_id_);
  }

  // Ends all that are open.
  void EndAll(const absl::Status& status) {
    std::vector<End> ends;
    {
      MutexLock lock(&mutex_);
      for (const auto& [id, claim] : claims_) {
        if (End end = claim(status)) ends.push_back(std::move(end));
      }
    }
    for (const End& end : ends) end();
  }

 private:
  Mutex mutex_;
  int64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<int64_t, Claim> claims_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace klynge::rpc
