#include "services/organisation/watch_filter.h"

#include <absl/algorithm/container.h>

#include <utility>

#include "services/organisation/content.h"

namespace klynge::organisation {

void WatchFilter::SetTree(std::shared_ptr<const Tree> tree) {
  if (!NeedsTree() || (tree_ != nullptr && tree_->revision() == tree->revision())) return;
  scope_.emplace(*tree, subtree_of_);
  tree_ = std::move(tree);
}

bool WatchFilter::WantsSort(const v1::OrganisationChange& change) const {
  return sorts_.empty() || sorts_.contains(WordOf(change));
}

bool WatchFilter::Wants(const v1::OrganisationChange& change) const {
  return WantsSort(change) && (!NeedsTree() || scope_->Concerns(ContentOf(change)));
}

bool WatchFilter::Wants(const v1::OrganisationChange& change,
                        const std::vector<Departure>& departures) const {
  if (Wants(change)) return true;
  if (!NeedsTree() || !WantsSort(change)) return false;
  return absl::c_any_of(departures, [&](const Departure& gone) {
    return gone.revision == change.revision() && gone.word == WordOf(change) &&
           gone.id == IdIn(ContentOf(change)) && scope_->Has(gone.unit_id);
  });
}

}  // namespace klynge::organisation
