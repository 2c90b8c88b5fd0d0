#include "services/organisation/client/tree_source.h"

#include <absl/strings/str_cat.h>

namespace klynge::organisation {

absl::Status CurrentTree::Reaches(int64_t revision) const {
  if (tree->revision() >= revision) return absl::OkStatus();
  if (!confirmed.ok()) return confirmed;
  return MakeRetryableStatus(
      absl::StatusCode::kUnavailable, "REVISION_NOT_REACHED",
      absl::StrCat("revision ", revision, " of the organisation is not known (its newest is ",
                   tree->revision(), "); try again"),
      absl::Milliseconds(200));
}

absl::StatusOr<std::shared_ptr<const Tree>> TreeSource::AtLeast(const rpc::Call& call,
                                                                int64_t revision) {
  KLYNGE_ASSIGN_OR_RETURN(auto held, Get(call));
  if (held->revision() >= revision) return held;
  KLYNGE_ASSIGN_OR_RETURN(CurrentTree newest, Current(call));
  KLYNGE_RETURN_IF_ERROR(newest.Reaches(revision));
  return std::move(newest.tree);
}

}  // namespace klynge::organisation
