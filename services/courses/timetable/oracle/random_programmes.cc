#include "services/courses/timetable/oracle/random_programmes.h"

#include <random>

#include "absl/strings/str_cat.h"

namespace klynge::courses::timetable {
namespace {

// The standard's distributions differ between libraries; its engines do not.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  int Below(int n) { return static_cast<int>(engine_() % static_cast<uint64_t>(n)); }
  int Within(int least, int most) { return least + Below(most - least + 1); }
  bool Chance(int percent) { return Below(100) < percent; }
  template <class T>
  const T& OneOf(const std::vector<T>& items) {
    return items[static_cast<size_t>(Below(static_cast<int>(items.size())))];
  }

 private:
  std::mt19937_64 engine_;
};

const std::vector<std::string>& Areas() {
  static const auto& areas = *new std::vector<std::string>{"north", "south"};
  return areas;
}

std::set<Date> SomeDates(Dice& dice, const Problem& problem, int percent) {
  std::set<Date> dates;
  for (Date date = problem.from; date <= problem.until; ++date) {
    if (dice.Chance(percent)) dates.insert(date);
  }
  return dates;
}

void AddSeries(Dice& dice, int count, int teams, Problem& problem) {
  for (int s = 0; s < count; ++s) {
    Series series{absl::StrCat("seminar-", s + 1), s % 2 == 0 ? "data" : "structure"};
    series.events = dice.Chance(25) ? 0 : std::min(teams, dice.Within(1, 3));
    if (dice.Chance(20)) series.days = dice.Within(2, 3);
    if (dice.Chance(25)) series.required_features = {"screen"};
    problem.series.push_back(series);
  }
}

void AddTeams(Dice& dice, int count, int tightness, Problem& problem) {
  for (int t = 0; t < count; ++t) {
    Team team{absl::StrCat("team-", t + 1), dice.OneOf(Areas()), "", dice.Within(1, 5)};
    if (dice.Chance(20 + 30 * tightness)) team.cluster_id = absl::StrCat("cluster-", dice.Below(2));
    if (dice.Chance(40)) team.unavailable = SomeDates(dice, problem, 10 + 10 * tightness);
    problem.teams.push_back(team);
  }
}

void AddVenuesAndLecturers(Dice& dice, int venues, int lecturers, int tightness, Problem& problem) {
  for (int v = 0; v < venues; ++v) {
    Venue venue{absl::StrCat("venue-", v + 1), dice.Chance(15) ? "" : dice.OneOf(Areas()),
                dice.Within(8 - 2 * tightness, 16 - 2 * tightness),
                SomeDates(dice, problem, 10 + 10 * tightness)};
    if (v == 0 || dice.Chance(50)) venue.features = {"screen", "group rooms"};
    problem.venues.push_back(venue);
  }
  const std::vector<std::set<std::string>> themes = {
      {"data", "structure"}, {"data", "structure"}, {"data"}, {"structure"}};
  for (int l = 0; l < lecturers; ++l) {
    problem.lecturers.push_back({absl::StrCat("lecturer-", l + 1),
                                 l == 0 && tightness < 2 ? themes[0] : dice.OneOf(themes),
                                 SomeDates(dice, problem, 10 + 10 * tightness)});
  }
}

void DrawLimits(Dice& dice, int tightness, Limits& limits) {
  limits.min_gap_days = dice.Within(1, 2 + 2 * tightness);
  limits.max_gap_days = limits.min_gap_days + dice.Within(6 - 2 * tightness, 14);
  limits.max_away_share = dice.OneOf<double>({0.34, 0.5, 0.67, 1, 1});
  limits.always_allowed_away = dice.Chance(5) ? 0 : 2 - std::min(tightness, 1);
  if (dice.Chance(50)) limits.max_cluster_away_share = dice.OneOf<double>({0.4, 0.6, 0.8, 1});
  if (dice.Chance(30)) limits.max_lecturer_days_per_month = dice.Within(4, 8) - tightness;
  if (dice.Chance(30)) limits.max_team_days_per_month = dice.Within(3, 5);
}

void DrawWeights(Dice& dice, Problem& problem) {
  problem.weights.spread = dice.Within(0, 3);
  problem.weights.preferred_weekdays = dice.Within(1, 6);
  problem.weights.travel = dice.Within(0, 4);
  problem.weights.venue_stability = dice.Within(0, 3);
  problem.weights.school_holidays = dice.Within(1, 9);
  problem.weights.lecturer_stability = dice.Within(0, 4);
  problem.weights.stay_published = dice.Within(0, 4);
  if (dice.Chance(70)) {
    problem.preferred_weekdays = {absl::Weekday::tuesday, absl::Weekday::wednesday};
  }
}

Date UsableDate(Dice& dice, const Problem& problem) {
  const int days = static_cast<int>(problem.until - problem.from) + 1;
  for (;;) {
    const Date date = problem.from + dice.Below(days);
    if (UseOf(date, problem.calendar) != DayUse::kClosed) return date;
  }
}

void AddPins(Dice& dice, Problem& problem) {
  for (const Series& series : problem.series) {
    if (!dice.Chance(15)) continue;
    Pin pin{series.id, absl::nullopt, "", "", {}};
    if (dice.Chance(50)) pin.date = UsableDate(dice, problem);
    if (dice.Chance(30)) pin.venue_id = dice.OneOf(problem.venues).id;
    if (dice.Chance(30)) pin.lecturer_id = dice.OneOf(problem.lecturers).id;
    if (dice.Chance(40)) pin.team_ids = {dice.OneOf(problem.teams).id};
    problem.pins.push_back(pin);
  }
}

// Announced without much thought: it need not keep any rule.
void Publish(Dice& dice, Problem& problem) {
  for (const Series& series : problem.series) {
    const int most = series.events == 0 ? 2 : std::min(series.events, 2);
    std::vector<Event> events(static_cast<size_t>(dice.Within(1, most)));
    for (Event& event : events) {
      event = {series.id,
               UsableDate(dice, problem),
               dice.OneOf(problem.venues).id,
               dice.OneOf(problem.lecturers).id,
               {}};
    }
    for (const Team& team : problem.teams) {
      events[static_cast<size_t>(dice.Below(static_cast<int>(events.size())))].team_ids.push_back(
          team.id);
    }
    for (Event& event : events) problem.published.events.push_back(event);
  }
  if (dice.Chance(40)) problem.max_changes = dice.Within(5, 12);
}

Problem Draw(Dice& dice, int weeks, int series, int teams, int venues, int lecturers,
             int tightness) {
  Problem problem;
  problem.from = Date(2022, 8, 29) + 7 * dice.Below(7);  // a Monday; some reach week 42
  problem.until = problem.from + 7 * weeks - 1;
  AddSeries(dice, series, teams, problem);
  AddTeams(dice, teams, tightness, problem);
  AddVenuesAndLecturers(dice, venues, lecturers, tightness, problem);
  DrawLimits(dice, tightness, problem.limits);
  DrawWeights(dice, problem);
  AddPins(dice, problem);
  if (dice.Chance(30)) Publish(dice, problem);
  return problem;
}

}  // namespace

Problem RandomProgramme(uint64_t seed, int tightness) {
  Dice dice(seed);
  const int series = dice.Within(2, 3), teams = dice.Within(2, 4);
  const int venues = dice.Within(1, 3), lecturers = dice.Within(1, 3);
  return Draw(dice, dice.Within(2, 4 - tightness), series, teams, venues, lecturers, tightness);
}

Problem RandomTinyProgramme(uint64_t seed) {
  Dice dice(seed);
  const int venues = dice.Within(1, 2);
  Problem problem = Draw(dice, 2, 2, 2, venues, 3 - venues, 0);
  problem.until = problem.from + dice.Within(3, 7);
  problem.limits.min_gap_days = 1;
  return problem;
}

Problem Disrupted(const Problem& problem, const Timetable& published, uint64_t seed) {
  Dice dice(seed);
  Problem changed = problem;
  changed.published = published;
  const Event& hit = dice.OneOf(published.events);
  const auto lose = [&](auto& items, const std::string& id) {
    for (auto& item : items) {
      if (item.id != id) continue;
      for (int d = 0; d < 3; ++d) item.unavailable.insert(hit.date + d);
    }
  };
  switch (dice.Below(3)) {
    case 0:
      lose(changed.venues, hit.venue_id);
      break;
    case 1:
      lose(changed.lecturers, hit.lecturer_id);
      break;
    default:
      lose(changed.teams, hit.team_ids.front());
  }
  changed.max_changes = dice.Chance(50) ? dice.Within(1, 4) : -1;
  changed.weights.stay_published = dice.Within(1, 10);
  return changed;
}

}  // namespace klynge::courses::timetable
