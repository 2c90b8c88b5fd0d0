#include "services/courses/timetable/search_state.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <tuple>

namespace klynge::courses::timetable {
namespace {

// What one more (sign 1) or one less (sign -1) adds to the sum of max(0, count - allowed).
int ExcessChange(int& count, int allowed, int sign) {
  const int before = std::max(0, count - allowed);
  count += sign;
  return std::max(0, count - allowed) - before;
}

}  // namespace

SearchState::SearchState(const CompiledProblem& problem, const std::vector<int>& events_per_series)
    : problem_(problem),
      events_of_series_(problem.series_count()),
      event_of_(problem.team_count(), std::vector<int>(problem.series_count(), kNone)),
      team_fixed_(problem.team_count(), std::vector<bool>(problem.series_count(), false)),
      venue_used_(problem.venue_count(), problem.day_count()),
      lecturer_used_(problem.lecturer_count(), problem.day_count()),
      area_away_(problem.area_count(), problem.day_count()),
      cluster_away_(problem.cluster_count, problem.day_count()),
      venue_visits_(problem.team_count(), problem.venue_count()),
      // A team's first venue is free.
      cost_(-int64_t{problem.weights.venue_stability} * problem.team_count()) {
  const int span = problem.day_offset.back();
  const int slack = std::max(0, span - problem.even_gap * (problem.series_count() - 1));
  for (int s = 0; s < problem.series_count(); ++s) {
    const auto& pins = problem.pins_of_series[s];
    const int count = events_per_series[s];
    for (int i = 0; i < count; ++i) {
      const int offset = s * problem.even_gap + slack * i / std::max(1, count);
      const CompiledPin pin = i < static_cast<int>(pins.size()) ? pins[i] : CompiledPin{};
      AddEvent(s, problem.NearestDay(offset), pin);
    }
    DealOutTeams(s);
  }
}

void SearchState::AddEvent(int series, int day, const CompiledPin& pin) {
  const int e = event_count();
  SearchEvent& event = events_.emplace_back();
  event.series = series;
  event.day_fixed = pin.day != kNone;
  event.venue_fixed = pin.venue != kNone;
  event.lecturer_fixed = pin.lecturer != kNone;
  event.day = event.day_fixed ? pin.day : day;
  const auto& seats = problem_.venue_seats;
  const int largest =
      static_cast<int>(std::max_element(seats.begin(), seats.end()) - seats.begin());
  event.venue = event.venue_fixed ? pin.venue : largest;
  const auto& able = problem_.lecturers_of_series[series];
  event.lecturer = event.lecturer_fixed ? pin.lecturer : able[e % able.size()];
  events_of_series_[series].push_back(e);
  broken_ += 1;  // nobody attends yet
  CountDay(event, 1);
  CountVenue(event, 1);
  CountLecturer(event, 1);
  for (int team : pin.teams) {
    team_fixed_[team][series] = true;
    Join(team, e);
  }
}

void SearchState::DealOutTeams(int series) {
  std::vector<int> teams(problem_.team_count());
  std::iota(teams.begin(), teams.end(), 0);
  std::stable_sort(teams.begin(), teams.end(),
                   [this](int a, int b) { return problem_.team_area[a] < problem_.team_area[b]; });
  const auto& events = events_of_series_[series];
  size_t next = 0;
  for (int team : teams) {
    if (event_of_[team][series] == kNone) Join(team, events[next++ % events.size()]);
  }
}

bool SearchState::VenueFree(int venue, int day) const {
  return problem_.venue_open[venue][day] && venue_used_.at(venue, day) == 0;
}

bool SearchState::LecturerFree(int lecturer, int day) const {
  return problem_.lecturer_open[lecturer][day] && lecturer_used_.at(lecturer, day) == 0;
}

void SearchState::CountVenue(const SearchEvent& event, int sign) {
  broken_ += ExcessChange(venue_used_.at(event.venue, event.day), 1, sign);
  if (!problem_.venue_open[event.venue][event.day]) broken_ += sign;
}

void SearchState::CountLecturer(const SearchEvent& event, int sign) {
  broken_ += ExcessChange(lecturer_used_.at(event.lecturer, event.day), 1, sign);
  if (!problem_.lecturer_open[event.lecturer][event.day]) broken_ += sign;
}

void SearchState::CountDay(const SearchEvent& event, int sign) {
  const Weights& weights = problem_.weights;
  if (!problem_.day_preferred[event.day]) cost_ += int64_t{sign} * weights.preferred_weekdays;
  if (problem_.day_avoided[event.day]) cost_ += int64_t{sign} * weights.school_holidays;
}

void SearchState::CountSeats(const SearchEvent& event, int sign) {
  broken_ += int64_t{sign} * std::max(0, event.heads - problem_.venue_seats[event.venue]);
}

void SearchState::CountAway(int team, int day, int sign) {
  const int area = problem_.team_area[team];
  broken_ += ExcessChange(area_away_.at(area, day), problem_.area_allowed[area], sign);
  const int cluster = problem_.team_cluster[team];
  if (cluster != kNone) broken_ += ExcessChange(cluster_away_.at(cluster, day), 1, sign);
}

void SearchState::CountTravel(int team, int venue, int sign) {
  const Weights& weights = problem_.weights;
  if (problem_.venue_area[venue] != problem_.team_area[team])
    cost_ += int64_t{sign} * weights.travel;
  int& visits = venue_visits_.at(team, venue);
  const int before = visits > 0 ? 1 : 0;
  visits += sign;
  cost_ += int64_t{(visits > 0 ? 1 : 0) - before} * weights.venue_stability;
}

void SearchState::CountGap(int team, int series, int sign) {
  if (series < 0 || series + 1 >= problem_.series_count()) return;
  const int first = event_of_[team][series];
  const int second = event_of_[team][series + 1];
  if (first == kNone || second == kNone) return;
  const int gap =
      problem_.day_offset[events_[second].day] - problem_.day_offset[events_[first].day];
  const int64_t off = std::max({0, problem_.min_gap - gap, gap - problem_.max_gap});
  if (off > 0) broken_ += sign * (1 + off / 7);
  cost_ += int64_t{sign} * problem_.weights.spread * (std::abs(gap - problem_.even_gap) / 7);
}

void SearchState::CountGaps(int team, int series, int sign) {
  CountGap(team, series - 1, sign);
  CountGap(team, series, sign);
}

void SearchState::Join(int team, int e) {
  SearchEvent& event = events_[e];
  if (event.teams.empty()) broken_ -= 1;
  CountSeats(event, -1);
  event.teams.push_back(team);
  event.heads += problem_.team_heads[team];
  CountSeats(event, 1);
  event_of_[team][event.series] = e;
  CountAway(team, event.day, 1);
  CountTravel(team, event.venue, 1);
  CountGaps(team, event.series, 1);
}

void SearchState::Leave(int team, int e) {
  SearchEvent& event = events_[e];
  CountGaps(team, event.series, -1);
  CountTravel(team, event.venue, -1);
  CountAway(team, event.day, -1);
  event_of_[team][event.series] = kNone;
  CountSeats(event, -1);
  event.teams.erase(std::find(event.teams.begin(), event.teams.end(), team));
  event.heads -= problem_.team_heads[team];
  CountSeats(event, 1);
  if (event.teams.empty()) broken_ += 1;
}

void SearchState::SetDay(int e, int day) {
  SearchEvent& event = events_[e];
  const auto count = [&](int sign) {
    CountDay(event, sign);
    CountVenue(event, sign);
    CountLecturer(event, sign);
    for (int team : event.teams) {
      CountAway(team, event.day, sign);
      CountGaps(team, event.series, sign);
    }
  };
  count(-1);
  event.day = day;
  count(1);
}

void SearchState::SetVenue(int e, int venue) {
  SearchEvent& event = events_[e];
  const auto count = [&](int sign) {
    CountVenue(event, sign);
    CountSeats(event, sign);
    for (int team : event.teams) CountTravel(team, event.venue, sign);
  };
  count(-1);
  event.venue = venue;
  count(1);
}

void SearchState::SetLecturer(int e, int lecturer) {
  SearchEvent& event = events_[e];
  CountLecturer(event, -1);
  event.lecturer = lecturer;
  CountLecturer(event, 1);
}

void SearchState::MoveTeam(int team, int e) {
  Leave(team, event_of_[team][events_[e].series]);
  Join(team, e);
}

Timetable SearchState::ToTimetable(const Problem& problem) const {
  std::vector<const SearchEvent*> ordered;
  for (const SearchEvent& event : events_) ordered.push_back(&event);
  std::sort(ordered.begin(), ordered.end(), [](const SearchEvent* a, const SearchEvent* b) {
    return std::tie(a->day, a->series, a->venue) < std::tie(b->day, b->series, b->venue);
  });
  Timetable timetable;
  for (const SearchEvent* event : ordered) {
    Event& out = timetable.events.emplace_back();
    out.series_id = problem.series[event->series].id;
    out.date = problem_.dates[event->day];
    out.venue_id = problem.venues[event->venue].id;
    out.lecturer_id = problem.lecturers[event->lecturer].id;
    std::vector<int> teams = event->teams;
    std::sort(teams.begin(), teams.end());
    for (int team : teams) out.team_ids.push_back(problem.teams[team].id);
  }
  return timetable;
}

}  // namespace klynge::courses::timetable
