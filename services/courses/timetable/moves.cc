#include "services/courses/timetable/moves.h"

#include <algorithm>

namespace klynge::courses::timetable {
namespace {

// How far a small step of a date reaches, in usable days: about two weeks.
constexpr int kSmallStep = 10;

// A random item of `items`, starting from a random place, for which `fits` holds; kNone if there is
// none.
template <class Fits>
int PickWhere(const std::vector<int>& items, Random& random, Fits fits) {
  const int size = static_cast<int>(items.size());
  const int start = random.Below(size);
  for (int i = 0; i < size; ++i) {
    const int item = items[(start + i) % size];
    if (fits(item)) return item;
  }
  return kNone;
}

}  // namespace

bool Moves::MakeRandom(Random& random) {
  changes_.clear();
  const int kind = random.Below(100);
  if (kind < 35) return Redate(random);
  if (kind < 45) return Rehouse(random);
  if (kind < 52) return Restaff(random);
  if (kind < 72) return TransferTeam(random);
  if (kind < 95) return SwapTeams(random);
  return ShiftSeries(random);
}

void Moves::Undo() {
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    switch (change->part) {
      case Part::kDay:
        state_.SetDay(change->which, change->before);
        break;
      case Part::kVenue:
        state_.SetVenue(change->which, change->before);
        break;
      case Part::kLecturer:
        state_.SetLecturer(change->which, change->before);
        break;
      case Part::kTeam:
        state_.MoveTeam(change->which, change->before);
        break;
    }
  }
  changes_.clear();
}

bool Moves::Redate(Random& random) {
  const int e = random.Below(state_.event_count());
  if (state_.event(e).day_fixed) return false;
  int day = random.Below(problem_.day_count());
  if (random.Below(2) == 0) {
    const int step = random.Below(2 * kSmallStep + 1) - kSmallStep;
    day = std::clamp(state_.event(e).day + step, 0, problem_.day_count() - 1);
  }
  if (day == state_.event(e).day) return false;
  SetDay(e, day);
  if (random.Below(4) != 0) Resettle(e, random);
  return true;
}

void Moves::Resettle(int e, Random& random) {
  const SearchState::SearchEvent& event = state_.event(e);
  const bool venue_shared = state_.events_in(event.venue, event.day) > 1;
  if (!event.venue_fixed && (venue_shared || !problem_.venue_open[event.venue][event.day])) {
    const int start = random.Below(problem_.venue_count());
    for (int i = 0; i < problem_.venue_count(); ++i) {
      const int venue = (start + i) % problem_.venue_count();
      if (!state_.VenueFree(venue, event.day) || problem_.venue_seats[venue] < event.heads)
        continue;
      SetVenue(e, venue);
      break;
    }
  }
  const bool lecturer_shared = state_.events_by(event.lecturer, event.day) > 1;
  if (!event.lecturer_fixed &&
      (lecturer_shared || !problem_.lecturer_open[event.lecturer][event.day])) {
    const int lecturer = PickWhere(problem_.lecturers_of_series[event.series], random,
                                   [&](int l) { return state_.LecturerFree(l, event.day); });
    if (lecturer != kNone) SetLecturer(e, lecturer);
  }
}

bool Moves::Rehouse(Random& random) {
  const int e = random.Below(state_.event_count());
  const int venue = random.Below(problem_.venue_count());
  if (state_.event(e).venue_fixed || venue == state_.event(e).venue) return false;
  SetVenue(e, venue);
  return true;
}

bool Moves::Restaff(Random& random) {
  const int e = random.Below(state_.event_count());
  if (state_.event(e).lecturer_fixed) return false;
  const auto& able = problem_.lecturers_of_series[state_.event(e).series];
  const int lecturer = able[random.Below(static_cast<int>(able.size()))];
  if (lecturer == state_.event(e).lecturer) return false;
  SetLecturer(e, lecturer);
  return true;
}

bool Moves::TransferTeam(Random& random) {
  const int team = random.Below(problem_.team_count());
  const int series = random.Below(problem_.series_count());
  const auto& events = state_.events_of(series);
  const int e = events[random.Below(static_cast<int>(events.size()))];
  if (e == state_.event_of(team, series) || state_.team_fixed(team, series)) return false;
  MoveTeam(team, e);
  return true;
}

bool Moves::SwapTeams(Random& random) {
  const int series = random.Below(problem_.series_count());
  const int a = random.Below(problem_.team_count());
  const int b = random.Below(problem_.team_count());
  const int event_a = state_.event_of(a, series);
  const int event_b = state_.event_of(b, series);
  if (event_a == event_b || state_.team_fixed(a, series) || state_.team_fixed(b, series)) {
    return false;
  }
  MoveTeam(a, event_b);
  MoveTeam(b, event_a);
  return true;
}

bool Moves::ShiftSeries(Random& random) {
  const int first = random.Below(problem_.series_count());
  const int last = random.Below(2) == 0 ? first : problem_.series_count() - 1;
  const int shift = random.Below(2 * kSmallStep + 1) - kSmallStep;
  for (int series = first; series <= last; ++series) {
    for (int e : state_.events_of(series)) {
      if (state_.event(e).day_fixed) continue;
      const int day = std::clamp(state_.event(e).day + shift, 0, problem_.day_count() - 1);
      if (day == state_.event(e).day) continue;
      SetDay(e, day);
      Resettle(e, random);
    }
  }
  return !changes_.empty();
}

void Moves::SetDay(int e, int day) {
  changes_.push_back({Part::kDay, e, state_.event(e).day});
  state_.SetDay(e, day);
}

void Moves::SetVenue(int e, int venue) {
  changes_.push_back({Part::kVenue, e, state_.event(e).venue});
  state_.SetVenue(e, venue);
}

void Moves::SetLecturer(int e, int lecturer) {
  changes_.push_back({Part::kLecturer, e, state_.event(e).lecturer});
  state_.SetLecturer(e, lecturer);
}

void Moves::MoveTeam(int team, int e) {
  changes_.push_back({Part::kTeam, team, state_.event_of(team, state_.event(e).series)});
  state_.MoveTeam(team, e);
}

}  // namespace klynge::courses::timetable
