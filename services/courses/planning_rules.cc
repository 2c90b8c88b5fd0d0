#include "services/courses/planning_rules.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/enrolment.h"
#include "services/courses/resource.h"
#include "services/platform/rpc/validation.h"

namespace klynge::courses {
namespace {

constexpr double kDefaultShareAway = 0.5;
constexpr int kMaxGap = 3660;
constexpr int kMaxDaysPerMonth = 31;
// Much dearer than a wish by default: what is published is hardly changed for a wish's sake.
constexpr int kWeightOfChange = 100;

Date DateIn(const std::string& iso) { return ParseDate(iso).value_or(kOpenStart); }

void ReadPeriod(const v1::Programme& programme, const v1::PlanningRules& rules,
                timetable::Problem& problem, Violations& violations) {
  const Date first = DateIn(programme.first_day());
  const Date last = DateIn(programme.last_day());
  problem.from = DateOr(violations, "rules.first_day", rules.first_day(), first);
  problem.until = DateOr(violations, "rules.last_day", rules.last_day(), last);
  if (problem.from < first || problem.from > last) {
    violations.Add("rules.first_day",
                   absl::StrCat(rules.first_day(), " is not within the programme (",
                                programme.first_day(), " to ", programme.last_day(), ")"));
  }
  if (problem.until > last || problem.until < problem.from) {
    violations.Add(
        "rules.last_day",
        absl::StrCat(rules.last_day(), " is not between first_day and ", programme.last_day()));
  } else if (problem.until - problem.from > timetable::kMaxPeriodDays) {
    violations.Add("rules.last_day", absl::StrCat("is more than ", timetable::kMaxPeriodDays,
                                                  " days after first_day"));
  }
  for (int i = 0; i < rules.closed_days_size(); ++i) {
    const std::string field = absl::StrCat("rules.closed_days[", i, "]");
    if (rules.closed_days(i).empty()) violations.Add(field, "is empty");
    problem.calendar.closed_dates.push_back(
        DateOr(violations, field, rules.closed_days(i), problem.from));
  }
}

void ReadGaps(const v1::PlanningRules& rules, timetable::Limits& limits, Violations& violations) {
  if (rules.min_days_between() != 0) limits.min_gap_days = rules.min_days_between();
  if (rules.max_days_between() != 0) limits.max_gap_days = rules.max_days_between();
  if (limits.min_gap_days < 1 || limits.min_gap_days > kMaxGap) {
    violations.Add("rules.min_days_between",
                   absl::StrCat(rules.min_days_between(), " is not between 1 and ", kMaxGap));
  }
  if (limits.max_gap_days < limits.min_gap_days || limits.max_gap_days > kMaxGap) {
    violations.Add("rules.max_days_between",
                   absl::StrCat(limits.max_gap_days, " is not between min_days_between (",
                                limits.min_gap_days, ") and ", kMaxGap));
  }
}

void ReadLimits(const v1::PlanningRules& rules, timetable::Limits& limits, Violations& violations) {
  limits.max_away_share =
      rules.max_area_share_away() == 0 ? kDefaultShareAway : rules.max_area_share_away();
  if (!(limits.max_away_share > 0 && limits.max_away_share <= 1)) {
    violations.Add("rules.max_area_share_away",
                   absl::StrCat(rules.max_area_share_away(), " is not above 0 and at most 1"));
  }
  ReadGaps(rules, limits, violations);
  const auto read_days = [&](const char* field, int days, int& limit) {
    limit = days;
    if (days >= 0 && days <= kMaxDaysPerMonth) return;
    violations.Add(field, absl::StrCat(days, " is not between 0 and ", kMaxDaysPerMonth));
  };
  read_days("rules.max_team_days_per_month", rules.max_team_days_per_month(),
            limits.max_team_days_per_month);
  read_days("rules.max_lecturer_days_per_month", rules.max_lecturer_days_per_month(),
            limits.max_lecturer_days_per_month);
}

void ReadWeekdays(const v1::PlanningRules& rules, timetable::Problem& problem,
                  Violations& violations) {
  for (int i = 0; i < rules.preferred_weekdays_size(); ++i) {
    const int day = rules.preferred_weekdays(i);
    if (day < 1 || day > 5) {
      violations.Add(absl::StrCat("rules.preferred_weekdays[", i, "]"),
                     absl::StrCat(day, " is not between 1 (Monday) and 5 (Friday)"));
      continue;
    }
    problem.preferred_weekdays.insert(static_cast<absl::Weekday>(day - 1));
  }
}

std::string WishNames() {
  return absl::StrJoin(timetable::kWishes, ", ", [](std::string* out, const timetable::Wish& wish) {
    absl::StrAppend(out, wish.name);
  });
}

void ReadWeights(const v1::PlanningRules& rules, timetable::Weights& weights,
                 Violations& violations) {
  if (rules.keep_published()) weights.stay_published = kWeightOfChange;
  std::set<std::string> given;
  for (int i = 0; i < rules.weights_size(); ++i) {
    const std::string& name = rules.weights(i).wish();
    const int weight = rules.weights(i).weight();
    const std::string field = absl::StrCat("rules.weights[", i, "]");
    const auto* wish = std::find_if(std::begin(timetable::kWishes), std::end(timetable::kWishes),
                                    [&](const timetable::Wish& each) { return each.name == name; });
    if (wish == std::end(timetable::kWishes)) {
      violations.Add(field + ".wish",
                     absl::StrCat("\"", name, "\" is no wish; there are ", WishNames()));
    } else {
      weights.*wish->weight = weight;
    }
    if (!given.insert(name).second) violations.Add(field + ".wish", "is given twice");
    if (weight < 0 || weight > timetable::kMaxWeight) {
      violations.Add(field + ".weight",
                     absl::StrCat(weight, " is not between 0 and ", timetable::kMaxWeight));
    }
  }
}

void ReadChanges(const v1::PlanningRules& rules, timetable::Problem& problem,
                 Violations& violations) {
  if (!rules.has_max_changes()) return;
  problem.max_changes = rules.max_changes();
  if (rules.max_changes() < 0) {
    violations.Add("rules.max_changes", absl::StrCat(rules.max_changes(), " is below 0"));
  } else if (!rules.keep_published()) {
    violations.Add("rules.max_changes", "needs keep_published");
  }
}

void CheckUnavailableTeams(const ProgrammeRecord& record, const v1::PlanningRules& rules,
                           Violations& violations) {
  std::set<std::string> given;
  for (int i = 0; i < rules.unavailable_teams_size(); ++i) {
    const auto& team = rules.unavailable_teams(i);
    const std::string field = absl::StrCat("rules.unavailable_teams[", i, "]");
    if (FindActive(record, team.cluster_id()) == nullptr) {
      violations.Add(field + ".cluster_id",
                     absl::StrCat("\"", team.cluster_id(), "\" is not enrolled"));
    }
    if (!given.insert(team.cluster_id()).second) {
      violations.Add(field + ".cluster_id", "is given twice");
    }
    if (team.days().empty()) violations.Add(field + ".days", "is empty");
    CheckDays(field + ".days", team.days(), violations);
  }
}

}  // namespace

absl::Status ReadRules(const ProgrammeRecord& record, const v1::PlanningRules& rules,
                       timetable::Problem& problem) {
  Violations violations;
  ReadPeriod(record.programme, rules, problem, violations);
  ReadLimits(rules, problem.limits, violations);
  ReadWeekdays(rules, problem, violations);
  ReadWeights(rules, problem.weights, violations);
  ReadChanges(rules, problem, violations);
  CheckUnavailableTeams(record, rules, violations);
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

}  // namespace klynge::courses
