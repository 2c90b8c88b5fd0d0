#include <map>

#include "klynge/goals/v1/goals_service.grpc.pb.h"
#include "services/courses/peer_call.h"
#include "services/courses/peers.h"

namespace klynge::courses {
namespace {

using goals::v1::GoalsService;

constexpr int kMaxOverdue = 20;

// Adds the figures of one unit's subtree; `progress_sum` and `weight` make the mean over all of
// them.
void AddFigures(const goals::v1::UnitProgress& unit, v1::GoalFigures& figures, double& progress_sum,
                double& weight) {
  figures.set_agreed(figures.agreed() + unit.states().agreed());
  figures.set_met(figures.met() + unit.states().achieved());
  figures.set_drafts(figures.drafts() + unit.states().draft());
  figures.set_overdue(figures.overdue() + unit.overdue_count());
  if (!unit.has_progress()) return;
  progress_sum += unit.progress() * unit.weight();
  weight += unit.weight();
}

void AddOverdueAndCoverage(const goals::v1::GetProgressResponse& progress, v1::BriefGoals& answer) {
  for (const auto& overdue : progress.overdue()) {
    auto& goal = *answer.add_overdue();
    goal.set_goal_id(overdue.goal_id());
    goal.set_title(overdue.title());
    goal.set_unit_id(overdue.unit_id());
    goal.set_due_on(overdue.due_on());
  }
  for (const auto& area : progress.core_areas()) {
    auto& coverage = *answer.add_coverage();
    coverage.set_core_area(area.code());
    coverage.set_label(area.code());
    coverage.set_goals(area.counted_goal_count() + area.draft_goal_count());
  }
}

// Puts the framework's words in place of codes; without the framework the codes stay.
void LabelCoverage(const Asker<GoalsService>& ask, const goals::v1::GetProgressResponse& progress,
                   v1::BriefGoals& answer) {
  if (progress.framework_id().empty()) return;
  goals::v1::GetFrameworkRequest request;
  request.set_framework_id(progress.framework_id());
  request.set_version(progress.framework_version());
  request.set_min_revision(progress.revision());
  goals::v1::GetFrameworkResponse response;
  const absl::Status asked = ask(&GoalsService::Stub::async::GetFramework, request, &response);
  if (!asked.ok()) return;
  std::map<std::string, std::string> labels;
  for (const auto& area : response.framework().core_areas()) {
    labels[area.code()] = ask.question().say.Plain(area.label());
  }
  for (auto& coverage : *answer.mutable_coverage()) {
    auto label = labels.find(coverage.core_area());
    if (label != labels.end()) coverage.set_label(label->second);
  }
}

}  // namespace

absl::StatusOr<v1::BriefGoals> AskGoals(rpc::Peer& goals, const Question& question) {
  const Asker<GoalsService> ask(goals, question);
  v1::BriefGoals answer;
  double progress_sum = 0;
  double weight = 0;
  int64_t revision = question.fresh.goals;
  for (const std::string& unit : question.unit_ids) {
    goals::v1::GetProgressRequest request;
    request.set_unit_id(unit);
    request.set_as_of(question.as_of);
    request.set_max_overdue(kMaxOverdue);
    request.set_min_revision(revision);
    request.set_min_organisation_revision(question.fresh.organisation);
    goals::v1::GetProgressResponse response;
    KLYNGE_RETURN_IF_ERROR(ask(&GoalsService::Stub::async::GetProgress, request, &response));
    revision = response.revision();
    AddFigures(response.total(), *answer.mutable_figures(), progress_sum, weight);
    if (question.unit_ids.size() > 1) continue;  // details are of one cluster
    AddOverdueAndCoverage(response, answer);
    LabelCoverage(ask, response, answer);
  }
  if (weight > 0) answer.mutable_figures()->set_progress(progress_sum / weight);
  return answer;
}

}  // namespace klynge::courses
