// Puts each new revision of the organisation into Redis, where the other services find it. It may
// fail: they then ask GetSnapshot.
#pragma once

#include <thread>

#include "services/organisation/client/tree.h"
#include "services/platform/mutex.h"
#include "services/platform/shared_state/shared_state.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::organisation {

// Thread-safe.
class SnapshotPublisher {
 public:
  // Publishes what there is, then whatever it is told of. Both must outlive this.
  SnapshotPublisher(sql::Revisioned<Tree>& trees, shared_state::SharedState& shared_state);
  ~SnapshotPublisher();
  SnapshotPublisher(const SnapshotPublisher&) = delete;
  SnapshotPublisher& operator=(const SnapshotPublisher&) = delete;

  // A revision was committed, or (0) Redis came back and may hold nothing. Never blocks.
  void NotifyRevision(int64_t revision);

 private:
  void Run();
  void Publish(int64_t revision);

  sql::Revisioned<Tree>& trees_;
  shared_state::SharedState& shared_state_;
  Mutex mutex_;
  int64_t told_ ABSL_GUARDED_BY(mutex_) = 0;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = true;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace klynge::organisation
