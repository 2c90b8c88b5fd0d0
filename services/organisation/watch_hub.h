// Everyone who watches the organisation. One thread reads the history for all of them from the
// audit log and sends it as fast as each reads; who has everything hears of new revisions as they
// come.
#pragma once

#include <absl/status/status.h>
#include <absl/time/time.h>

#include <list>
#include <memory>
#include <thread>

#include "klynge/organisation/v1/organisation_service.pb.h"
#include "services/organisation/organisation_store.h"
#include "services/platform/mutex.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/sql/database.h"

namespace klynge::organisation {

struct WatchOptions {
  // A watcher hears at least this often that it has everything.
  absl::Duration heartbeat = absl::Seconds(15);
  // How long a watcher may leave what it was sent unread before it is let go.
  absl::Duration patience = absl::Seconds(30);
};

// Thread-safe.
class WatchHub {
 public:
  using Stream = rpc::ResponseStream<v1::WatchOrganisationResponse>;

  WatchHub(sql::Database& database, WatchOptions options);
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Sends everything after `since_revision`, until the watcher goes.
  void Add(int64_t since_revision, std::shared_ptr<Stream> stream);

  // Ends all watches, and those that still come, with kUnavailable.
  void Close();

  // Says that the database has this revision. Without it, it is noticed within a second.
  void NotifyRevision(int64_t revision);

 private:
  struct Watcher {
    std::shared_ptr<Stream> stream;
    ChangePosition position;   // everything up to here was sent
    int64_t checkpoint = 0;    // the last one sent, or where it began
    bool greeted = false;      // some checkpoint was sent
    absl::Time last_sent;      // anything
    absl::Time waiting_since;  // unread messages fill its queue since
    bool blocked = false;
  };

  void Run();
  // Serves each watcher once; true when some of them still lag behind.
  bool ServeAll();
  // False when the watch is over.
  bool Serve(Watcher& watcher, bool& lags);
  bool SendChanges(Watcher& watcher, bool& lags);
  bool SendCheckpoint(Watcher& watcher, int64_t revision);
  bool LetGoIfTooSlow(Watcher& watcher);
  void Poll();

  sql::Database& database_;
  const WatchOptions options_;
  std::list<Watcher> watchers_;  // only the thread's

  Mutex closing_;
  Mutex mutex_;
  std::list<Watcher> arriving_ ABSL_GUARDED_BY(mutex_);
  int64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // joined under closing_
};

}  // namespace klynge::organisation
