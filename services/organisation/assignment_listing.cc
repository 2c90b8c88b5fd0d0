#include "services/organisation/assignment_listing.h"

#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_set.h>

#include "services/organisation/query_support.h"

namespace klynge::organisation {
namespace {

constexpr size_t kMostKept = 8;

}  // namespace

std::shared_ptr<const AssignmentListing::Assignments> AssignmentListing::On(Date day) const {
  MutexLock lock(&mutex_);
  const auto found = absl::c_find_if(kept_, [&](const auto& kept) { return kept.first == day; });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return kept_.front().second;
  }
  auto assignments = std::make_shared<Assignments>();
  for (const Assignment& held : tree_.organisation().assignments) {
    if (held.valid.Contains(day)) assignments->push_back(&held);
  }
  kept_.emplace_front(day, std::move(assignments));
  if (kept_.size() > kMostKept) kept_.pop_back();
  return kept_.front().second;
}

absl::StatusOr<std::shared_ptr<const AssignmentListing::Assignments>> AssignmentsIn(
    const Tree& tree, const v1::ListAssignmentsRequest& request, Date on) {
  auto found = std::make_shared<AssignmentListing::Assignments>();
  std::vector<std::string> units;
  if (!request.unit_id().empty()) {
    KLYNGE_ASSIGN_OR_RETURN(units, UnitsInScope(tree, request, on));
  }
  if (!request.person_id().empty()) {
    if (tree.FindPerson(request.person_id()) == nullptr) return PersonNotFound(request.person_id());
    const absl::flat_hash_set<std::string> scope(units.begin(), units.end());
    for (const Assignment* held : tree.AssignmentsOf(request.person_id())) {
      const bool there = scope.empty() || scope.contains(held->unit_id);
      if (there && held->valid.Contains(on)) found->push_back(held);
    }
  } else if (!request.unit_id().empty()) {
    for (const std::string& unit_id : units) {
      const auto at = tree.AssignmentsAt(unit_id, on);
      found->insert(found->end(), at.begin(), at.end());
    }
  } else {
    const auto all = tree.Indexed<AssignmentListing>().On(on);
    if (request.roles().empty()) return all;
    *found = *all;
  }
  std::erase_if(*found,
                [&](const auto* held) { return !LetsThrough(request.roles(), held->role); });
  absl::c_sort(*found, [](const Assignment* a, const Assignment* b) {
    return a->assignment_id < b->assignment_id;
  });
  return found;
}

}  // namespace klynge::organisation
