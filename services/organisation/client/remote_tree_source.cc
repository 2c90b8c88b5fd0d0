#include "services/organisation/client/remote_tree_source.h"

#include <absl/time/clock.h>

#include <algorithm>
#include <limits>

#include "services/platform/rpc/runtime.h"
#include "services/platform/rpc/status.h"
#include "services/platform/steady_clock.h"
#include "services/platform/telemetry/log.h"

namespace klynge::organisation {
namespace {

// How old a tree may be that nobody told of: messages can be lost.
constexpr absl::Duration kTick = absl::Seconds(1);
// The news of a revision comes before its snapshot is in Redis. How long that may take; then the
// service is asked, for every replica of every service anew.
constexpr absl::Duration kSnapshotFollows = absl::Milliseconds(100);
// Newer than any revision.
constexpr int64_t kNewest = std::numeric_limits<int64_t>::max();
// How long the organisation service may take; then what is held has to do.
constexpr rpc::Patience kPatience = {.most = absl::Seconds(2)};

absl::Status Unconfirmed(absl::string_view why, absl::string_view cause) {
  return MakeRetryableStatus(
      absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE",
      absl::StrCat(why, ": ", cause, "; start the organisation service or try again"),
      absl::Seconds(1));
}

}  // namespace

RemoteTreeSource::RemoteTreeSource(rpc::Peer& organisation, shared_state::SharedState& shared_state)
    : organisation_(organisation),
      stub_(v1::OrganisationService::NewStub(organisation.channel())),
      shared_state_(shared_state),
      confirmed_(SteadyNow()) {
  shared_state_.OnRevision(kSnapshotName, [news = news_](int64_t revision) {
    MutexLock lock(&news->mutex);
    news->told = std::max(news->told, revision);
    news->look_again |= revision == 0;
    news->unread = true;
  });
  for (const char* name : {kSnapshotName, kChangesName}) {
    shared_state_.OnSnapshot(name, [news = news_](int64_t revision) {
      MutexLock lock(&news->mutex);
      news->stored = std::max(news->stored, revision);
      news->unread = true;
    });
  }
  thread_ = std::thread([this] { Run(); });
}

RemoteTreeSource::~RemoteTreeSource() {
  {
    MutexLock lock(&news_->mutex);
    news_->stopping = true;
  }
  stop_.request_stop();
  thread_.join();
}

void RemoteTreeSource::AddMetrics(telemetry::Metrics& metrics) const {
  metrics.AddGauge("klynge_tree_revision", "Revision of the organisation's tree that is held",
                   [this] {
                     const auto held = Held();
                     return held == nullptr ? 0 : static_cast<double>(held->revision());
                   });
  metrics.AddGauge("klynge_tree_age_seconds",
                   "Time since the organisation service last confirmed that tree", [this] {
                     MutexLock lock(&mutex_);
                     return absl::ToDoubleSeconds(SteadyNow() - confirmed_);
                   });
}

std::shared_ptr<const Tree> RemoteTreeSource::Held() const {
  MutexLock lock(&mutex_);
  return held_;
}

absl::StatusOr<std::shared_ptr<const Tree>> RemoteTreeSource::Get(const rpc::Call& call) {
  if (auto held = Held()) return held;
  RefreshFromRedis(kNewest);
  if (auto held = Held()) return held;
  KLYNGE_ASSIGN_OR_RETURN(CurrentTree current, Current(call));
  return std::move(current.tree);
}

absl::StatusOr<CurrentTree> RemoteTreeSource::Current(const rpc::Call& call) {
  const absl::Status refreshed = RefreshFromService(call);
  auto held = Held();
  if (held == nullptr) {
    return Unconfirmed("the organisation is not known here yet and cannot be asked for",
                       refreshed.message());
  }
  CurrentTree current{std::move(held), absl::OkStatus()};
  if (!refreshed.ok()) {
    current.confirmed = Unconfirmed(absl::StrCat("what the organisation holds after revision ",
                                                 current.tree->revision(), " is not known here"),
                                    refreshed.message());
  }
  return current;
}

void RemoteTreeSource::Run() {
  const auto awake = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(news_->mutex) {
    return news_->unread || news_->stopping;
  };
  absl::Time next_question = SteadyNow();
  while (true) {
    bool unread = false;
    int64_t told = 0, stored = 0;
    {
      MutexLock lock(&news_->mutex);
      news_->mutex.AwaitWithTimeout(absl::Condition(&awake), next_question - SteadyNow());
      if (news_->stopping) return;
      std::swap(unread, news_->unread);
      if (news_->look_again) next_question = SteadyNow();
      news_->look_again = false;
      told = news_->told;
      stored = news_->stored;
    }
    if (Behind(stored)) RefreshFromRedis(stored);
    if (unread && Behind(told)) {
      next_question = std::min(next_question, SteadyNow() + kSnapshotFollows);
    }
    if (SteadyNow() < next_question) continue;
    RefreshInBackground();
    next_question = SteadyNow() + kTick;
  }
}

void RemoteTreeSource::RefreshInBackground() {
  rpc::Call call;
  call.method = "background";
  call.traceparent = rpc::NewTraceparent(false);
  call.on_behalf_of = "";  // nobody
  call.deadline = absl::Now() + kPatience.most;
  call.stop = stop_.get_token();
  RefreshFromService(call).IgnoreError();
}

bool RemoteTreeSource::Behind(int64_t revision) const {
  const auto held = Held();
  return held == nullptr || held->revision() < revision;
}

void RemoteTreeSource::RefreshFromRedis(int64_t revision) {
  TakeStored(kChangesName);
  if (!Behind(revision)) return;
  TakeStored(kSnapshotName);
  TakeStored(kChangesName);
}

void RemoteTreeSource::TakeStored(const char* name) {
  const auto stored = shared_state_.FetchSnapshot(name);
  if (!stored.ok()) return;
  const auto held = Held();
  if (held != nullptr && held->revision() >= stored->revision) return;
  v1::OrganisationSnapshot snapshot;
  // What cannot be read is as good as nothing: the service itself is asked then.
  if (snapshot.ParseFromString(stored->bytes) && snapshot.revision() == stored->revision) {
    Keep(snapshot);
  }
}

absl::Status RemoteTreeSource::RefreshFromService(const rpc::Call& call) {
  v1::GetSnapshotRequest request;
  if (const auto held = Held()) request.set_known_revision(held->revision());
  v1::GetSnapshotResponse response;
  KLYNGE_RETURN_IF_ERROR(organisation_.Ask(call, kPatience, *stub_->async(),
                                           &v1::OrganisationService::Stub::async::GetSnapshot,
                                           request, &response));
  if (!response.unchanged()) Keep(response.snapshot());
  MutexLock lock(&mutex_);
  confirmed_ = SteadyNow();
  return absl::OkStatus();
}

void RemoteTreeSource::Keep(const v1::OrganisationSnapshot& snapshot) {
  std::shared_ptr<const Tree> tree = Compile(snapshot);
  if (tree == nullptr) return;
  MutexLock lock(&mutex_);
  // Answers can overtake each other. What is let go of is destroyed without the lock.
  if (held_ == nullptr || held_->revision() < tree->revision()) held_.swap(tree);
}

std::shared_ptr<const Tree> RemoteTreeSource::Compile(
    const v1::OrganisationSnapshot& snapshot) const {
  if (snapshot.since_revision() == 0) return Tree::FromSnapshot(snapshot);
  const auto held = Held();
  if (held == nullptr || held->revision() < snapshot.since_revision()) return nullptr;
  return Tree::FromChanges(snapshot, *held);
}

}  // namespace klynge::organisation
