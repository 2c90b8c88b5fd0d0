#include <absl/container/flat_hash_set.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/goal_convert.h"
#include "services/goals/goals_service.h"
#include "services/goals/placement.h"
#include "services/goals/progress.h"
#include "services/goals/roll_up.h"
#include "services/goals/unit_uses.h"
#include "services/organisation/client/passing_units.h"
#include "services/platform/rpc/page_token.h"
#include "services/platform/rpc/validation.h"

namespace klynge::goals {
namespace {

// What ListGoals asks of a goal, apart from its unit.
bool Matches(const Goal& goal, Date day, const v1::ListGoalsRequest& request) {
  const absl::optional<State> state = StateOn(goal, day);
  if (!state) return false;
  const auto& states = request.states();
  if (!states.empty() &&
      std::find(states.begin(), states.end(), static_cast<int>(*state)) == states.end()) {
    return false;
  }
  const auto& areas = goal.core_areas;
  if (!request.core_area_code().empty() &&
      std::find(areas.begin(), areas.end(), request.core_area_code()) == areas.end()) {
    return false;
  }
  return !request.overdue_only() || DaysOverdue(goal, day) > 0;
}

// The units whose goals are meant by the unit that is asked about: also those for which one of them
// stands that day.
absl::flat_hash_set<std::string> UnitsMeant(const organisation::Tree& tree, Date tree_day,
                                            const v1::ListGoalsRequest& request) {
  absl::flat_hash_set<std::string> units = {request.unit_id()};
  if (request.include_subtree()) {
    for (std::string& unit : tree.Subtree(request.unit_id(), tree_day)) {
      units.insert(std::move(unit));
    }
  }
  const auto passing = tree.Indexed<organisation::PassingUnits>().CountedIn(units, tree_day);
  units.insert(passing.begin(), passing.end());
  return units;
}

// The goals of the units that are asked about, or of the parent goal, or all; in no particular
// order. The tree may be null when no unit is asked about.
std::vector<GoalPointer> Candidates(const GoalBook& book, const organisation::Tree* tree,
                                    Date tree_day, const v1::ListGoalsRequest& request) {
  std::vector<GoalPointer> found;
  const bool of_parent = !request.parent_goal_id().empty();
  const auto add = [&](const GoalPointer& goal) {
    if (!of_parent || goal->parent_goal_id == request.parent_goal_id()) found.push_back(goal);
  };
  if (!request.unit_id().empty()) {
    for (const std::string& unit : UnitsMeant(*tree, tree_day, request)) {
      for (const std::string& goal_id : book.OfUnit(unit)) add(book.Find(goal_id));
    }
  } else if (of_parent) {
    for (const std::string& goal_id : book.Carrying(request.parent_goal_id())) {
      add(book.Find(goal_id));
    }
  } else {
    book.ForEach(add);
  }
  return found;
}

}  // namespace

absl::Status GoalsService::HandleGetGoal(const Call&, const BookAt& book,
                                         const v1::GetGoalRequest& request,
                                         v1::GetGoalResponse* response) {
  const GoalPointer goal = book.book->Find(request.goal_id());
  if (!goal) return GoalNotFound(request.goal_id());
  const Date today = Now();
  ToProto(*goal, today, response->mutable_goal());
  for (const std::string& child : book.book->Carrying(goal->goal_id)) {
    response->add_child_goal_ids(child);
  }
  Sum sum;
  for (const GoalPointer& part : book.book->Cascade(goal->goal_id)) {
    sum.Add(ContributionOf(*part, today).sum);
  }
  if (const auto mean = sum.Mean()) response->set_cascaded_progress(*mean);
  response->set_cascaded_goal_count(static_cast<int>(sum.counted));
  response->set_revision(book.revision);
  return absl::OkStatus();
}

absl::Status GoalsService::HandleListGoals(const Call& call, const BookAt& book,
                                           const v1::ListGoalsRequest& request,
                                           v1::ListGoalsResponse* response) {
  Violations violations;
  const Date day = DateOr(violations, "as_of", request.as_of(), Now());
  const Date tree_day = DateOr(violations, "tree_as_of", request.tree_as_of(), day);
  if (!request.unit_id().empty()) RequireId(violations, "unit_id", request.unit_id());
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  KLYNGE_ASSIGN_OR_RETURN(const int page_size, rpc::PageSize(request.page_size()));
  KLYNGE_ASSIGN_OR_RETURN(const std::string after, rpc::PagePosition(request));
  TreePointer tree;
  if (!request.unit_id().empty()) {
    KLYNGE_ASSIGN_OR_RETURN(
        tree, TreeFor(call, request.unit_id(), tree_day, request.min_organisation_revision()));
    response->set_organisation_revision(tree->revision());
  }
  std::vector<GoalPointer> goals = Candidates(*book.book, tree.get(), tree_day, request);
  goals.erase(std::remove_if(goals.begin(), goals.end(),
                             [&](const GoalPointer& goal) {
                               return goal->goal_id <= after || !Matches(*goal, day, request);
                             }),
              goals.end());
  std::sort(goals.begin(), goals.end(),
            [](const GoalPointer& a, const GoalPointer& b) { return a->goal_id < b->goal_id; });
  response->set_revision(book.revision);
  for (size_t i = 0; i < goals.size(); ++i) {
    if (response->goals_size() == page_size) {
      response->set_next_page_token(rpc::MakePageToken(request, goals[i - 1]->goal_id));
      break;
    }
    ToProto(*goals[i], day, response->add_goals());
  }
  return absl::OkStatus();
}

absl::Status GoalsService::HandleListCheckIns(const Call&, const BookAt& book,
                                              const v1::ListCheckInsRequest& request,
                                              v1::ListCheckInsResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const int page_size, rpc::PageSize(request.page_size()));
  KLYNGE_ASSIGN_OR_RETURN(const std::string position, rpc::PagePosition(request));
  int64_t after = 0;
  if (!position.empty() && !absl::SimpleAtoi(position, &after)) after = 0;
  const GoalPointer goal = book.book->Find(request.goal_id());
  if (!goal) return GoalNotFound(request.goal_id());
  response->set_revision(book.revision);
  int64_t last = after;
  for (const goals::CheckIn& check_in : goal->check_ins) {
    const bool of_criterion =
        request.criterion_id().empty() || check_in.criterion_id == request.criterion_id();
    if (check_in.number <= after || !of_criterion) continue;
    if (response->check_ins_size() == page_size) {
      response->set_next_page_token(rpc::MakePageToken(request, absl::StrCat(last)));
      break;
    }
    ToProto(*goal, check_in, response->add_check_ins());
    last = check_in.number;
  }
  return absl::OkStatus();
}

absl::Status GoalsService::HandleListUnitUses(const Call&, const BookAt& book,
                                              const v1::ListUnitUsesRequest& request,
                                              v1::ListUnitUsesResponse* response) {
  response->set_revision(book.revision);
  const auto find = [&book](const rpc::UnitsAsked& asked) { return UsesOf(asked, *book.book); };
  return rpc::AnswerUnitUses(request, Now(), find, response);
}

}  // namespace klynge::goals
