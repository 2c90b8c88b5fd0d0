#include "services/courses/timetable/compiled_problem.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "services/courses/timetable/problem_index.h"

namespace klynge::courses::timetable {
namespace {

template <class Items>
std::map<std::string, int> IndexById(const Items& items) {
  std::map<std::string, int> index;
  for (const auto& item : items) index.emplace(item.id, static_cast<int>(index.size()));
  return index;
}

// The index of `key`, given out in order of first appearance.
int Number(std::map<std::string, int>& numbers, const std::string& key) {
  return numbers.emplace(key, static_cast<int>(numbers.size())).first->second;
}

std::vector<bool> OpenDays(const std::vector<Date>& dates, const std::set<Date>& unavailable) {
  std::vector<bool> open(dates.size());
  for (size_t d = 0; d < dates.size(); ++d) open[d] = unavailable.count(dates[d]) == 0;
  return open;
}

int Find(const std::map<std::string, int>& index, const std::string& id) {
  const auto found = index.find(id);
  return found == index.end() ? kNone : found->second;
}

void CompileDays(const Problem& problem, CompiledProblem& out) {
  for (Date date = problem.from; date <= problem.until; ++date) {
    const DayUse use = UseOf(date, problem.calendar);
    if (use == DayUse::kClosed) continue;
    out.dates.push_back(date);
    out.day_offset.push_back(static_cast<int>(date - problem.from));
    out.day_avoided.push_back(use == DayUse::kAvoided);
    out.day_preferred.push_back(problem.preferred_weekdays.empty() ||
                                problem.preferred_weekdays.count(absl::GetWeekday(date)) > 0);
  }
}

void CompileTeams(const Problem& problem, CompiledProblem& out) {
  std::map<std::string, int> areas, clusters;
  for (const Team& team : problem.teams) {
    const int area = Number(areas, team.area_id);
    if (area == out.area_count()) {
      out.area_teams.push_back(0);
      out.area_ids.push_back(team.area_id);
    }
    ++out.area_teams[area];
    out.team_area.push_back(area);
    out.team_heads.push_back(team.heads);
    out.team_cluster.push_back(team.cluster_id.empty() ? kNone : Number(clusters, team.cluster_id));
  }
  out.cluster_count = static_cast<int>(clusters.size());
  out.clusters_apart = problem.limits.max_cluster_away_share == 0;
  for (int teams : out.area_teams) {
    const int share = RoundedDown(problem.limits.max_away_share, teams);
    out.area_allowed.push_back(std::max(share, problem.limits.always_allowed_away));
  }
  for (const Venue& venue : problem.venues) {
    out.venue_area.push_back(Find(areas, venue.area_id));
    out.venue_seats.push_back(venue.seats);
    out.venue_open.push_back(OpenDays(out.dates, venue.unavailable));
  }
}

void CompilePins(const Problem& problem, CompiledProblem& out) {
  const auto series = IndexById(problem.series);
  const auto teams = IndexById(problem.teams);
  const auto venues = IndexById(problem.venues);
  const auto lecturers = IndexById(problem.lecturers);
  out.pins_of_series.resize(problem.series.size());
  for (const Pin& pin : problem.pins) {
    CompiledPin compiled;
    if (pin.date) compiled.day = DayOf(out, *pin.date);
    compiled.venue = Find(venues, pin.venue_id);
    compiled.lecturer = Find(lecturers, pin.lecturer_id);
    for (const std::string& team : pin.team_ids) compiled.teams.push_back(Find(teams, team));
    out.pins_of_series[Find(series, pin.series_id)].push_back(std::move(compiled));
  }
}

}  // namespace

int RoundedDown(double share, int all) {
  // The small addend keeps 0.3 × 10 from becoming 2.
  return static_cast<int>(std::floor(share * all + 1e-9));
}

CompiledProblem::CompiledProblem(const Problem& problem)
    : min_gap(problem.limits.min_gap_days),
      max_gap(problem.limits.max_gap_days),
      weights(problem.weights) {
  CompileDays(problem, *this);
  CompileTeams(problem, *this);
  for (const Lecturer& lecturer : problem.lecturers) {
    lecturer_open.push_back(OpenDays(dates, lecturer.unavailable));
  }
  for (const Series& each : problem.series) {
    events_asked.push_back(each.events);
    std::vector<int>& able = lecturers_of_series.emplace_back();
    for (size_t l = 0; l < problem.lecturers.size(); ++l) {
      if (problem.lecturers[l].themes.count(each.theme) > 0) able.push_back(static_cast<int>(l));
    }
  }
  CompilePins(problem, *this);
  const int span = static_cast<int>(problem.until - problem.from);
  even_gap = std::clamp(span / std::max(1, series_count()), min_gap, max_gap);
}

int CompiledProblem::NearestDay(int offset) const {
  const auto after = std::lower_bound(day_offset.begin(), day_offset.end(), offset);
  if (after == day_offset.begin()) return 0;
  if (after == day_offset.end()) return day_count() - 1;
  const int later = static_cast<int>(after - day_offset.begin());
  return *after - offset < offset - *(after - 1) ? later : later - 1;
}

}  // namespace klynge::courses::timetable
