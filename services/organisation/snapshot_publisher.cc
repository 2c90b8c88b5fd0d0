#include "services/organisation/snapshot_publisher.h"

#include <absl/time/clock.h>

#include <algorithm>

#include "services/organisation/client/convert.h"
#include "services/organisation/client/remote_tree_source.h"
#include "services/platform/telemetry/log.h"

namespace klynge::organisation {
namespace {

// Redis forgets a snapshot after a day without a word of it.
constexpr absl::Duration kPublishAgain = absl::Hours(1);

}  // namespace

SnapshotPublisher::SnapshotPublisher(sql::Revisioned<Tree>& trees,
                                     shared_state::SharedState& shared_state)
    : trees_(trees), shared_state_(shared_state), thread_([this] { Run(); }) {}

SnapshotPublisher::~SnapshotPublisher() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void SnapshotPublisher::NotifyRevision(int64_t revision) {
  MutexLock lock(&mutex_);
  // Redis brings back what this replica told itself.
  if (revision > 0 && revision <= told_) return;
  told_ = std::max(told_, revision);
  wanted_ = true;
}

void SnapshotPublisher::Run() {
  const auto awake = [this]()
                         ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return wanted_ || stopping_; };
  while (true) {
    int64_t revision = 0;
    {
      MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&awake), kPublishAgain);
      if (stopping_) return;
      wanted_ = false;
      revision = told_;
    }
    Publish(revision);
  }
}

void SnapshotPublisher::Publish(int64_t revision) {
  // Loads the tree even when Redis is away: the first reader then finds it in memory.
  const auto held = trees_.AtLeast(revision, absl::Now() + absl::Seconds(10));
  if (!held.ok()) {
    telemetry::Log(telemetry::Level::kWarning, "the organisation could not be loaded",
                   {{"error", held.status().ToString()}});
    return;
  }
  if (!shared_state_.connected()) return;
  const Tree& tree = *held->model;
  std::string bytes = ToSnapshot(tree.organisation(), tree.revision()).SerializeAsString();
  shared_state_.PublishSnapshot(kSnapshotName, tree.revision(), std::move(bytes));
}

}  // namespace klynge::organisation
