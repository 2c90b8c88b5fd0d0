// Answers about changes: ListChanges, from the audit log.
#pragma once

#include <absl/status/status.h>
#include <absl/time/time.h>

#include "klynge/organisation/v1/list_changes.pb.h"
#include "services/organisation/client/tree.h"
#include "services/platform/rpc/validation.h"
#include "services/platform/sql/database.h"

namespace klynge::organisation {

// Adds a violation for each that is not the word of a sort.
void CheckSorts(Violations& violations,
                const google::protobuf::RepeatedPtrField<std::string>& sorts);

// Everything registered up to the revision of `tree` that the request asks for; `tree` also says
// what is below subtree_of.
absl::Status AnswerChanges(sql::Database& database, const Tree& tree, absl::Time deadline,
                           const v1::ListChangesRequest& request,
                           v1::ListChangesResponse* response);

}  // namespace klynge::organisation
