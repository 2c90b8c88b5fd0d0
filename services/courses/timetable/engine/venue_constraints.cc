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
    : Constraint(kVenue), venues_(instance.series_count(), instance.venue_count()) {}

int SeriesVenues::Add(const Board& board, int event) {
  return venues_.More(board.instance().events[event].series, board.at(event).venue);
}

int SeriesVenues::Remove(const Board& board, int event) {
  return venues_.Less(board.instance().events[event].series, board.at(event).venue);
}

void SeriesVenues::Explain(const Board& board,
                           const std::function<void(const Match&)>& tell) const {
  TellBeyondFirst(
      board, [&](int event) { return board.at(event).venue; }, tell);
}

GroupVenues::GroupVenues(const Instance& instance)
    : GroupConstraint(kVenue | kTeams), venues_(instance.group_count(), instance.venue_count()) {}

int GroupVenues::Join(const Board& board, int group, int event) {
  return venues_.More(group, board.at(event).venue);
}

int GroupVenues::Leave(const Board& board, int group, int event) {
  return venues_.Less(group, board.at(event).venue);
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
