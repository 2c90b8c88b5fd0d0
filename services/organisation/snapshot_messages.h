// What is published of each new revision, so that who holds an earlier one need not take the whole.
#pragma once

#include <absl/status/statusor.h>
#include <absl/types/optional.h>

#include <functional>
#include <vector>

#include "klynge/organisation/v1/snapshot.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// Not thread-safe.
class SnapshotMessages {
 public:
  // Everything that was written after a revision, as it is at `revision`, with all kinds and roles.
  // Not only what differs: who holds a revision between the two may have it otherwise.
  struct Written {
    Organisation organisation;
    int64_t revision = 0;
  };
  // Of what the tree shows, or more.
  using ReadWritten = std::function<absl::StatusOr<Written>(int64_t after)>;

  // A whole of more things than `most_things` is never published: Redis would take too long.
  explicit SnapshotMessages(size_t most_things) : most_things_(most_things) {}

  // The snapshots to publish of the tree, in their order: what was written since an earlier
  // revision, or the whole and that nothing was written since. `whole`: what was published may be
  // lost.
  std::vector<v1::OrganisationSnapshot> Next(const Tree& tree, bool whole,
                                             const ReadWritten& read_written);

 private:
  // What was written since the base; nothing when that is more than so many things, or must not
  // be told so.
  absl::optional<v1::OrganisationSnapshot> Changes(const ReadWritten& read_written,
                                                   size_t most) const;

  const size_t most_things_;
  int64_t base_ = 0;             // the revision that changes are counted from; 0: none yet
  bool base_published_ = false;  // the whole of that revision
  int64_t last_ = 0;             // the revision that was told last
};

}  // namespace klynge::organisation
