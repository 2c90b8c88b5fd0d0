#include "services/courses/timetable/obstacles.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/courses/timetable/pin_obstacles.h"

namespace klynge::courses::timetable {
namespace {

int DividedRoundedUp(int value, int by) { return (value + by - 1) / std::max(1, by); }

std::string Day(Date date) { return absl::FormatCivilTime(date); }

std::string Period(const Problem& problem) {
  return absl::StrCat("from ", Day(problem.from), " to ", Day(problem.until));
}

int TotalHeads(const CompiledProblem& compiled) {
  return std::accumulate(compiled.team_heads.begin(), compiled.team_heads.end(), 0);
}

int LargestSeats(const CompiledProblem& compiled) {
  const auto& seats = compiled.venue_seats;
  return seats.empty() ? 0 : *std::max_element(seats.begin(), seats.end());
}

int LargestCluster(const CompiledProblem& compiled) {
  if (!compiled.clusters_apart) return 0;
  std::vector<int> teams(compiled.cluster_count);
  for (int cluster : compiled.team_cluster) {
    if (cluster != kNone) ++teams[cluster];
  }
  return teams.empty() ? 0 : *std::max_element(teams.begin(), teams.end());
}

bool AnyVenueOpen(const CompiledProblem& compiled, int day) {
  return std::any_of(compiled.venue_open.begin(), compiled.venue_open.end(),
                     [day](const std::vector<bool>& open) { return open[day]; });
}

bool AnyLecturerOpen(const CompiledProblem& compiled, int series, int day) {
  const auto& able = compiled.lecturers_of_series[series];
  return std::any_of(able.begin(), able.end(),
                     [&](int l) { return compiled.lecturer_open[l][day]; });
}

bool AnyVenueHas(const Problem& problem, const std::set<std::string>& features) {
  if (features.empty()) return true;
  return std::any_of(problem.venues.begin(), problem.venues.end(), [&](const Venue& venue) {
    return std::includes(venue.features.begin(), venue.features.end(), features.begin(),
                         features.end());
  });
}

int OpenLecturers(const CompiledProblem& compiled, int day) {
  return static_cast<int>(
      std::count_if(compiled.lecturer_open.begin(), compiled.lecturer_open.end(),
                    [day](const std::vector<bool>& open) { return open[day]; }));
}

// --- What is missing altogether
// -------------------------------------------------------------------

std::vector<Obstacle> MissingResources(const Problem& problem, const CompiledProblem& compiled) {
  std::vector<Obstacle> obstacles;
  if (compiled.dates.empty()) {
    obstacles.push_back({"calendar", absl::StrCat("No day ", Period(problem),
                                                  " can be used: each is a weekend, a holiday or a "
                                                  "closed date. Lengthen the period.")});
  }
  if (problem.venues.empty()) {
    obstacles.push_back({"venue", "There is no venue. Add one with enough seats."});
  }
  for (size_t s = 0; s < problem.series.size(); ++s) {
    if (!compiled.lecturers_of_series[s].empty()) continue;
    obstacles.push_back(
        {"lecturer", absl::StrCat("None of the ", problem.lecturers.size(),
                                  " lecturers teaches theme '", problem.series[s].theme,
                                  "' of series '", problem.series[s].id, "'. Add one.")});
  }
  for (const Series& series : problem.series) {
    if (AnyVenueHas(problem, series.required_features)) continue;
    obstacles.push_back(
        {"features", absl::StrCat("No venue has all that series '", series.id,
                                  "' needs: ", absl::StrJoin(series.required_features, ", "),
                                  ". Add one, or what one lacks.")});
  }
  return obstacles;
}

// --- Teams that fit nowhere
// -----------------------------------------------------------------------

void TeamsTooLarge(const Problem& problem, const CompiledProblem& compiled,
                   std::vector<Obstacle>& obstacles) {
  const int seats = LargestSeats(compiled);
  for (const Team& team : problem.teams) {
    if (team.heads <= seats) continue;
    obstacles.push_back(
        {"seats",
         absl::StrCat("Team '", team.id, "' has ", team.heads,
                      " persons and takes part as a whole, but the largest venue has ", seats,
                      " seats. Add a venue with at least ", team.heads, " seats.")});
  }
}

void AreasShutOut(const Problem& problem, const CompiledProblem& compiled,
                  std::vector<Obstacle>& obstacles) {
  for (int area = 0; area < compiled.area_count(); ++area) {
    if (compiled.area_allowed[area] > 0) continue;
    const double share = problem.limits.max_away_share;
    obstacles.push_back(
        {"coverage",
         absl::StrCat("Area '", compiled.area_ids[area], "' has ", compiled.area_teams[area],
                      " teams; a share of ", share,
                      " away at once lets none of them go. Raise max_away_share to at least ",
                      1.0 / compiled.area_teams[area], " or always_allowed_away to 1.")});
  }
}

// --- Series held too seldom
// -----------------------------------------------------------------------

void TooFewEvents(const Problem& problem, const CompiledProblem& compiled, int s,
                  std::vector<Obstacle>& obstacles) {
  const int asked = compiled.events_asked[s];
  const std::string held =
      absl::StrCat("Series '", problem.series[s].id, "' is to be held ", asked, " times");
  const int heads = TotalHeads(compiled);
  const int seats = LargestSeats(compiled);
  if (asked * seats < heads) {
    obstacles.push_back(
        {"seats", absl::StrCat(held, " with at most ", seats, " seats: ", asked * seats,
                               " seats for ", heads, " persons. Hold it at least ",
                               DividedRoundedUp(heads, seats), " times.")});
  }
  for (int area = 0; area < compiled.area_count(); ++area) {
    const int teams = compiled.area_teams[area];
    const int allowed = compiled.area_allowed[area];
    if (asked * allowed >= teams) continue;
    obstacles.push_back(
        {"coverage",
         absl::StrCat(held, ", and at most ", allowed, " of the ", teams, " teams of area '",
                      compiled.area_ids[area], "' may be away on one day. Hold it at least ",
                      DividedRoundedUp(teams, allowed), " times or raise max_away_share.")});
  }
  if (asked < LargestCluster(compiled)) {
    obstacles.push_back({"cluster", absl::StrCat(held, ", but ", LargestCluster(compiled),
                                                 " teams share a cluster and each needs its own "
                                                 "day.")});
  }
  if (asked > compiled.team_count()) {
    obstacles.push_back({"events", absl::StrCat(held, " for ", compiled.team_count(),
                                                " teams: some events would have nobody. Hold it "
                                                "fewer times.")});
  }
  if (asked < static_cast<int>(compiled.pins_of_series[s].size())) {
    obstacles.push_back({"pin", absl::StrCat(held, ", but ", compiled.pins_of_series[s].size(),
                                             " of its events are pinned.")});
  }
}

// --- The theme order against the calendar
// ---------------------------------------------------------

struct Chain {
  bool max_gap = false;
  bool venues = false;
  bool lecturers = false;
};

// The first series that no team can reach in order under what `chain` looks at, or kNone.
// `earliest` is then the first day on which the series before it can be (kNone for the first
// series).
int FirstUnreachable(const Problem& problem, const CompiledProblem& compiled, const Chain& chain,
                     int& earliest) {
  const int days = compiled.day_count();
  std::vector<bool> reached(days, true);
  for (int s = 0; s < compiled.series_count(); ++s) {
    std::vector<bool> next(days, false);
    for (int d = 0; d < days; ++d) {
      if (chain.venues && !AnyVenueOpen(compiled, d)) continue;
      if (chain.lecturers && !AnyLecturerOpen(compiled, s, d)) continue;
      if (s == 0) next[d] = true;
      for (int before = 0; s > 0 && before < d; ++before) {
        const int last = compiled.day_offset[before] + problem.series[s - 1].days - 1;
        const int gap = compiled.day_offset[d] - last;
        if (gap < compiled.min_gap) break;
        if (reached[before] && (!chain.max_gap || gap <= compiled.max_gap)) next[d] = true;
      }
    }
    if (std::find(next.begin(), next.end(), true) == next.end()) {
      earliest =
          s == 0
              ? kNone
              : static_cast<int>(std::find(reached.begin(), reached.end(), true) - reached.begin());
      return s;
    }
    reached = std::move(next);
  }
  return kNone;
}

std::string Unreachable(const Problem& problem, const CompiledProblem& compiled, int series,
                        int earliest) {
  if (series == 0) return absl::StrCat("series '", problem.series[0].id, "' has no possible day");
  return absl::StrCat("series '", problem.series[series - 1].id, "' is on ",
                      Day(compiled.dates[earliest]), " at the earliest, and after it series '",
                      problem.series[series].id, "' (", series + 1, " of ", problem.series.size(),
                      ") has no possible day");
}

void OrderDoesNotFit(const Problem& problem, const CompiledProblem& compiled,
                     std::vector<Obstacle>& obstacles) {
  struct Variant {
    Chain chain;
    std::string rule, given, advice;
  };
  const std::string min_gap = absl::StrCat("at least ", compiled.min_gap, " days");
  const std::string gaps = absl::StrCat(compiled.min_gap, "–", compiled.max_gap, " days");
  const std::vector<Variant> variants = {
      {{false, false, false},
       "gap",
       absl::StrCat("With ", min_gap, " between a team's events"),
       "Lengthen the period, lower min_gap_days or open more of the calendar."},
      {{true, false, false},
       "gap",
       absl::StrCat("With ", gaps, " between a team's events"),
       "A closed stretch is longer than max_gap_days: raise it or open more of the calendar."},
      {{true, true, false},
       "venue",
       "With the days on which a venue is available",
       "Make a venue available on more days."},
      {{true, false, true},
       "lecturer",
       "With the days on which lecturers of its theme can come",
       "Make a lecturer available on more days."},
      {{true, true, true},
       "lecturer",
       "With the days on which both a venue and a lecturer are free",
       "Make venues and lecturers available on the same days."},
  };
  for (const Variant& variant : variants) {
    int earliest = kNone;
    const int series = FirstUnreachable(problem, compiled, variant.chain, earliest);
    if (series == kNone) continue;
    obstacles.push_back(
        {variant.rule,
         absl::StrCat(variant.given, ", ", Period(problem), ", ",
                      Unreachable(problem, compiled, series, earliest), ". ", variant.advice)});
    return;  // the stricter variants fail for the same reason
  }
}

// --- Room in the whole period
// ---------------------------------------------------------------------

// The most seats that can be used on `day`: its largest open venues, one per lecturer who can come.
int SeatsOn(const CompiledProblem& compiled, int day) {
  std::vector<int> seats;
  for (int v = 0; v < compiled.venue_count(); ++v) {
    if (compiled.venue_open[v][day]) seats.push_back(compiled.venue_seats[v]);
  }
  std::sort(seats.rbegin(), seats.rend());
  const size_t used = std::min<size_t>(seats.size(), OpenLecturers(compiled, day));
  return std::accumulate(seats.begin(), seats.begin() + static_cast<long>(used), 0);
}

void PeriodTooFull(const Problem& problem, const CompiledProblem& compiled,
                   std::vector<Obstacle>& obstacles) {
  int64_t seats = 0;
  for (int d = 0; d < compiled.day_count(); ++d) seats += SeatsOn(compiled, d);
  const int64_t needed = int64_t{TotalHeads(compiled)} * compiled.series_count();
  if (seats < needed) {
    obstacles.push_back({"seats", absl::StrCat(Period(problem), " there are ", seats,
                                               " seats in all, on days with "
                                               "a lecturer, but ",
                                               needed, " are needed (", TotalHeads(compiled),
                                               " persons × ", compiled.series_count(),
                                               " series). Add venues, lecturers or days.")});
  }
  for (int area = 0; area < compiled.area_count(); ++area) {
    const int64_t room = int64_t{compiled.day_count()} * compiled.area_allowed[area];
    const int64_t away = int64_t{compiled.area_teams[area]} * compiled.series_count();
    if (room >= away) continue;
    obstacles.push_back(
        {"coverage", absl::StrCat("The ", compiled.area_teams[area], " teams of area '",
                                  compiled.area_ids[area], "' are away ", away,
                                  " times in all, but ", compiled.day_count(), " usable days with ",
                                  compiled.area_allowed[area], " of them away make room for ", room,
                                  ". Lengthen the period or raise max_away_share.")});
  }
}

void LecturersTooFew(const Problem& problem, const CompiledProblem& compiled,
                     std::vector<Obstacle>& obstacles) {
  std::set<std::string> told;
  for (const Series& first : problem.series) {
    if (!told.insert(first.theme).second) continue;
    int events = 0;
    int64_t lecturer_days = 0;
    for (int s = 0; s < compiled.series_count(); ++s) {
      if (problem.series[s].theme != first.theme) continue;
      events += std::max(compiled.events_asked[s], FewestEvents(compiled, s));
      if (lecturer_days > 0) continue;
      for (int l : compiled.lecturers_of_series[s]) {
        const auto& open = compiled.lecturer_open[l];
        lecturer_days += std::count(open.begin(), open.end(), true);
      }
    }
    if (lecturer_days >= events) continue;
    obstacles.push_back(
        {"lecturer",
         absl::StrCat("Theme '", first.theme, "' needs at least ", events,
                      " events, but its lecturers have ", lecturer_days, " available days ",
                      Period(problem), ". Make them available on more days or add one.")});
  }
}

}  // namespace

int FewestEvents(const CompiledProblem& compiled, int series) {
  int fewest = std::max(1, static_cast<int>(compiled.pins_of_series[series].size()));
  fewest = std::max(fewest, DividedRoundedUp(TotalHeads(compiled), LargestSeats(compiled)));
  for (int area = 0; area < compiled.area_count(); ++area) {
    fewest =
        std::max(fewest, DividedRoundedUp(compiled.area_teams[area], compiled.area_allowed[area]));
  }
  return std::max(fewest, LargestCluster(compiled));
}

std::vector<Obstacle> ProveInfeasible(const Problem& problem, const CompiledProblem& compiled) {
  std::vector<Obstacle> obstacles = MissingResources(problem, compiled);
  if (!obstacles.empty()) return obstacles;  // the rest would only repeat it
  TeamsTooLarge(problem, compiled, obstacles);
  AreasShutOut(problem, compiled, obstacles);
  if (!obstacles.empty()) return obstacles;
  for (int s = 0; s < compiled.series_count(); ++s) {
    if (compiled.events_asked[s] > 0) TooFewEvents(problem, compiled, s, obstacles);
  }
  OrderDoesNotFit(problem, compiled, obstacles);
  PeriodTooFull(problem, compiled, obstacles);
  LecturersTooFew(problem, compiled, obstacles);
  for (Obstacle& obstacle : PinObstacles(problem)) obstacles.push_back(std::move(obstacle));
  return obstacles;
}

}  // namespace klynge::courses::timetable
