#include "services/goals/goal_convert.h"
#include "services/goals/progress.h"

namespace klynge::goals {
namespace {

void BindingToProto(const Binding& binding, v1::IndicatorBinding* message) {
  message->set_instrument_id(binding.instrument_id);
  if (!binding.item_id.empty()) message->set_item_id(binding.item_id);
  if (!binding.guidepost_code.empty()) message->set_guidepost_code(binding.guidepost_code);
  if (!binding.round_id.empty()) message->set_round_id(binding.round_id);
  if (!binding.from_month.empty()) {
    message->mutable_months()->set_from_month(binding.from_month);
    message->mutable_months()->set_to_month(binding.to_month);
  }
  message->set_unit_id(binding.unit_id);
  message->set_scale_id(binding.scale_id);
  message->set_statistic(static_cast<v1::IndicatorStatistic>(binding.statistic));
}

void CriterionToProto(const Goal& goal, const Criterion& criterion, Date day,
                      v1::SuccessCriterion* message) {
  message->set_criterion_id(criterion.criterion_id);
  message->set_indicator(criterion.indicator);
  message->set_unit_of_measure(criterion.unit_of_measure);
  if (criterion.baseline) message->set_baseline(*criterion.baseline);
  if (criterion.target) message->set_target(*criterion.target);
  if (criterion.due_date) message->set_due_date(FormatDate(*criterion.due_date));
  message->set_weight(criterion.weight);
  if (criterion.binding) BindingToProto(*criterion.binding, message->mutable_binding());
  if (const CheckIn* latest = LatestValue(goal, criterion, day)) {
    message->set_current(*latest->value);
    message->set_measured_on(FormatDate(latest->on));
  }
  if (const auto progress = CriterionProgress(goal, criterion, day)) {
    message->set_progress(*progress);
  }
}

// What happened up to that day.
void HistoryToProto(const Goal& goal, Date day, v1::Goal* message) {
  if (goal.agreement && goal.agreement->on <= day) {
    message->mutable_agreement()->set_role(goal.agreement->role);
    message->mutable_agreement()->set_agreed_on(FormatDate(goal.agreement->on));
    message->mutable_agreement()->set_note(goal.agreement->note);
  }
  for (const Dissent& dissent : goal.dissents) {
    if (dissent.on > day) continue;
    auto* line = message->add_dissents();
    line->set_role(dissent.role);
    line->set_voiced_on(FormatDate(dissent.on));
    line->set_note(dissent.note);
    line->set_number(static_cast<int>(dissent.number));
    *line->mutable_recorded_at() = Timestamp(dissent.recorded_at);
  }
  if (goal.closure && goal.closure->on <= day) {
    message->mutable_closure()->set_role(goal.closure->role);
    message->mutable_closure()->set_closed_on(FormatDate(goal.closure->on));
    message->mutable_closure()->set_note(goal.closure->note);
  }
  if (const auto last = LastFollowUp(goal, day)) message->set_last_follow_up_on(FormatDate(*last));
  if (const auto due = FollowUpDue(goal, day)) message->set_next_follow_up_due_on(FormatDate(*due));
}

}  // namespace

void ToProto(const Goal& goal, Date day, v1::Goal* message) {
  message->Clear();
  message->set_goal_id(goal.goal_id);
  message->set_unit_id(goal.unit_id);
  message->set_parent_goal_id(goal.parent_goal_id);
  message->set_title(goal.title);
  message->set_description(goal.description);
  message->set_framework_id(goal.framework_id);
  message->set_framework_version(static_cast<int>(goal.framework_version));
  for (const std::string& code : goal.core_areas) message->add_core_area_codes(code);
  for (const std::string& code : goal.guideposts) message->add_guidepost_codes(code);
  for (const std::string& code : goal.themes) message->add_curriculum_theme_codes(code);
  message->set_weight(goal.weight);
  message->set_starts_on(FormatDate(goal.starts_on));
  message->set_follow_up_interval_days(static_cast<int>(goal.follow_up_interval_days));
  for (const Criterion& criterion : goal.criteria) {
    CriterionToProto(goal, criterion, day, message->add_criteria());
  }
  HistoryToProto(goal, day, message);
  const State state = StateOn(goal, day).value_or(State::kDraft);
  message->set_state(static_cast<v1::GoalState>(state));
  const auto progress = OwnProgress(goal, day);
  if (progress && message->has_agreement()) message->set_progress(*progress);
  message->set_etag(Etag(goal));
  message->set_revision(goal.revision);
  *message->mutable_created_at() = Timestamp(goal.created_at);
  *message->mutable_updated_at() = Timestamp(goal.updated_at);
}

void ToProto(const Goal& goal, const CheckIn& check_in, v1::CheckIn* message) {
  message->Clear();
  message->set_number(static_cast<int>(check_in.number));
  message->set_goal_id(goal.goal_id);
  message->set_criterion_id(check_in.criterion_id);
  if (check_in.value) message->set_value(*check_in.value);
  message->set_checked_on(FormatDate(check_in.on));
  message->set_note(check_in.note);
  message->set_source(static_cast<v1::CheckInSource>(check_in.source));
  message->set_role(check_in.role);
  message->set_sample_size(check_in.sample_size);
  *message->mutable_recorded_at() = Timestamp(check_in.recorded_at);
}

}  // namespace klynge::goals
