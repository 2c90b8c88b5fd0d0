// The organisation as it was registered at moments of the past: for reads with known_at.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <list>
#include <memory>

#include "services/organisation/client/tree.h"
#include "services/organisation/known_store.h"
#include "services/platform/mutex.h"
#include "services/platform/sql/database.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::organisation {

// Keeps the few trees asked for last, so that the pages of a listing cost one. Thread-safe.
class KnownTrees {
 public:
  KnownTrees(sql::Database& database, sql::Revisioned<Tree>& trees)
      : database_(database), trees_(trees) {}

  // The tree at the revision that was registered at `known_at`; an empty one before the first. What
  // answers knows at least `min_revision`. Asks the database: not for callback threads.
  // kInvalidArgument for a moment in the future or outside the years 1 to 9999; kUnavailable,
  // REVISION_NOT_REACHED; kDeadlineExceeded.
  absl::StatusOr<std::shared_ptr<const Tree>> At(const google::protobuf::Timestamp& known_at,
                                                 int64_t min_revision, absl::Time deadline);

 private:
  struct Made {
    std::shared_ptr<const Tree> tree;
    int64_t made_from = 0;  // the revision that was the newest: later erasures are not in it
  };

  // Null when it is not kept. Forgets trees with names that were erased since.
  std::shared_ptr<const Tree> Find(const KnownMoment& moment) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Keep(std::shared_ptr<const Tree> tree, int64_t made_from);
  absl::StatusOr<std::shared_ptr<const Tree>> Make(const KnownMoment& moment, const Tree& base,
                                                   absl::Time deadline);

  sql::Database& database_;
  sql::Revisioned<Tree>& trees_;
  Mutex mutex_;
  std::list<Made> kept_ ABSL_GUARDED_BY(mutex_);  // what was asked for last comes first
  bool making_ ABSL_GUARDED_BY(mutex_) = false;   // one at a time: they are large
};

// The time it says; kInvalidArgument, naming `field`, when it says none.
absl::StatusOr<absl::Time> TimeOf(const google::protobuf::Timestamp& timestamp,
                                  absl::string_view field);

// The moment of a known_at. kInvalidArgument, INVALID_FIELDS, when it is none, or in the future.
absl::StatusOr<absl::Time> KnownAt(const google::protobuf::Timestamp& known_at, const Clock& clock);

}  // namespace klynge::organisation
