#include "services/courses/timetable/engine/board.h"

#include <algorithm>

namespace klynge::courses::timetable {
namespace {

// An occupant of cells where the venue is closed: never moves.
constexpr int kClosed = -2;

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
  for (int e = 0; e < instance.event_count(); ++e) {
    members_[e].reserve(instance.group_count());
    heads_[e] = instance.events[e].heads;
    for (int group : instance.series[instance.events[e].series].audience) {
      members_[e].push_back(group);
      heads_[e] += instance.groups[group].heads;
      needs_.Set(e, group);
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
