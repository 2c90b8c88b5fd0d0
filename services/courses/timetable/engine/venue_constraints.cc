#include "services/courses/timetable/engine/venue_constraints.h"

#include <algorithm>

namespace klynge::courses::timetable {

int Capacity::Missing(const Board& board, int event) {
  return std::max(0, board.heads(event) - board.instance().venues[board.at(event).venue].seats);
}

int Capacity::Join(const Board& board, int group, int event) {
  const int seats = board.instance().venues[board.at(event).venue].seats;
  const int without = board.heads(event) - board.instance().groups[group].heads;
  return Missing(board, event) - std::max(0, without - seats);
}

void Capacity::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  for (int e = 0; e < board.instance().event_count(); ++e) {
    if (const int missing = Missing(board, e); missing > 0) tell({missing, e, kNone});
  }
}

SeriesVenues::SeriesVenues(const Instance& instance)
    : Constraint(kVenue),
      venues_(instance.venue_count()),
      events_in_(static_cast<size_t>(instance.series_count()) * venues_),
      used_(instance.series_count()) {}

int SeriesVenues::Add(const Board& board, int event) {
  const int series = board.instance().events[event].series;
  if (events_in_[series * venues_ + board.at(event).venue]++ > 0) return 0;
  return used_[series]++ > 0 ? 1 : 0;
}

int SeriesVenues::Remove(const Board& board, int event) {
  const int series = board.instance().events[event].series;
  if (--events_in_[series * venues_ + board.at(event).venue] > 0) return 0;
  return --used_[series] > 0 ? -1 : 0;
}

void SeriesVenues::Explain(const Board& board,
                           const std::function<void(const Match&)>& tell) const {
  for (const Instance::Series& series : board.instance().series) {
    std::vector<int> seen;
    for (int e : series.events) {
      const int venue = board.at(e).venue;
      if (std::find(seen.begin(), seen.end(), venue) != seen.end()) continue;
      if (!seen.empty()) tell({1, e, kNone});
      seen.push_back(venue);
    }
  }
}

GroupVenues::GroupVenues(const Instance& instance)
    : Constraint(kVenue | kTeams),
      venues_(instance.venue_count()),
      visits_(static_cast<size_t>(instance.group_count()) * venues_),
      found_(instance.group_count()) {}

int GroupVenues::Add(const Board& board, int event) {
  int change = 0;
  for (int group : board.members(event)) change += Join(board, group, event);
  return change;
}

int GroupVenues::Remove(const Board& board, int event) {
  int change = 0;
  for (int group : board.members(event)) change += Leave(board, group, event);
  return change;
}

int GroupVenues::Join(const Board& board, int group, int event) {
  if (visits_[group * venues_ + board.at(event).venue]++ > 0) return 0;
  return found_[group]++ > 0 ? 1 : 0;
}

int GroupVenues::Leave(const Board& board, int group, int event) {
  if (--visits_[group * venues_ + board.at(event).venue] > 0) return 0;
  return --found_[group] > 0 ? -1 : 0;
}

void GroupVenues::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  const Instance& instance = board.instance();
  std::vector<std::vector<int>> seen(instance.group_count());
  for (int e = 0; e < instance.event_count(); ++e) {
    const int venue = board.at(e).venue;
    for (int group : board.members(e)) {
      std::vector<int>& venues = seen[group];
      if (std::find(venues.begin(), venues.end(), venue) != venues.end()) continue;
      if (!venues.empty()) tell({1, e, group});
      venues.push_back(venue);
    }
  }
}

int Travel::Add(const Board& board, int event) {
  int away = 0;
  for (int group : board.members(event)) away += Join(board, group, event);
  return away;
}

int Travel::Join(const Board& board, int group, int event) {
  const Instance& instance = board.instance();
  return instance.venues[board.at(event).venue].area == instance.groups[group].area ? 0 : 1;
}

void Travel::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  const Instance& instance = board.instance();
  for (int e = 0; e < instance.event_count(); ++e) {
    for (int group : board.members(e)) {
      const int area = instance.venues[board.at(e).venue].area;
      if (area != instance.groups[group].area) tell({1, e, group});
    }
  }
}

}  // namespace klynge::courses::timetable
