// The organisation's tree as another service holds it: from the snapshot in Redis and the changes
// since when they are there, else from GetSnapshot, and kept fresh in the background.
#pragma once

#include <absl/time/time.h>

#include <memory>
#include <stop_token>
#include <thread>

#include "klynge/organisation/v1/organisation_service.grpc.pb.h"
#include "services/organisation/client/tree_source.h"
#include "services/platform/mutex.h"
#include "services/platform/rpc/client/peer.h"
#include "services/platform/shared_state/shared_state.h"
#include "services/platform/telemetry/metrics.h"

namespace klynge::organisation {

// The name under which the organisation service publishes its OrganisationSnapshot, and its
// revisions.
inline constexpr char kSnapshotName[] = "organisation";
// The name of the snapshot of what was written since some snapshot under that name.
inline constexpr char kChangesName[] = "organisation_changes";

// A new revision is fetched when Redis tells that it, or what changed, is there. The organisation
// service is asked every second besides, since messages can be lost and Redis can be away.
// Thread-safe.
class RemoteTreeSource final : public TreeSource {
 public:
  // Both must outlive this.
  RemoteTreeSource(rpc::Peer& organisation, shared_state::SharedState& shared_state);
  ~RemoteTreeSource() override;

  std::shared_ptr<const Tree> Held() const override;
  absl::StatusOr<std::shared_ptr<const Tree>> Get(const rpc::Call& call) override;
  absl::StatusOr<CurrentTree> Current(const rpc::Call& call) override;

  // klynge_tree_…; this must live until metrics.ForgetAsked().
  void AddMetrics(telemetry::Metrics& metrics) const;

 private:
  // What Redis tells; shared with its listener, which may live longer than this.
  struct News {
    Mutex mutex;
    int64_t told ABSL_GUARDED_BY(mutex) = 0;    // the newest revision
    int64_t stored ABSL_GUARDED_BY(mutex) = 0;  // the newest snapshot in Redis, whole or changes
    bool look_again ABSL_GUARDED_BY(mutex) = false;
    bool unread ABSL_GUARDED_BY(mutex) = false;
    bool stopping ABSL_GUARDED_BY(mutex) = false;
  };

  void Run();
  // True when what is held is older than `revision`, or nothing is held.
  bool Behind(int64_t revision) const;
  // Takes from Redis what brings it to the revision, or as near as can be.
  void RefreshFromRedis(int64_t revision);
  // Takes a snapshot in Redis if it is newer than what is held and can be laid over that.
  void TakeStored(const char* name);
  // Asks the organisation service for anything newer than what is held.
  absl::Status RefreshFromService(const rpc::Call& call);
  void RefreshInBackground();
  void Keep(const v1::OrganisationSnapshot& snapshot);
  // The tree that the snapshot makes, of what is held if it has only changes; null if it cannot.
  std::shared_ptr<const Tree> Compile(const v1::OrganisationSnapshot& snapshot) const;

  rpc::Peer& organisation_;
  const std::unique_ptr<v1::OrganisationService::Stub> stub_;
  shared_state::SharedState& shared_state_;
  const std::shared_ptr<News> news_ = std::make_shared<News>();

  mutable Mutex mutex_;
  std::shared_ptr<const Tree> held_ ABSL_GUARDED_BY(mutex_);
  // When the organisation service last said that there was nothing newer, or gave it (SteadyNow).
  absl::Time confirmed_ ABSL_GUARDED_BY(mutex_);
  std::stop_source stop_;  // breaks off what the background asks
  std::thread thread_;
};

}  // namespace klynge::organisation
