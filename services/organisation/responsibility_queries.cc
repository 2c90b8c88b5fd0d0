#include "services/organisation/responsibility_queries.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>

#include "services/organisation/client/responsibilities_convert.h"
#include "services/organisation/query_support.h"
#include "services/organisation/responsibility_index.h"

namespace klynge::organisation {
namespace {

// Adds a violation for a code that is given and not known.
void CheckCode(Violations& violations, const char* field, const std::string& code, bool known,
               const char* where) {
  if (code.empty() || known) return;
  violations.Add(field,
                 absl::StrCat("\"", code, "\" is not known; ", where, " shows those that are"));
}

// All that the place of the request lets through, on any day, by id. kNotFound, UNIT_NOT_FOUND.
absl::StatusOr<std::vector<const Responsibility*>> Where(
    const Tree& tree, const v1::ListResponsibilitiesRequest& request, Date on) {
  const ResponsibilityIndex& index = tree.Indexed<ResponsibilityIndex>();
  std::vector<const Responsibility*> found;
  if (request.unit_id().empty() && request.position_id().empty()) {
    for (const Responsibility& held : tree.organisation().responsibilities) found.push_back(&held);
    return found;
  }
  if (request.unit_id().empty()) return index.OfPosition(request.position_id());
  KLYNGE_ASSIGN_OR_RETURN(const std::vector<std::string> units, UnitsInScope(tree, request, on));
  for (const std::string& unit_id : units) {
    for (const Responsibility* held : index.AtUnit(unit_id)) {
      if (request.position_id().empty() || held->position_id == request.position_id()) {
        found.push_back(held);
      }
    }
  }
  absl::c_sort(found, [](const Responsibility* a, const Responsibility* b) {
    return a->responsibility_id < b->responsibility_id;
  });
  return found;
}

}  // namespace

absl::Status Answer(const Tree& tree, Date today, const v1::ListTasksRequest& request,
                    v1::ListTasksResponse* response) {
  const ResponsibilityIndex& index = tree.Indexed<ResponsibilityIndex>();
  Violations violations;
  CheckCode(violations, "unit_kind", request.unit_kind(),
            tree.FindKind(request.unit_kind()) != nullptr, "ListUnitKinds");
  CheckCode(violations, "leadership_kind", request.leadership_kind(),
            index.FindKind(request.leadership_kind()) != nullptr, "ListTasks without it");
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  std::vector<const Task*> tasks;
  for (const Task& task : tree.organisation().tasks) {
    if (!task.valid.Contains(on)) continue;
    const bool of_unit =
        request.unit_kind().empty() || absl::c_binary_search(task.unit_kinds, request.unit_kind());
    const bool of_kind = request.leadership_kind().empty() ||
                         index.IsPartOf(task.leadership_kind, request.leadership_kind());
    if (of_unit && of_kind) tasks.push_back(&task);
  }
  for (const LeadershipKind* kind : index.kinds()) {
    ToProto(*kind, response->add_leadership_kinds());
  }
  response->set_revision(tree.revision());
  return Page(
      tasks, request, response, [](const Task& task) -> const std::string& { return task.task; },
      [&](const Task& task) { ToProto(task, response->add_tasks()); });
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListResponsibilitiesRequest& request,
                    v1::ListResponsibilitiesResponse* response) {
  const ResponsibilityIndex& index = tree.Indexed<ResponsibilityIndex>();
  Violations violations;
  CheckScope(violations, request);
  if (!request.position_id().empty()) {
    RequireId(violations, "position_id", request.position_id());
  }
  CheckCodes(violations, "tasks", request.tasks(), "ListTasks",
             [&](const std::string& task) { return index.FindTask(task) != nullptr; });
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  if (!request.position_id().empty() && tree.positions().Find(request.position_id()) == nullptr) {
    return PositionNotFound(tree, request.position_id(), on);
  }
  KLYNGE_ASSIGN_OR_RETURN(std::vector<const Responsibility*> held, Where(tree, request, on));
  std::erase_if(held, [&](const Responsibility* one) {
    return !one->valid.Contains(on) || !LetsThrough(request.tasks(), one->task);
  });
  response->set_revision(tree.revision());
  return Page(
      held, request, response,
      [](const Responsibility& one) -> const std::string& { return one.responsibility_id; },
      [&](const Responsibility& one) { ToProto(one, response->add_responsibilities()); });
}

}  // namespace klynge::organisation
