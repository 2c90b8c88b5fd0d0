// What a watcher wants to hear of.
#pragma once

#include <absl/types/optional.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "klynge/organisation/v1/organisation_service.pb.h"
#include "services/organisation/change_log.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/scope.h"

namespace klynge::organisation {

// Used on one thread.
class WatchFilter {
 public:
  WatchFilter() = default;
  // Of a request that is right.
  explicit WatchFilter(const v1::WatchOrganisationRequest& request)
      : sorts_(request.sorts().begin(), request.sorts().end()), subtree_of_(request.subtree_of()) {}

  bool NeedsTree() const { return !subtree_of_.empty(); }
  // What is below the unit from now on is what `tree` says.
  void SetTree(std::shared_ptr<const Tree> tree);

  // Whether this is wanted. With a subtree a tree must be set.
  bool Wants(const v1::OrganisationChange& change) const;
  // The same where the change took the thing away from units: who watches those hears of it too.
  bool Wants(const v1::OrganisationChange& change, const std::vector<Departure>& departures) const;

 private:
  bool WantsSort(const v1::OrganisationChange& change) const;

  std::set<std::string> sorts_;  // empty: all
  std::string subtree_of_;       // "": all
  std::shared_ptr<const Tree> tree_;
  absl::optional<Scope> scope_;  // points into tree_
};

}  // namespace klynge::organisation
