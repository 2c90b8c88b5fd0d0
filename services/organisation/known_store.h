// The past in SQL: what was registered at a moment, worked out from the audit log.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstdint>
#include <memory>

#include "services/organisation/client/tree.h"
#include "services/platform/sql/session.h"

namespace klynge::organisation {

struct KnownMoment {
  int64_t revision = 0;      // what was registered at the moment; 0: nothing yet
  int64_t newest = 0;        // what is registered now
  int64_t last_erasure = 0;  // the revision that erased somebody last; 0: nobody is erased
};

// A revision is registered when its write began, by the clock of the service. The newest revision
// with a time up to `moment` counts: where a clock was set back between two revisions, the later
// one's time is believed, so that what came before it was registered by then.
absl::StatusOr<KnownMoment> FindMoment(sql::Session& session, absl::Time moment);

// The tree at `revision`, made from `base`, which is at least as new, by putting back what has
// changed since: costs what changed since. Erased persons are pseudonyms. Kinds, roles and all that
// has no word in the audit log are those of `base`. `session` must see at least what `base` shows.
absl::StatusOr<std::shared_ptr<const Tree>> TreeAt(sql::Session& session, const Tree& base,
                                                   int64_t revision);

}  // namespace klynge::organisation
