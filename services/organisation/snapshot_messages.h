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
  using ReadWritten = std::function<absl::StatusOr<Written>(int64_t after)>;

  // A whole of more things than `most_things` is never published: Redis would take too long.
  explicit SnapshotMessages(size_t most_things) : most_things_(most_things) {}

  // What is to be published of a new revision: what was written since an earlier one. Nothing when
  // that is too much, or (`lost`) what was published earlier may be lost: Whole is to be published
  // then.
  absl::optional<v1::OrganisationSnapshot> Changes(bool lost, const ReadWritten& read_written);
  // The whole, if it is not too large, and that nothing was written since; in this order.
  std::vector<v1::OrganisationSnapshot> Whole(const Tree& tree);

 private:
  absl::optional<v1::OrganisationSnapshot> SinceBase(const ReadWritten& read_written,
                                                     size_t most) const;

  const size_t most_things_;
  int64_t base_ = 0;   // the revision that changes are counted from; 0: none yet
  int64_t last_ = 0;   // the revision that was told last
  size_t things_ = 0;  // that there were when Whole was told last
  bool fits_ = true;   // so that it was published
};

}  // namespace klynge::organisation
