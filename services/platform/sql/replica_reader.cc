#include "services/platform/sql/replica_reader.h"

#include <absl/time/clock.h>

#include <algorithm>

#include "services/platform/rpc/status.h"
#include "services/platform/steady_clock.h"

namespace klynge::sql {
namespace {

constexpr absl::Duration kRest = absl::Seconds(2);
constexpr absl::Duration kMostPatience = absl::Seconds(5);

absl::Status ReadFrom(SessionPool& pool, absl::Time deadline, const ReplicaReader::Body& body) {
  KLYNGE_ASSIGN_OR_RETURN(SessionPool::Lease lease, pool.BeginRead(deadline));
  KLYNGE_RETURN_IF_ERROR(body(*lease));
  return lease.Commit();
}

// What the replica itself does to a read: it is away or slow, or its following the primary got in
// the read's way.
bool IsReplicasFault(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kDeadlineExceeded ||
         status.code() == absl::StatusCode::kAborted ||
         status.code() == absl::StatusCode::kInternal;  // a table that has not come through yet
}

}  // namespace

ReplicaReader::ReplicaReader(SessionPool& primary, const std::string& replica_url, int size)
    : primary_(primary),
      replica_(replica_url.empty() ? nullptr : std::make_unique<SessionPool>(replica_url, size)) {}

absl::Status ReplicaReader::Read(absl::Time deadline, int64_t min_revision, const Body& body) {
  if (replica_ && MayTry()) {
    absl::Status status;
    const Outcome outcome = TryReplica(deadline, min_revision, body, status);
    Note(outcome);
    if (outcome == Outcome::kServed) return status;
  }
  return ReadFrom(primary_, deadline, body);
}

ReplicaReader::Outcome ReplicaReader::TryReplica(absl::Time deadline, int64_t min_revision,
                                                 const Body& body, absl::Status& status) {
  const absl::Time now = absl::Now();
  const absl::Time patience = now + std::min((deadline - now) / 2, kMostPatience);
  bool behind = false;
  status = ReadFrom(*replica_, patience, [&](Session& session) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query("SELECT revision FROM klynge_revision"));
    behind = rows.empty() || rows[0].Int(0) < min_revision;
    return behind ? absl::OkStatus() : body(session);
  });
  if (IsReplicasFault(status)) return Outcome::kFailed;
  return behind ? Outcome::kBehind : Outcome::kServed;
}

bool ReplicaReader::MayTry() {
  MutexLock lock(&mutex_);
  return SteadyNow() >= rests_until_;
}

void ReplicaReader::Note(Outcome outcome) {
  MutexLock lock(&mutex_);
  if (outcome == Outcome::kServed) ++stats_.served;
  if (outcome == Outcome::kBehind) ++stats_.behind;
  if (outcome != Outcome::kFailed) return;
  ++stats_.failed;
  rests_until_ = SteadyNow() + kRest;
}

ReplicaStats ReplicaReader::stats() const {
  MutexLock lock(&mutex_);
  return stats_;
}

}  // namespace klynge::sql
