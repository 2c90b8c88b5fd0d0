#include "services/organisation/snapshot_publisher.h"

#include <absl/time/clock.h>

#include <algorithm>
#include <utility>

#include "services/organisation/client/remote_tree_source.h"
#include "services/organisation/organisation_store.h"
#include "services/platform/rpc/status.h"
#include "services/platform/telemetry/log.h"

namespace klynge::organisation {
namespace {

// Redis forgets a snapshot after a day without a word of it.
constexpr absl::Duration kPublishAgain = absl::Hours(1);
// For what is read from the database.
constexpr absl::Duration kPatience = absl::Seconds(10);
// More things are not put into Redis at once, where a command may last 50 ms.
constexpr size_t kMostThings = 50'000;

}  // namespace

SnapshotPublisher::SnapshotPublisher(sql::Database& database, sql::Revisioned<Tree>& trees,
                                     shared_state::SharedState& shared_state)
    : database_(database),
      trees_(trees),
      shared_state_(shared_state),
      messages_(kMostThings),
      thread_([this] { Run(); }) {}

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
  lost_ |= revision == 0;
  wanted_ = true;
}

void SnapshotPublisher::Run() {
  const auto awake = [this]()
                         ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return wanted_ || stopping_; };
  while (true) {
    int64_t revision = 0;
    bool lost = false;
    {
      MutexLock lock(&mutex_);
      lost = !mutex_.AwaitWithTimeout(absl::Condition(&awake), kPublishAgain);
      if (stopping_) return;
      wanted_ = false;
      lost |= std::exchange(lost_, false);
      revision = told_;
    }
    Publish(revision, lost);
  }
}

void SnapshotPublisher::Publish(int64_t revision, bool lost) {
  bool told = !shared_state_.connected();
  // First, so that others make their trees of it while this one does.
  if (!told) {
    const auto changes =
        messages_.Changes(lost, [&](int64_t after) { return ReadWritten(after, revision); });
    if (changes) Send(*changes);
    told = changes.has_value();
  }
  // Also when there is nothing more to tell: the first reader then finds it in memory.
  const auto held = trees_.AtLeast(revision, absl::Now() + kPatience);
  if (!held.ok()) {
    telemetry::Log(telemetry::Level::kWarning, "the organisation could not be loaded",
                   {{"error", held.status().ToString()}});
    return;
  }
  if (told) return;
  for (const v1::OrganisationSnapshot& message : messages_.Whole(*held->model)) Send(message);
}

void SnapshotPublisher::Send(const v1::OrganisationSnapshot& message) {
  shared_state_.PublishSnapshot(message.since_revision() == 0 ? kSnapshotName : kChangesName,
                                message.revision(), message.SerializeAsString());
}

absl::StatusOr<SnapshotMessages::Written> SnapshotPublisher::ReadWritten(int64_t after,
                                                                         int64_t newest) {
  SnapshotMessages::Written written;
  KLYNGE_RETURN_IF_ERROR(database_.ReadAtLeast(
      absl::Now() + kPatience, newest, [&](sql::Session& session) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(written.revision, RevisionIn(session));
        KLYNGE_ASSIGN_OR_RETURN(written.organisation, LoadForOthers(session, after));
        return absl::OkStatus();
      }));
  // A replica of the database may be behind.
  if (written.revision < newest) return absl::UnavailableError("not known there yet");
  return written;
}

}  // namespace klynge::organisation
