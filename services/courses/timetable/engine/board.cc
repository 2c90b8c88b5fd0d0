#include "services/courses/timetable/engine/board.h"

#include <algorithm>

namespace klynge::courses::timetable {
namespace {

// An occupant of cells where the venue is closed: never moves.
constexpr int kClosed = -2;
// Of more events the table of clashes would take more than it saves: two megabytes.
constexpr int kMostKnownClashes = 4096;

}  // namespace

Board::Board(const Instance& instance)
    : instance_(instance),
      venues_(instance.venue_count()),
      at_(instance.event_count()),
      members_(instance.event_count()),
      heads_(instance.event_count()),
      event_of_(static_cast<size_t>(instance.group_count()) * instance.series_count(), kNone),
      occupant_(static_cast<size_t>(instance.period_count()) * venues_, kNone),
      needs_(instance.event_count(), instance.group_count()),
      away_(instance.period_count(), instance.group_count() + instance.lecturer_count) {
  // Whoever is away is busy, and a closed venue is occupied; so there is nothing more to ask.
  for (int period = 0; period < instance.period_count(); ++period) {
    for (int g = 0; g < instance.group_count(); ++g) {
      if (!instance.group_open.at(g, period)) away_.Set(period, g);
    }
    for (int l = 0; l < instance.lecturer_count; ++l) {
      if (!instance.lecturer_open.at(l, period)) away_.Set(period, LecturerToken(l));
    }
    for (int v = 0; v < venues_; ++v) {
      if (!instance.venue_open.at(v, period)) occupant_[period * venues_ + v] = kClosed;
    }
  }
  busy_ = away_;
  std::vector<size_t> choices(instance.series_count());
  for (const Instance::Choice& choice : instance.choices) ++choices[choice.series];
  for (int e = 0; e < instance.event_count(); ++e) {
    // All who may ever attend, so that a move allocates nothing.
    const int series = instance.events[e].series;
    members_[e].reserve(instance.series[series].audience.size() + choices[series]);
    heads_[e] = instance.events[e].heads;
    for (int group : instance.series[instance.events[e].series].audience) {
      members_[e].push_back(group);
      heads_[e] += instance.groups[group].heads;
      needs_.Set(e, group);
    }
  }
  NoteClashes();
}

bool Board::SharePeople(int a, int b) const {
  if (at_[a].lecturer != kNone && at_[a].lecturer == at_[b].lecturer) return true;
  uint64_t both = 0;
  for (int w = 0; w < needs_.words(); ++w) both |= needs_.Row(a)[w] & needs_.Row(b)[w];
  return both != 0;
}

void Board::NoteClashes() {
  const auto one_at_most = [](const Instance::Event& event) { return event.lecturers.size() <= 1; };
  clashes_known_ = instance_.event_count() <= kMostKnownClashes && instance_.choices.empty() &&
                   std::all_of(instance_.events.begin(), instance_.events.end(), one_at_most);
  if (!clashes_known_) return;
  clashes_ = BitTable(instance_.event_count(), instance_.event_count());
  for (int a = 0; a < instance_.event_count(); ++a) {
    for (int b = 0; b < instance_.event_count(); ++b) {
      const std::vector<int>& lecturers = instance_.events[a].lecturers;
      const bool lecturer = !lecturers.empty() && lecturers == instance_.events[b].lecturers;
      if (lecturer || SharePeople(a, b)) clashes_.Set(a, b);
    }
  }
}

void Board::Occupy(int event, const Placement& to) {
  at_[event] = to;
  SetOccupied(event, true);
}

void Board::Vacate(int event) { SetOccupied(event, false); }

void Board::SetOccupied(int event, bool occupied) {
  const Placement& at = at_[event];
  const uint64_t* need = needs_.Row(event);
  for (int p = at.period; p < at.period + instance_.events[event].duration; ++p) {
    occupant_[static_cast<size_t>(p) * venues_ + at.venue] = occupied ? event : kNone;
    uint64_t* busy = busy_.Row(p);
    for (int w = 0; w < needs_.words(); ++w)
      busy[w] = occupied ? busy[w] | need[w] : busy[w] & ~need[w];
    if (at.lecturer != kNone) busy_.Set(p, LecturerToken(at.lecturer), occupied);
  }
}

bool Board::CanJoin(int group, int event, int from) const {
  const int start = at_[event].period;
  for (int p = start; p < start + instance_.events[event].duration; ++p) {
    if (busy_.at(p, group) && (from == kNone || !Covers(from, p))) return false;
  }
  return true;
}

void Board::Join(int group, int event) {
  members_[event].push_back(group);
  heads_[event] += instance_.groups[group].heads;
  event_of_[static_cast<size_t>(group) * instance_.series_count() +
            instance_.events[event].series] = event;
  needs_.Set(event, group);
  const int start = at_[event].period;
  if (start == kNone) return;
  for (int p = start; p < start + instance_.events[event].duration; ++p) busy_.Set(p, group);
}

void Board::Leave(int group, int event) {
  std::vector<int>& members = members_[event];
  members.erase(std::find(members.begin(), members.end(), group));
  heads_[event] -= instance_.groups[group].heads;
  event_of_[static_cast<size_t>(group) * instance_.series_count() +
            instance_.events[event].series] = kNone;
  needs_.Set(event, group, false);
  const int start = at_[event].period;
  if (start == kNone) return;
  for (int p = start; p < start + instance_.events[event].duration; ++p) busy_.Set(p, group, false);
}

}  // namespace klynge::courses::timetable
