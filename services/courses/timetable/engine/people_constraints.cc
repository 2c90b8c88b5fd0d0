#include "services/courses/timetable/engine/people_constraints.h"

#include <algorithm>
#include <utility>

namespace klynge::courses::timetable {
namespace {

// Adds `sign` to a count, and tells what that makes of its excess over `limit`.
int ExcessChange(int& count, int sign, int limit) {
  const int before = std::max(0, count - limit);
  count += sign;
  return std::max(0, count - limit) - before;
}

// Calls `visit` with each period that the event takes.
template <class Visit>
void EachPeriod(const Board& board, int event, const Visit& visit) {
  const int start = board.at(event).period;
  for (int p = start; p < start + board.instance().events[event].duration; ++p) visit(p);
}

// Calls `visit` with each day that the event takes a part of.
template <class Visit>
void EachDay(const Board& board, int event, const Visit& visit) {
  int last = kNone;
  EachPeriod(board, event, [&](int period) {
    const int day = board.instance().day_of[period];
    if (day != last) visit(day);
    last = day;
  });
}

}  // namespace

Coverage::Coverage(const Instance& instance, CoverSets sets)
    : GroupConstraint(kPeriod | kTeams),
      sets_(std::move(sets)),
      days_(instance.day_count()),
      away_(sets_.allowed.size() * days_) {}

int Coverage::Excess(int set, const Away& away) const {
  if (sets_.one_may_go && away.groups <= 1) return 0;
  return std::max(0, away.weight - sets_.allowed[set]);
}

int Coverage::Change(const Board& board, int group, int event, int sign) {
  const int set = sets_.set_of[group];
  if (set == kNone) return 0;
  int change = 0;
  EachDay(board, event, [&](int day) {
    Away& away = away_[set * days_ + day];
    change -= Excess(set, away);
    away.groups += sign;
    away.weight += sign * sets_.weight[group];
    change += Excess(set, away);
  });
  return change;
}

void Coverage::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  std::vector<Away> away(away_.size());
  // Told at the group with which the set comes to be too much away.
  for (int e = 0; e < board.instance().event_count(); ++e) {
    for (int group : board.members(e)) {
      const int set = sets_.set_of[group];
      if (set == kNone) continue;
      int count = 0;
      EachDay(board, e, [&](int day) {
        Away& so_far = away[set * days_ + day];
        count -= Excess(set, so_far);
        ++so_far.groups;
        so_far.weight += sets_.weight[group];
        count += Excess(set, so_far);
      });
      if (count > 0) tell({count, e, group});
    }
  }
}

void Attended::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  for (int e = 0; e < board.instance().event_count(); ++e) {
    if (board.members(e).empty()) tell({1, e, kNone});
  }
}

LecturerWorkload::LecturerWorkload(const Instance& instance, Spans spans)
    : Constraint(kPeriod | kLecturer),
      spans_(std::move(spans)),
      busy_(static_cast<size_t>(instance.lecturer_count) * spans_.count) {}

int LecturerWorkload::Change(const Board& board, int event, int sign) {
  const int lecturer = board.at(event).lecturer;
  if (lecturer == kNone) return 0;
  int change = 0;
  EachPeriod(board, event, [&](int period) {
    int& busy = busy_[lecturer * spans_.count + spans_.span_of[period]];
    change += ExcessChange(busy, sign, spans_.limit);
  });
  return change;
}

void LecturerWorkload::Explain(const Board& board,
                               const std::function<void(const Match&)>& tell) const {
  std::vector<int> busy(busy_.size());
  for (int e = 0; e < board.instance().event_count(); ++e) {
    const int lecturer = board.at(e).lecturer;
    if (lecturer == kNone) continue;
    int count = 0;
    EachPeriod(board, e, [&](int period) {
      count +=
          ExcessChange(busy[lecturer * spans_.count + spans_.span_of[period]], 1, spans_.limit);
    });
    if (count > 0) tell({count, e, kNone});
  }
}

GroupWorkload::GroupWorkload(const Instance& instance, Spans spans)
    : GroupConstraint(kPeriod | kTeams),
      spans_(std::move(spans)),
      busy_(static_cast<size_t>(instance.group_count()) * spans_.count) {}

int GroupWorkload::Change(const Board& board, int group, int event, int sign) {
  int change = 0;
  EachPeriod(board, event, [&](int period) {
    int& busy = busy_[group * spans_.count + spans_.span_of[period]];
    change += ExcessChange(busy, sign, spans_.limit);
  });
  return change;
}

void GroupWorkload::Explain(const Board& board,
                            const std::function<void(const Match&)>& tell) const {
  std::vector<int> busy(busy_.size());
  for (int e = 0; e < board.instance().event_count(); ++e) {
    for (int group : board.members(e)) {
      int count = 0;
      EachPeriod(board, e, [&](int period) {
        count += ExcessChange(busy[group * spans_.count + spans_.span_of[period]], 1, spans_.limit);
      });
      if (count > 0) tell({count, e, group});
    }
  }
}

SeriesLecturers::SeriesLecturers(const Instance& instance)
    : Constraint(kLecturer), lecturers_(instance.series_count(), instance.lecturer_count) {}

int SeriesLecturers::Add(const Board& board, int event) {
  const int lecturer = board.at(event).lecturer;
  if (lecturer == kNone) return 0;
  return lecturers_.More(board.instance().events[event].series, lecturer);
}

int SeriesLecturers::Remove(const Board& board, int event) {
  const int lecturer = board.at(event).lecturer;
  if (lecturer == kNone) return 0;
  return lecturers_.Less(board.instance().events[event].series, lecturer);
}

void SeriesLecturers::Explain(const Board& board,
                              const std::function<void(const Match&)>& tell) const {
  TellBeyondFirst(
      board, [&](int event) { return board.at(event).lecturer; }, tell);
}

Changes::Changes(const Instance& instance, Published published)
    : Constraint(kPeriod | kVenue | kLecturer | kTeams),
      published_(std::move(published)),
      event_of_(static_cast<size_t>(instance.group_count()) * instance.series_count(), kNone) {
  for (size_t c = 0; c < published_.choices.size(); ++c) {
    const Instance::Choice& choice = instance.choices[c];
    event_of_[choice.group * instance.series_count() + choice.series] = published_.choices[c];
  }
}

int Changes::OfEvent(const Board& board, int event) const {
  const Placement& was = published_.placements[event];
  const Placement& is = board.at(event);
  const int parts = (was.period != kNone && was.period != is.period) +
                    (was.venue != kNone && was.venue != is.venue) +
                    (was.lecturer != kNone && was.lecturer != is.lecturer);
  return published_.by_event ? std::min(parts, 1) : parts;
}

int Changes::OfGroup(const Board& board, int group, int event) const {
  const Instance& instance = board.instance();
  const int was = event_of_[group * instance.series_count() + instance.events[event].series];
  return was != kNone && was != event ? 1 : 0;
}

int Changes::Change(int changes) {
  const int before = std::max(0, changes_ - published_.allowed);
  changes_ += changes;
  return std::max(0, changes_ - published_.allowed) - before;
}

int Changes::Add(const Board& board, int event) {
  int changes = OfEvent(board, event);
  for (int group : board.members(event)) changes += OfGroup(board, group, event);
  return Change(changes);
}

int Changes::Remove(const Board& board, int event) {
  int changes = OfEvent(board, event);
  for (int group : board.members(event)) changes += OfGroup(board, group, event);
  return Change(-changes);
}

int Changes::Join(const Board& board, int group, int event) {
  return Change(OfGroup(board, group, event));
}

int Changes::Leave(const Board& board, int group, int event) {
  return Change(-OfGroup(board, group, event));
}

void Changes::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  int allowed = published_.allowed;
  const auto count = [&](int changes, int event, int group) {
    const int free = std::min(changes, allowed);
    allowed -= free;
    if (changes > free) tell({changes - free, event, group});
  };
  for (int e = 0; e < board.instance().event_count(); ++e) {
    count(OfEvent(board, e), e, kNone);
    for (int group : board.members(e)) count(OfGroup(board, group, e), e, group);
  }
}

}  // namespace klynge::courses::timetable
