// The thread behind SharedState: connects, and connects anew; publishes; listens.
#pragma once

#include <absl/status/statusor.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "services/platform/mutex.h"
#include "services/platform/shared_state/address.h"
#include "services/platform/shared_state/command_pipeline.h"
#include "services/platform/shared_state/connection.h"
#include "services/platform/shared_state/outbox.h"
#include "services/platform/shared_state/shared_state.h"
#include "services/platform/steady_clock.h"

namespace klynge::shared_state {

// Two connections: one for commands, shared by all threads, and one that is subscribed. They are
// made together and given up together. Thread-safe.
class SharedState::Background {
 public:
  Background(Address address, const Options& options);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  CommandPipeline& commands() { return commands_; }
  const CommandPipeline& commands() const { return commands_; }
  Outbox& outbox() { return outbox_; }
  int database() const { return address_.database; }
  int64_t dropped() const { return dropped_; }
  void CountDropped(int64_t things) { dropped_ += things; }

  // Something is in the outbox, or the connection is lost. Never blocks.
  void Wake();

  void Listen(const std::string& channel, std::function<void(int64_t)> listener);
  void ForgetListeners();

 private:
  struct Connections {
    Endpoint endpoint;
    std::unique_ptr<Connection> commands;
    std::unique_ptr<Connection> subscription;
  };

  void Run();
  absl::StatusOr<Connections> Connect() const;
  // Works until either connection is lost or the process stops; says which.
  absl::Status Work(Connection& subscription, const Endpoint& endpoint);
  void Publish();
  // Once a second: is everybody still there?
  absl::Status Tick(Connection& subscription, const Endpoint& endpoint);
  void HandleMessages(const Replies& messages);
  // An empty channel means all of them.
  void Tell(const std::string& channel, int64_t revision);
  // True when the process stops.
  bool Pause(absl::Duration duration);
  bool stopping() const;
  void LogChange(bool there, const std::string& what);

  const Address address_;
  const Login login_;
  const absl::Duration timeout_;
  const SteadyClock clock_;
  const int wake_fd_;
  CommandPipeline commands_;
  Outbox outbox_;
  std::atomic<int64_t> dropped_ = 0;
  // Of the background thread alone.
  std::string logged_;
  int ticks_ = 0;
  int unanswered_pings_ = 0;

  mutable Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Mutex listeners_mutex_;
  std::multimap<std::string, std::function<void(int64_t)>> listeners_
      ABSL_GUARDED_BY(listeners_mutex_);
  std::thread thread_;
};

}  // namespace klynge::shared_state
