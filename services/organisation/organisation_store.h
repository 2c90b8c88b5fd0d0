// The organisation in SQL, the same text on both engines. Nothing here decides anything: what may
// be stored is decided by the import plan.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "klynge/organisation/v1/change.pb.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/import_plan.h"
#include "services/platform/sql/database.h"

namespace klynge::organisation {

// The newest revision that `session` sees.
absl::StatusOr<int64_t> RevisionIn(sql::Session& session);

// The tree at `revision`, which must be the one that `session` sees. Rows written after `previous`
// (may be null) are laid over it, so that a refresh costs what changed.
absl::StatusOr<std::shared_ptr<const Tree>> LoadTree(sql::Session& session,
                                                     const std::shared_ptr<const Tree>& previous,
                                                     int64_t revision);

// What was written after a revision of all that other services hold, and all kinds and roles.
absl::StatusOr<Organisation> LoadForOthers(sql::Session& session, int64_t after);

// Stores what the plan says, with an audit line for each thing written. The plan is for `before`.
absl::Status SavePlan(sql::WriteTransaction& transaction, const Tree& before,
                      const ImportPlan& plan);

// Stores a person who is erased and the codes the person had, without what they were, and puts them
// so into all that the audit log says of them; the number of lines that this changed.
absl::StatusOr<int64_t> SaveErased(sql::WriteTransaction& transaction, const Person& person,
                                   const std::vector<Code>& codes);

// A place in the history: after the change `sequence` of `revision`.
struct ChangePosition {
  int64_t revision = 0;
  int64_t sequence = 0;
};

// At most `limit` changes after `after`, oldest first.
absl::StatusOr<std::vector<v1::OrganisationChange>> ReadChanges(sql::Session& session,
                                                                ChangePosition after,
                                                                int64_t limit);

}  // namespace klynge::organisation
