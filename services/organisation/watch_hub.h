// Everyone who watches the organisation. One thread reads the history for all of them from the
// audit log and sends it as fast as each reads; who has everything hears of new revisions as they
// come, and at midnight in Copenhagen of what begins and ends on the new day.
#pragma once

#include <absl/status/status.h>
#include <absl/time/time.h>

#include <list>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "klynge/organisation/v1/organisation_service.pb.h"
#include "services/organisation/change_log.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/organisation_store.h"
#include "services/organisation/watch_filter.h"
#include "services/platform/mutex.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/sql/database.h"
#include "services/platform/sql/revisioned.h"

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

  // The days are those of the database's clock.
  WatchHub(sql::Database& database, sql::Revisioned<Tree>& trees, WatchOptions options);
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  // Sends everything that the request, which must be right, asks for, until the watcher goes.
  void Add(const v1::WatchOrganisationRequest& request, std::shared_ptr<Stream> stream);

  // Ends all watches, and those that still come, with kUnavailable.
  void Close();

  // Says that the database has this revision. Without it, it is noticed within a second.
  void NotifyRevision(int64_t revision);

 private:
  // Effects that are being sent: places in tree.Indexed<Effects>(), up to `end`.
  struct Sending {
    std::shared_ptr<const Tree> tree;  // null: none are
    size_t next = 0;
    size_t end = 0;
    Date until;
  };
  struct Watcher {
    std::shared_ptr<Stream> stream;
    WatchFilter filter;
    ChangePosition position;  // everything up to here was sent, or is not wanted
    Date effective;           // the effects of every day up to this were sent
    Sending effects;
    int64_t checkpoint = 0;     // the last one sent, or where it began
    Date checkpoint_effective;  // likewise
    bool told = false;          // some change was sent since
    bool greeted = false;       // some checkpoint was sent
    absl::Time last_sent;       // anything; by the steady clock, as the next
    absl::Time waiting_since;   // unread messages fill its queue since
    bool blocked = false;
  };
  // Changes after a position, as read from the log.
  struct Chunk {
    std::vector<v1::OrganisationChange> changes;
    std::vector<Departure> departures;
    int64_t newest = 0;
  };

  void Run();
  // Serves each watcher once; true when some of them still lag behind.
  bool ServeAll();
  // False when the watch is over.
  bool Serve(Watcher& watcher, bool& lags);
  bool SendChanges(Watcher& watcher, bool& lags);
  bool SendChange(Watcher& watcher, const Chunk& chunk, const v1::OrganisationChange& change);
  // What begins and ends on days up to today; watchers that have all changes get it.
  bool BeginEffects(Watcher& watcher, Date today, bool& lags);
  bool SendEffects(Watcher& watcher, bool& lags);
  bool Send(Watcher& watcher, v1::WatchOrganisationResponse message);
  bool SendCheckpoint(Watcher& watcher, int64_t revision);
  bool LetGoIfTooSlow(Watcher& watcher);
  // What comes after the position; the same for all who ask in one round. Null when the database
  // cannot be read now.
  std::shared_ptr<const Chunk> ChunkAfter(ChangePosition position);
  // Null when it cannot be had now.
  std::shared_ptr<const Tree> TreeAtLeast(int64_t revision);
  int64_t Newest() const;
  void Poll();

  sql::Database& database_;
  sql::Revisioned<Tree>& trees_;
  const WatchOptions options_;
  // Only the thread's.
  std::list<Watcher> watchers_;
  std::map<std::pair<int64_t, int64_t>, std::shared_ptr<const Chunk>> chunks_;  // of this round
  bool database_away_ = false;  // in this round: nobody else waits for it

  Mutex closing_;
  mutable Mutex mutex_;
  std::list<Watcher> arriving_ ABSL_GUARDED_BY(mutex_);
  int64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // joined under closing_
};

}  // namespace klynge::organisation
