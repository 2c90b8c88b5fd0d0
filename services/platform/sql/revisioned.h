// A model held in memory at the revision of the database it is made from.
#pragma once

#include <absl/cleanup/cleanup.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <functional>
#include <memory>
#include <thread>

#include "services/platform/mutex.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/database.h"

namespace klynge::sql {

// Keeps one immutable Model; readers share it, a newer one replaces it. Learns of new revisions by
// NotifyRevision (this replica's commits, other replicas' messages) and, because messages can be
// lost, by asking the database every second. Thread-safe.
template <class Model>
class Revisioned {
 public:
  // Makes the model as of what `session` reads; `previous` may be null or built upon. Must not keep
  // the session.
  using Loader = std::function<absl::StatusOr<std::shared_ptr<const Model>>(
      Session& session, std::shared_ptr<const Model> previous, int64_t previous_revision)>;
  struct Versioned {
    std::shared_ptr<const Model> model;
    int64_t revision = 0;
  };

  Revisioned(Database& database, Loader loader)
      : database_(database), loader_(std::move(loader)), poller_([this] { Poll(); }) {}
  ~Revisioned() {
    {
      MutexLock lock(&mutex_);
      stopping_ = true;
    }
    poller_.join();
  }
  Revisioned(const Revisioned&) = delete;
  Revisioned& operator=(const Revisioned&) = delete;

  // The model if it is at hand and at least as new as `min_revision` and as everything this replica
  // has been told of; null model otherwise. Never blocks: for inline handlers.
  Versioned IfFresh(int64_t min_revision) const {
    MutexLock lock(&mutex_);
    return Fresh(min_revision) ? held_ : Versioned{};
  }

  // The model at least as new as `min_revision` and as everything this replica has been told of;
  // loads it if need be, one caller for all. kUnavailable, reason REVISION_NOT_REACHED, when the
  // database is older; kDeadlineExceeded when another caller's load was not done in time.
  absl::StatusOr<Versioned> AtLeast(int64_t min_revision, absl::Time deadline) {
    {
      const auto my_turn = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !loading_; };
      MutexLock lock(&mutex_);
      if (Fresh(min_revision)) return held_;
      if (!mutex_.AwaitWithDeadline(absl::Condition(&my_turn), deadline)) {
        return MakeStatus(absl::StatusCode::kDeadlineExceeded, "LOADING",
                          "what was asked for was not loaded before the deadline");
      }
      if (Fresh(min_revision)) return held_;
      loading_ = true;
    }
    const auto next = absl::MakeCleanup([this] {
      MutexLock lock(&mutex_);
      loading_ = false;
    });
    Versioned loaded;
    const int64_t told = Told();
    KLYNGE_RETURN_IF_ERROR(
        database_.ReadAtLeast(deadline, std::max(min_revision, told),
                              [&](Session& session) { return Load(session, told, loaded); }));
    if (loaded.revision >= min_revision) return loaded;
    return MakeRetryableStatus(
        absl::StatusCode::kUnavailable, "REVISION_NOT_REACHED",
        absl::StrCat("revision ", min_revision, " is not known here yet (at ", loaded.revision,
                     "); try again"),
        absl::Milliseconds(200));
  }

  // The model at exactly what a write in progress sees: call it before the write changes anything.
  absl::StatusOr<std::shared_ptr<const Model>> InWrite(WriteTransaction& transaction) {
    const int64_t before = transaction.revision() - 1;
    Versioned base = Held();
    // Other writes of the same group may have made a newer one, which nobody else sees yet.
    if (const ModelInWrite* made = transaction.Model(this); made != nullptr) {
      base = {std::static_pointer_cast<const Model>(made->model), made->revision};
    }
    if (base.model && base.revision == before) return base.model;
    KLYNGE_ASSIGN_OR_RETURN(Session * session, transaction.Reader());
    KLYNGE_ASSIGN_OR_RETURN(auto model, loader_(*session, base.model, base.revision));
    transaction.SetModel(this, {model, before, KeepLater()});
    return model;
  }

  // The model as the write leaves it, for a write that knows: nobody has to load it then. It must
  // equal what the loader would make of the committed rows.
  void Advance(WriteTransaction& transaction, std::shared_ptr<const Model> model) {
    transaction.AdvanceModel(this, {std::move(model), transaction.revision(), KeepLater()});
  }

  // Tells that the database has this revision; reads from now on wait for it.
  void NotifyRevision(int64_t revision) {
    MutexLock lock(&mutex_);
    told_ = std::max(told_, revision);
  }

 private:
  bool Fresh(int64_t min_revision) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return held_.model && held_.revision >= std::max(min_revision, told_);
  }

  Versioned Held() const {
    MutexLock lock(&mutex_);
    return held_;
  }

  // Keeps a model once the write that made it is committed.
  std::function<void(const std::shared_ptr<const void>&, int64_t)> KeepLater() {
    return [this](const std::shared_ptr<const void>& model, int64_t revision) {
      Keep({std::static_pointer_cast<const Model>(model), revision});
    };
  }

  void Keep(Versioned newer) {
    MutexLock lock(&mutex_);
    if (held_.model && newer.revision <= held_.revision) return;
    held_ = std::move(newer);
    database_.SetHeldRevision(held_.revision);
  }

  // `told`: what this replica had been told of before the database was asked.
  absl::Status Load(Session& session, int64_t told, Versioned& loaded) {
    // The revision is read first: what is loaded after it is at least that new.
    KLYNGE_ASSIGN_OR_RETURN(auto rows, session.Query("SELECT revision FROM klynge_revision"));
    const int64_t revision = rows.empty() ? 0 : rows[0].Int(0);
    Versioned held = Held();
    if (!held.model || held.revision < revision) {
      KLYNGE_ASSIGN_OR_RETURN(auto model, loader_(session, held.model, held.revision));
      Keep({model, revision});
      held = Held();
    }
    loaded = held;
    if (revision < told) Disbelieve(told, revision);
    return absl::OkStatus();
  }

  int64_t Told() const {
    MutexLock lock(&mutex_);
    return told_;
  }

  // The database knows best: what was told before it was asked cannot be newer than what it says.
  void Disbelieve(int64_t told, int64_t revision) {
    MutexLock lock(&mutex_);
    if (told_ == told) told_ = revision;
  }

  void Poll() {
    MutexLock lock(&mutex_);
    while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), absl::Seconds(1))) {
      mutex_.Unlock();
      if (auto revision = database_.Revision(absl::Now() + absl::Seconds(1)); revision.ok()) {
        NotifyRevision(*revision);
      }
      mutex_.Lock();
    }
  }

  Database& database_;
  const Loader loader_;
  mutable Mutex mutex_;
  Versioned held_ ABSL_GUARDED_BY(mutex_);
  int64_t told_ ABSL_GUARDED_BY(mutex_) = 0;
  bool loading_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread poller_;
};

}  // namespace klynge::sql
