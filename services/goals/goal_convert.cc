#include "services/goals/goal_convert.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include <cmath>
#include <utility>

#include "services/goals/progress.h"
#include "services/platform/rpc/validation.h"

namespace klynge::goals {
namespace {

constexpr size_t kMaxTitle = 200;
constexpr size_t kMaxText = 4000;
constexpr size_t kMaxNote = 2000;
constexpr double kMaxWeight = 1000;
constexpr int kMaxInterval = 366;
constexpr int kDefaultInterval = 90;
constexpr int kMaxCriteria = 20;

// A path behind a prefix: At("goal.", "title").
std::string At(absl::string_view prefix, absl::string_view field) {
  return absl::StrCat(prefix, field);
}

// As RequireText, but may be empty.
void LimitText(Violations& violations, const std::string& field, absl::string_view text,
               size_t max_bytes) {
  if (!text.empty()) RequireText(violations, field, text, max_bytes);
}

double WeightOr1(Violations& violations, const std::string& field, double weight) {
  if (weight == 0) return 1;
  // Written so that NaN is refused too.
  if (!(weight > 0 && weight <= kMaxWeight)) {
    violations.Add(field, absl::StrCat(weight, " is not above 0 and at most ", kMaxWeight));
  }
  return weight;
}

constexpr double kLargestFigure = 1e12;

absl::optional<double> Finite(Violations& violations, const std::string& field, bool has,
                              double value) {
  if (!has) return absl::nullopt;
  // Far beyond anything measured, so that differences and weighted sums stay finite. NaN is refused
  // too.
  if (!(std::abs(value) <= kLargestFigure)) {
    violations.Add(field, absl::StrCat(value, " is no figure from -1e12 to 1e12"));
  }
  return value;
}

Date PastDate(Violations& violations, const std::string& field, absl::string_view iso, Date today) {
  const Date date = DateOr(violations, field, iso, today);
  if (date > today) {
    violations.Add(field, absl::StrCat(iso, " is in the future; today is ", FormatDate(today)));
  }
  return date;
}

template <class Codes>
std::vector<std::string> CodesFrom(const Codes& codes, const std::string& field,
                                   Violations& violations) {
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < codes.size(); ++i) {
    const std::string path = absl::StrCat(field, "[", i, "]");
    RequireId(violations, path, codes[i]);
    if (!seen.insert(codes[i]).second) {
      violations.Add(path, absl::StrCat("\"", codes[i], "\" stands twice"));
    }
  }
  return {codes.begin(), codes.end()};
}

Criterion CriterionFromProto(const v1::SuccessCriterion& message, int index,
                             const std::string& prefix, Date starts_on, Violations& violations) {
  Criterion criterion;
  criterion.criterion_id =
      message.criterion_id().empty() ? absl::StrCat("c", index + 1) : message.criterion_id();
  RequireId(violations, At(prefix, "criterion_id"), criterion.criterion_id);
  criterion.indicator = message.indicator();
  LimitText(violations, At(prefix, "indicator"), message.indicator(), kMaxTitle);
  criterion.unit_of_measure = message.unit_of_measure();
  LimitText(violations, At(prefix, "unit_of_measure"), message.unit_of_measure(), 40);
  criterion.baseline =
      Finite(violations, At(prefix, "baseline"), message.has_baseline(), message.baseline());
  criterion.target =
      Finite(violations, At(prefix, "target"), message.has_target(), message.target());
  if (!message.due_date().empty()) {
    criterion.due_date = DateOr(violations, At(prefix, "due_date"), message.due_date(), starts_on);
    if (*criterion.due_date < starts_on) {
      violations.Add(At(prefix, "due_date"),
                     absl::StrCat(message.due_date(), " is before ", FormatDate(starts_on),
                                  ", the goal's first day"));
    }
  }
  criterion.weight = WeightOr1(violations, At(prefix, "weight"), message.weight());
  if (message.has_binding()) {
    criterion.binding = BindingFromProto(message.binding(), At(prefix, "binding."), violations);
  }
  return criterion;
}

void ReadCriteria(const v1::Goal& message, absl::string_view prefix, Goal& goal,
                  Violations& violations) {
  if (message.criteria_size() > kMaxCriteria) {
    violations.Add(At(prefix, "criteria"),
                   absl::StrCat(message.criteria_size(), " criteria; at most ", kMaxCriteria));
    return;
  }
  absl::flat_hash_set<std::string> ids;
  for (int i = 0; i < message.criteria_size(); ++i) {
    const std::string path = absl::StrCat(prefix, "criteria[", i, "].");
    goal.criteria.push_back(
        CriterionFromProto(message.criteria(i), i, path, goal.starts_on, violations));
    const std::string& id = goal.criteria.back().criterion_id;
    if (!ids.insert(id).second) {
      violations.Add(path + "criterion_id", absl::StrCat("\"", id, "\" stands twice in this goal"));
    }
  }
}

bool ValidMonth(absl::string_view month) {
  return month.size() == 7 && ParseDate(absl::StrCat(month, "-01"));
}

void ReadMonths(const v1::MonthRange& message, absl::string_view prefix, Binding& binding,
                Violations& violations) {
  binding.from_month = message.from_month();
  binding.to_month = message.to_month();
  for (const auto& [field, month] : {std::pair("months.from_month", message.from_month()),
                                     std::pair("months.to_month", message.to_month())}) {
    if (ValidMonth(month)) continue;
    violations.Add(At(prefix, field),
                   absl::StrCat("\"", month, "\" is no month: write it as YYYY-MM"));
  }
  if (binding.to_month < binding.from_month) {
    violations.Add(At(prefix, "months.to_month"),
                   absl::StrCat(binding.to_month, " is before from_month ", binding.from_month));
  }
}

Source SourceFromProto(v1::CheckInSource source, const std::string& field, Violations& violations) {
  switch (source) {
    case v1::CHECK_IN_SOURCE_UNSPECIFIED:
    case v1::CHECK_IN_SOURCE_MEASURED:
      return Source::kMeasured;
    case v1::CHECK_IN_SOURCE_JUDGED:
      return Source::kJudged;
    default:
      break;
  }
  violations.Add(field,
                 "CHECK_IN_SOURCE_MEASURED or CHECK_IN_SOURCE_JUDGED; observation figures "
                 "are checked in by RefreshIndicators");
  return Source::kMeasured;
}

}  // namespace

Goal GoalFromProto(const v1::Goal& message, absl::string_view prefix, Date today,
                   Violations& violations) {
  Goal goal;
  goal.goal_id = message.goal_id();
  RequireId(violations, At(prefix, "goal_id"), goal.goal_id);
  goal.unit_id = message.unit_id();
  RequireId(violations, At(prefix, "unit_id"), goal.unit_id);
  goal.parent_goal_id = message.parent_goal_id();
  if (!goal.parent_goal_id.empty()) {
    RequireId(violations, At(prefix, "parent_goal_id"), goal.parent_goal_id);
  }
  goal.title = message.title();
  RequireText(violations, At(prefix, "title"), goal.title, kMaxTitle);
  goal.description = message.description();
  LimitText(violations, At(prefix, "description"), goal.description, kMaxText);
  goal.framework_id = message.framework_id();
  RequireId(violations, At(prefix, "framework_id"), goal.framework_id);
  goal.framework_version = message.framework_version();
  if (message.framework_version() < 0) {
    violations.Add(At(prefix, "framework_version"), "0 for the latest, or above");
  }
  goal.core_areas = CodesFrom(message.core_area_codes(), At(prefix, "core_area_codes"), violations);
  if (goal.core_areas.empty()) {
    violations.Add(At(prefix, "core_area_codes"), "a goal belongs to at least one core area");
  }
  goal.guideposts = CodesFrom(message.guidepost_codes(), At(prefix, "guidepost_codes"), violations);
  goal.themes =
      CodesFrom(message.curriculum_theme_codes(), At(prefix, "curriculum_theme_codes"), violations);
  goal.weight = WeightOr1(violations, At(prefix, "weight"), message.weight());
  goal.starts_on = DateOr(violations, At(prefix, "starts_on"), message.starts_on(), today);
  const int interval = message.follow_up_interval_days();
  if (interval < 0 || interval > kMaxInterval) {
    violations.Add(At(prefix, "follow_up_interval_days"),
                   absl::StrCat(interval, " is not from 1 to ", kMaxInterval));
  }
  goal.follow_up_interval_days = interval == 0 ? kDefaultInterval : interval;
  ReadCriteria(message, prefix, goal, violations);
  return goal;
}

Agreement AgreementFromProto(const v1::Agreement& message, absl::string_view prefix, Date today,
                             Violations& violations) {
  RequireId(violations, At(prefix, "role"), message.role());
  LimitText(violations, At(prefix, "note"), message.note(), kMaxNote);
  return {message.role(), PastDate(violations, At(prefix, "agreed_on"), message.agreed_on(), today),
          message.note()};
}

Dissent DissentFromProto(const v1::Dissent& message, absl::string_view prefix, Date today,
                         Violations& violations) {
  Dissent dissent;
  dissent.role = message.role();
  RequireId(violations, At(prefix, "role"), dissent.role);
  dissent.on = PastDate(violations, At(prefix, "voiced_on"), message.voiced_on(), today);
  dissent.note = message.note();
  RequireText(violations, At(prefix, "note"), dissent.note, kMaxText);
  return dissent;
}

Closure ClosureFromProto(v1::GoalState state, const v1::Closure& message, absl::string_view prefix,
                         Date today, Violations& violations) {
  Closure closure;
  if (state != v1::GOAL_STATE_ACHIEVED && state != v1::GOAL_STATE_ABANDONED) {
    violations.Add("state", "a goal is closed as GOAL_STATE_ACHIEVED or GOAL_STATE_ABANDONED");
  }
  closure.state = state == v1::GOAL_STATE_ACHIEVED ? State::kAchieved : State::kAbandoned;
  closure.role = message.role();
  RequireId(violations, At(prefix, "role"), closure.role);
  closure.on = PastDate(violations, At(prefix, "closed_on"), message.closed_on(), today);
  closure.note = message.note();
  LimitText(violations, At(prefix, "note"), closure.note, kMaxText);
  return closure;
}

CheckIn CheckInFromProto(const v1::CheckIn& message, absl::string_view prefix, Date today,
                         Violations& violations) {
  CheckIn check_in;
  check_in.criterion_id = message.criterion_id();
  if (!check_in.criterion_id.empty()) {
    RequireId(violations, At(prefix, "criterion_id"), check_in.criterion_id);
  }
  check_in.value = Finite(violations, At(prefix, "value"), message.has_value(), message.value());
  check_in.on = PastDate(violations, At(prefix, "checked_on"), message.checked_on(), today);
  check_in.note = message.note();
  LimitText(violations, At(prefix, "note"), check_in.note, kMaxText);
  if (!message.has_value() && message.note().empty()) {
    violations.Add(At(prefix, "value"), "give a value, or a note that says how the goal stands");
  }
  check_in.source = SourceFromProto(message.source(), At(prefix, "source"), violations);
  check_in.role = message.role();
  RequireId(violations, At(prefix, "role"), check_in.role);
  return check_in;
}

Binding BindingFromProto(const v1::IndicatorBinding& message, absl::string_view prefix,
                         Violations& violations) {
  Binding binding;
  binding.instrument_id = message.instrument_id();
  RequireId(violations, At(prefix, "instrument_id"), binding.instrument_id);
  binding.item_id = message.item_id();
  binding.guidepost_code = message.guidepost_code();
  if (binding.item_id.empty() && binding.guidepost_code.empty()) {
    violations.Add(At(prefix, "item_id"), "give item_id or guidepost_code");
  }
  binding.round_id = message.round_id();
  if (message.has_months()) ReadMonths(message.months(), prefix, binding, violations);
  binding.unit_id = message.unit_id();
  binding.scale_id = message.scale_id();
  for (const auto& [field, id] :
       {std::pair("item_id", binding.item_id), std::pair("guidepost_code", binding.guidepost_code),
        std::pair("round_id", binding.round_id), std::pair("unit_id", binding.unit_id),
        std::pair("scale_id", binding.scale_id)}) {
    if (!id.empty()) RequireId(violations, At(prefix, field), id);
  }
  if (message.statistic() != v1::INDICATOR_STATISTIC_MEAN &&
      message.statistic() != v1::INDICATOR_STATISTIC_SHARE_OF_GREEN) {
    violations.Add(At(prefix, "statistic"),
                   "INDICATOR_STATISTIC_MEAN or INDICATOR_STATISTIC_SHARE_OF_GREEN");
  }
  binding.statistic = static_cast<Statistic>(message.statistic());
  return binding;
}

google::protobuf::Timestamp Timestamp(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

}  // namespace klynge::goals
