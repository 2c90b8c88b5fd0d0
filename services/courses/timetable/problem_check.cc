// CheckProblem: every mistake in a problem at once, before anything is planned.

#include <set>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/planner.h"

namespace klynge::courses::timetable {
namespace {

class Errors {
 public:
  void Add(std::string field, std::string description) {
    errors_.push_back({std::move(field), std::move(description)});
  }
  template <class Items>
  std::set<std::string> Ids(const Items& items, const std::string& list) {
    std::set<std::string> ids;
    for (size_t i = 0; i < items.size(); ++i) {
      const std::string field = absl::StrCat(list, "[", i, "].id");
      if (items[i].id.empty()) Add(field, "is missing");
      if (!ids.insert(items[i].id).second) {
        Add(field, absl::StrCat("'", items[i].id, "' is given twice"));
      }
    }
    return ids;
  }
  std::vector<ProblemError> Take() { return std::move(errors_); }

 private:
  std::vector<ProblemError> errors_;
};

void CheckPeriod(const Problem& problem, Errors& errors) {
  if (problem.until < problem.from) {
    errors.Add("until", absl::StrCat(absl::FormatCivilTime(problem.until), " is before from, ",
                                     absl::FormatCivilTime(problem.from)));
  } else if (problem.until - problem.from > kMaxPeriodDays) {
    errors.Add("until", absl::StrCat("the period is longer than ", kMaxPeriodDays, " days"));
  }
}

void CheckLimits(const Limits& limits, Errors& errors) {
  if (limits.min_gap_days < 1) {
    errors.Add("limits.min_gap_days", absl::StrCat(limits.min_gap_days, " is less than 1"));
  }
  if (limits.max_gap_days < limits.min_gap_days) {
    errors.Add(
        "limits.max_gap_days",
        absl::StrCat(limits.max_gap_days, " is less than min_gap_days, ", limits.min_gap_days));
  }
  if (!(limits.max_away_share > 0 && limits.max_away_share <= 1)) {
    errors.Add("limits.max_away_share",
               absl::StrCat(limits.max_away_share, " is not above 0 and at most 1"));
  }
  if (limits.always_allowed_away < 0) {
    errors.Add("limits.always_allowed_away",
               absl::StrCat(limits.always_allowed_away, " is negative"));
  }
  if (!(limits.max_cluster_away_share >= 0 && limits.max_cluster_away_share <= 1)) {
    errors.Add("limits.max_cluster_away_share",
               absl::StrCat(limits.max_cluster_away_share, " is not within 0 to 1"));
  }
  if (limits.max_lecturer_days_per_month < 0) {
    errors.Add("limits.max_lecturer_days_per_month",
               absl::StrCat(limits.max_lecturer_days_per_month, " is negative"));
  }
  if (limits.max_team_days_per_month < 0) {
    errors.Add("limits.max_team_days_per_month",
               absl::StrCat(limits.max_team_days_per_month, " is negative"));
  }
}

void CheckWeights(const Weights& weights, Errors& errors) {
  for (const Wish& wish : kWishes) {
    const int weight = weights.*wish.weight;
    if (weight >= 0 && weight <= kMaxWeight) continue;
    errors.Add(absl::StrCat("weights.", wish.name),
               absl::StrCat(weight, " is not within 0 to ", kMaxWeight));
  }
}

void CheckSeries(const std::vector<Series>& series, Errors& errors) {
  for (size_t i = 0; i < series.size(); ++i) {
    if (series[i].events < 0) errors.Add(absl::StrCat("series[", i, "].events"), "is negative");
    if (series[i].days >= 1 && series[i].days <= kMaxEventDays) continue;
    errors.Add(absl::StrCat("series[", i, "].days"),
               absl::StrCat(series[i].days, " is not within 1 to ", kMaxEventDays));
  }
}

// Only what makes counting the changes impossible; the things it names may be gone.
void CheckPublished(const Problem& problem, Errors& errors) {
  if (problem.max_changes < -1) {
    errors.Add("max_changes", absl::StrCat(problem.max_changes, " is less than -1"));
  }
  std::set<std::pair<std::string, std::string>> placed;  // series and team
  for (size_t i = 0; i < problem.published.events.size(); ++i) {
    const Event& event = problem.published.events[i];
    for (const std::string& team : event.team_ids) {
      if (placed.emplace(event.series_id, team).second) continue;
      errors.Add(absl::StrCat("published.events[", i, "].team_ids"),
                 absl::StrCat("'", team, "' attends series '", event.series_id, "' twice"));
    }
  }
}

void CheckPins(const Problem& problem, const std::set<std::string>& series,
               const std::set<std::string>& teams, const std::set<std::string>& venues,
               const std::set<std::string>& lecturers, Errors& errors) {
  std::set<std::pair<std::string, std::string>> placed;  // series and team
  for (size_t i = 0; i < problem.pins.size(); ++i) {
    const Pin& pin = problem.pins[i];
    const auto check = [&](const char* name, const std::string& id,
                           const std::set<std::string>& known) {
      if (known.count(id) > 0) return;
      errors.Add(absl::StrCat("pins[", i, "].", name), absl::StrCat("'", id, "' is unknown"));
    };
    check("series_id", pin.series_id, series);
    if (!pin.venue_id.empty()) check("venue_id", pin.venue_id, venues);
    if (!pin.lecturer_id.empty()) check("lecturer_id", pin.lecturer_id, lecturers);
    for (const std::string& team : pin.team_ids) {
      check("team_ids", team, teams);
      if (placed.emplace(pin.series_id, team).second) continue;
      errors.Add(absl::StrCat("pins[", i, "].team_ids"),
                 absl::StrCat("'", team, "' is pinned twice in series '", pin.series_id, "'"));
    }
  }
}

}  // namespace

std::vector<ProblemError> CheckProblem(const Problem& problem) {
  Errors errors;
  CheckPeriod(problem, errors);
  CheckLimits(problem.limits, errors);
  CheckWeights(problem.weights, errors);
  if (problem.series.empty()) errors.Add("series", "there is none to plan");
  if (problem.teams.empty()) errors.Add("teams", "there is none to plan for");
  CheckSeries(problem.series, errors);
  for (size_t i = 0; i < problem.teams.size(); ++i) {
    const Team& team = problem.teams[i];
    if (team.heads < 1) {
      errors.Add(absl::StrCat("teams[", i, "].heads"), absl::StrCat(team.heads, " is less than 1"));
    }
    if (team.area_id.empty()) errors.Add(absl::StrCat("teams[", i, "].area_id"), "is missing");
  }
  for (size_t i = 0; i < problem.venues.size(); ++i) {
    if (problem.venues[i].seats >= 1) continue;
    errors.Add(absl::StrCat("venues[", i, "].seats"),
               absl::StrCat(problem.venues[i].seats, " is less than 1"));
  }
  const auto series = errors.Ids(problem.series, "series");
  const auto teams = errors.Ids(problem.teams, "teams");
  const auto venues = errors.Ids(problem.venues, "venues");
  const auto lecturers = errors.Ids(problem.lecturers, "lecturers");
  CheckPins(problem, series, teams, venues, lecturers, errors);
  CheckPublished(problem, errors);
  return errors.Take();
}

}  // namespace klynge::courses::timetable
