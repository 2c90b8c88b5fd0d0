// What is to be published in Redis as soon as somebody has time for it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/platform/mutex.h"
#include "services/platform/shared_state/connection.h"

namespace klynge::shared_state {

// Bounded: of revisions and of snapshots only the newest of each name waits, and of answers no more
// than `max_answer_bytes`. Thread-safe.
class Outbox {
 public:
  // `database` is the index in Redis, which the channels' names contain.
  Outbox(int database, size_t max_answer_bytes)
      : database_(database), max_answer_bytes_(max_answer_bytes) {}

  void PutRevision(const std::string& service, int64_t revision);
  void PutSnapshot(const std::string& name, int64_t revision, std::string bytes);
  // False when too much waits already; the answer is dropped then.
  bool PutAnswer(const std::string& key, std::string bytes, absl::Duration ttl);

  // Everything that waits, as commands, revisions first; nothing waits afterwards.
  std::vector<Command> TakeAll();

 private:
  struct WaitingSnapshot {
    int64_t revision = 0;
    std::string bytes;
  };

  const int database_;
  const size_t max_answer_bytes_;
  Mutex mutex_;
  std::map<std::string, int64_t> revisions_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, WaitingSnapshot> snapshots_ ABSL_GUARDED_BY(mutex_);
  std::vector<Command> answers_ ABSL_GUARDED_BY(mutex_);
  size_t answer_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace klynge::shared_state
