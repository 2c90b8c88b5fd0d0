// Which assignments a listing is about.
#pragma once

#include <absl/status/statusor.h>

#include <list>
#include <memory>
#include <utility>
#include <vector>

#include "klynge/organisation/v1/organisation_service.pb.h"
#include "services/organisation/client/tree.h"
#include "services/platform/mutex.h"

namespace klynge::organisation {

// The assignments of a day, for listings that name neither unit nor person; one of the indexes of a
// tree (client/lazy_indexes.h). Keeps the few days asked for last, so that the pages of a listing
// look through everything once. Thread-safe.
class AssignmentListing {
 public:
  using Assignments = std::vector<const Assignment*>;

  explicit AssignmentListing(const Tree& tree) : tree_(tree) {}

  // Those that hold on the day, by id.
  std::shared_ptr<const Assignments> On(Date day) const;

 private:
  const Tree& tree_;
  mutable Mutex mutex_;
  // What was asked for last comes first.
  mutable std::list<std::pair<Date, std::shared_ptr<const Assignments>>> kept_
      ABSL_GUARDED_BY(mutex_);
};

// Those that hold on the day where the request looks, by id: all, those of the units in scope, or
// those of the person there. kNotFound, UNIT_NOT_FOUND, PERSON_NOT_FOUND.
absl::StatusOr<std::shared_ptr<const AssignmentListing::Assignments>> AssignmentsIn(
    const Tree& tree, const v1::ListAssignmentsRequest& request, Date on);

}  // namespace klynge::organisation
