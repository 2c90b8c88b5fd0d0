// The RPCs about reorganisations: drafts are kept, previewed against the organisation of the
// moment, and committed in one transaction.
#pragma once

#include "klynge/organisation/v1/reorganisation_preview.pb.h"
#include "klynge/organisation/v1/reorganisation_rpcs.pb.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/uses_elsewhere.h"
#include "services/platform/rpc/call.h"
#include "services/platform/sql/database.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::organisation {

// Thread-safe. Everything it is given must outlive it.
class Reorganisations {
 public:
  Reorganisations(sql::Database& database, sql::Revisioned<Tree>& trees,
                  const UsesElsewhere& elsewhere)
      : database_(database), trees_(trees), elsewhere_(elsewhere) {}

  absl::Status Create(const rpc::Call& call, const v1::CreateReorganisationRequest& request,
                      v1::CreateReorganisationResponse* response);
  absl::Status Update(const rpc::Call& call, const v1::UpdateReorganisationRequest& request,
                      v1::UpdateReorganisationResponse* response);
  absl::Status Preview(const rpc::Call& call, const v1::PreviewReorganisationRequest& request,
                       v1::PreviewReorganisationResponse* response);
  absl::Status Commit(const rpc::Call& call, const v1::CommitReorganisationRequest& request,
                      v1::CommitReorganisationResponse* response);
  absl::Status Discard(const rpc::Call& call, const v1::DiscardReorganisationRequest& request,
                       v1::DiscardReorganisationResponse* response);
  absl::Status Get(const rpc::Call& call, const v1::GetReorganisationRequest& request,
                   v1::GetReorganisationResponse* response);
  absl::Status List(const rpc::Call& call, const v1::ListReorganisationsRequest& request,
                    v1::ListReorganisationsResponse* response);

 private:
  sql::Database& database_;
  sql::Revisioned<Tree>& trees_;
  const UsesElsewhere& elsewhere_;
};

}  // namespace klynge::organisation
