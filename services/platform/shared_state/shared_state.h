// Shared cached state in Redis: published snapshots and the news of new revisions. Everything here
// can be lost at any moment; every caller has another way to the truth. The keys are documented in
// README.md beside this file.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "services/platform/mutex.h"

struct redisContext;

namespace klynge::shared_state {

struct Options {
  // "host:port", "host:port/2", "unix:/path"; "" means: there is no Redis, everything is
  // kUnavailable.
  std::string address = "";
  // "", "password" or "user password".
  std::string password = "";
  // How long one command may take before Redis counts as away.
  absl::Duration timeout = absl::Milliseconds(50);
};

struct Snapshot {
  int64_t revision = 0;
  std::string bytes;
};

// Thread-safe. Callers never wait for a connection: a background thread makes it and makes it anew,
// and while it is away commands fail at once with kUnavailable.
class SharedState {
 public:
  explicit SharedState(const Options& options);
  ~SharedState();
  SharedState(const SharedState&) = delete;
  SharedState& operator=(const SharedState&) = delete;

  bool connected() const;

  // Stores the snapshot unless one of the same or a newer revision is there.
  absl::Status PublishSnapshot(const std::string& name, int64_t revision, const std::string& bytes);
  // kNotFound when there is none.
  absl::StatusOr<Snapshot> FetchSnapshot(const std::string& name);

  // Tells all replicas that `service` has reached a revision.
  absl::Status PublishRevision(const std::string& service, int64_t revision);
  // Calls `listener` on the background thread for each revision of `service` that is published, and
  // with 0 after each time the connection was made: news may have been missed.
  void OnRevision(const std::string& service, std::function<void(int64_t)> listener);
  // Once it returns no listener is called any more. Not to be called by a listener.
  void ForgetListeners();

 private:
  struct Reply;
  using Connection = std::unique_ptr<redisContext, void (*)(redisContext*)>;

  Connection Connect() const;
  absl::StatusOr<Reply> Command(const std::vector<std::string>& arguments);
  void Run();
  void Listen(redisContext* subscription);
  void HandleMessages(redisContext* subscription);
  void Tell(const std::string& channel, int64_t revision);
  bool StoppingWithin(absl::Duration wait);

  const Options options_;
  mutable Mutex mutex_;
  Connection commands_ ABSL_GUARDED_BY(mutex_);  // null while Redis is away
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Mutex listeners_mutex_;
  std::multimap<std::string, std::function<void(int64_t)>> listeners_
      ABSL_GUARDED_BY(listeners_mutex_);
  std::thread background_;
};

}  // namespace klynge::shared_state
