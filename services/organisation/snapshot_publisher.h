// Puts each new revision of the organisation into Redis, where the other services find it: the
// whole now and then, and at each revision what was written since the whole. It may fail: they then
// ask GetSnapshot.
#pragma once

#include <thread>

#include "services/organisation/client/tree.h"
#include "services/organisation/snapshot_messages.h"
#include "services/platform/mutex.h"
#include "services/platform/shared_state/shared_state.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::organisation {

// Thread-safe.
class SnapshotPublisher {
 public:
  // Publishes what there is, then whatever it is told of. All must outlive this.
  SnapshotPublisher(sql::Database& database, sql::Revisioned<Tree>& trees,
                    shared_state::SharedState& shared_state);
  ~SnapshotPublisher();
  SnapshotPublisher(const SnapshotPublisher&) = delete;
  SnapshotPublisher& operator=(const SnapshotPublisher&) = delete;

  // A revision was committed, or (0) Redis came back and may hold nothing. Never blocks.
  void NotifyRevision(int64_t revision);

 private:
  void Run();
  void Publish(int64_t revision, bool lost);
  void Send(const v1::OrganisationSnapshot& message);
  // What was written after a revision, until `newest` or later.
  absl::StatusOr<SnapshotMessages::Written> ReadWritten(int64_t after, int64_t newest);

  sql::Database& database_;
  sql::Revisioned<Tree>& trees_;
  shared_state::SharedState& shared_state_;
  Mutex mutex_;
  int64_t told_ ABSL_GUARDED_BY(mutex_) = 0;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = true;
  bool lost_ ABSL_GUARDED_BY(mutex_) = true;  // what was published may be
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  SnapshotMessages messages_;  // only the thread uses it
  std::thread thread_;
};

}  // namespace klynge::organisation
