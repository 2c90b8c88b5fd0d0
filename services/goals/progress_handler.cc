#include <absl/strings/str_cat.h>

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/goals_service.h"
#include "services/goals/placement.h"
#include "services/platform/rpc/validation.h"

namespace klynge::goals {
namespace {

constexpr int kDefaultOverdue = 100;
constexpr int kMaxOverdue = 1000;

void SumsToProto(const organisation::UnitVersion& unit, const UnitSums& sums,
                 v1::UnitProgress* message) {
  message->set_unit_id(unit.unit_id);
  message->set_unit_name(unit.name);
  message->set_unit_kind(unit.kind);
  if (const auto mean = sums.sum.Mean()) message->set_progress(*mean);
  message->set_weight(sums.sum.weight);
  message->set_counted_goal_count(static_cast<int>(sums.sum.counted));
  message->set_unmeasured_goal_count(static_cast<int>(sums.unmeasured));
  message->mutable_states()->set_draft(static_cast<int>(sums.draft));
  message->mutable_states()->set_agreed(static_cast<int>(sums.agreed));
  message->mutable_states()->set_achieved(static_cast<int>(sums.achieved));
  message->mutable_states()->set_abandoned(static_cast<int>(sums.abandoned));
  message->set_overdue_count(static_cast<int>(sums.overdue));
}

void CoverageToProto(const v1::Framework& framework, const UnitSums& sums,
                     v1::GetProgressResponse* response) {
  response->set_framework_id(framework.framework_id());
  response->set_framework_version(framework.version());
  for (const v1::CoreArea& area : framework.core_areas()) {
    auto* message = response->add_core_areas();
    message->set_code(area.code());
    auto found = sums.areas.find(area.code());
    const AreaSums none;
    const AreaSums& of_area = found == sums.areas.end() ? none : found->second;
    message->set_covered(of_area.covered());
    if (const auto mean = of_area.sum.Mean()) message->set_progress(*mean);
    message->set_counted_goal_count(static_cast<int>(of_area.sum.counted));
    message->set_draft_goal_count(static_cast<int>(of_area.drafts));
    if (!of_area.covered()) response->add_uncovered_core_area_codes(area.code());
  }
}

void OverdueToProto(const std::vector<Overdue>& overdue, const GoalBook& book, Date day,
                    v1::GetProgressResponse* response) {
  for (const Overdue& late : overdue) {
    auto* message = response->add_overdue();
    message->set_goal_id(late.goal_id);
    message->set_unit_id(late.unit_id);
    if (const GoalPointer goal = book.Find(late.goal_id)) message->set_title(goal->title);
    message->set_due_on(FormatDate(day - late.days));
    message->set_days_overdue(static_cast<int>(late.days));
  }
}

// The framework asked about, or the one published latest. Null when there is none at all.
absl::StatusOr<FrameworkPointer> FrameworkFor(const GoalBook& book,
                                              const v1::GetProgressRequest& request) {
  if (request.framework_id().empty()) {
    return book.frameworks().empty() ? nullptr : book.frameworks().back();
  }
  auto found = book.FindFramework(request.framework_id(), request.framework_version());
  if (!found) return FrameworkNotFound(request.framework_id(), request.framework_version());
  return found;
}

absl::Status Answer(RollUp& roll_up, const BookAt& book, const v1::GetProgressRequest& request,
                    v1::GetProgressResponse* response) {
  const RollUp::Unit* unit = roll_up.Find(request.unit_id());
  if (unit == nullptr) return UnitNotFound(request.unit_id(), roll_up.tree_day());
  KLYNGE_ASSIGN_OR_RETURN(const FrameworkPointer framework, FrameworkFor(*book.book, request));
  SumsToProto(*unit->version, unit->total, response->mutable_total());
  SumsToProto(*unit->version, unit->own, response->mutable_own());
  for (const std::string& child_id : unit->children) {
    const RollUp::Unit* child = roll_up.Find(child_id);
    SumsToProto(*child->version, child->total, response->add_children());
  }
  if (framework) CoverageToProto(framework->content, unit->total, response);
  const int limit = request.max_overdue() == 0 ? kDefaultOverdue : request.max_overdue();
  OverdueToProto(roll_up.OverdueIn(request.unit_id(), static_cast<size_t>(limit)), *book.book,
                 roll_up.day(), response);
  response->set_as_of(FormatDate(roll_up.day()));
  response->set_tree_as_of(FormatDate(roll_up.tree_day()));
  response->set_revision(book.revision);
  response->set_organisation_revision(roll_up.tree().revision());
  return absl::OkStatus();
}

}  // namespace

absl::Status GoalsService::HandleGetProgress(const Call& call, const BookAt& book,
                                             const v1::GetProgressRequest& request,
                                             v1::GetProgressResponse* response) {
  Violations violations;
  RequireId(violations, "unit_id", request.unit_id());
  const Date day = DateOr(violations, "as_of", request.as_of(), Now());
  const ProgressBoard::Days days = {day,
                                    DateOr(violations, "tree_as_of", request.tree_as_of(), day)};
  if (request.max_overdue() < 0 || request.max_overdue() > kMaxOverdue) {
    violations.Add("max_overdue",
                   absl::StrCat(request.max_overdue(), " is not from 0 to ", kMaxOverdue));
  }
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  KLYNGE_ASSIGN_OR_RETURN(const TreePointer tree, TreeFor(call, request.unit_id(), days.tree_day,
                                                          request.min_organisation_revision()));
  if (!board_.Has(*tree, days)) {
    KLYNGE_ASSIGN_OR_RETURN(const bool fetched,
                            FetchProgress(call, book, tree, days, request, response));
    if (fetched) return absl::OkStatus();
  }
  return RollUpProgress(book, tree, days, request, response);
}

absl::Status GoalsService::RollUpProgress(const BookAt& book, const TreePointer& tree,
                                          ProgressBoard::Days days,
                                          const v1::GetProgressRequest& request,
                                          v1::GetProgressResponse* response) {
  absl::Status answered;
  board_.Ask(tree, days, book, [&](RollUp& roll_up, const BookAt& shown) {
    answered = Answer(roll_up, shown, request, response);
  });
  return answered;
}

absl::StatusOr<bool> GoalsService::FetchProgress(const Call& call, const BookAt& book,
                                                 const TreePointer& tree, ProgressBoard::Days days,
                                                 const v1::GetProgressRequest& request,
                                                 v1::GetProgressResponse* response) {
  v1::GetProgressRequest question = request;
  question.set_as_of(FormatDate(days.day));
  question.set_tree_as_of(FormatDate(days.tree_day));
  question.clear_min_revision();
  question.clear_min_organisation_revision();
  const std::string name = shared_state::AnswerName(
      "goals", "GetProgress", {{"goals", book.revision}, {"organisation", tree->revision()}},
      question);
  const auto compute = [&]() -> absl::StatusOr<std::string> {
    v1::GetProgressResponse computed;
    KLYNGE_RETURN_IF_ERROR(RollUpProgress(book, tree, days, question, &computed));
    // Somebody wrote the titles, and may have written anybody's name.
    for (auto& late : *computed.mutable_overdue()) late.clear_title();
    return computed.SerializeAsString();
  };
  KLYNGE_ASSIGN_OR_RETURN(const std::string answer,
                          progress_answers_.GetOrCompute(name, call.deadline, compute));
  // A newer book may have been rolled up meanwhile, whose titles are not at hand here.
  if (!response->ParseFromString(answer) || response->revision() != book.revision) {
    response->Clear();
    return false;
  }
  for (auto& late : *response->mutable_overdue()) {
    if (const GoalPointer goal = book.book->Find(late.goal_id())) late.set_title(goal->title);
  }
  return true;
}

}  // namespace klynge::goals
