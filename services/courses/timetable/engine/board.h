// Who and what is where: the placement of every event, and what that takes up. Knows what can't be
// at the same time, and nothing of costs.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_BOARD_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_BOARD_H_

#include <vector>

#include "services/courses/timetable/engine/instance.h"

namespace klynge::courses::timetable {

struct Placement {
  int period = kNone;  // in which the event begins
  int venue = kNone;
  int lecturer = kNone;

  friend bool operator==(const Placement& a, const Placement& b) {
    return a.period == b.period && a.venue == b.venue && a.lecturer == b.lecturer;
  }
};

class Board {
 public:
  // Every event unplaced; every group with its series' audience, choices undecided but for the
  // fixed ones. `instance` must outlive the board.
  explicit Board(const Instance& instance);

  const Instance& instance() const { return instance_; }

  // The parts of an unplaced event, or of one that is on its way, are kNone.
  const Placement& at(int event) const { return at_[event]; }
  const std::vector<int>& members(int event) const { return members_[event]; }
  int heads(int event) const { return heads_[event]; }
  // The event of `series` that `group` attends by choice; kNone: undecided, or not by choice.
  int event_of(int group, int series) const {
    return event_of_[static_cast<size_t>(group) * instance_.series_count() + series];
  }
  int occupant(int period, int venue) const {
    return occupant_[static_cast<size_t>(period) * venues_ + venue];
  }

  // Whether the event could stand at `to` beside everything that is placed, if `other` (or
  // nothing: kNone) were taken away. The event itself is not in its own way.
  bool Fits(int event, const Placement& to, int other = kNone) const;
  // Of that, whether the people who attend, or a lecturer, are free when the event begins in
  // `period`.
  bool GroupsFree(int event, int period, int other = kNone) const;
  bool LecturerFree(int lecturer, int event, int period, int other = kNone) const;
  // Whether the event's groups or its lecturer are away then, whatever else is on the board.
  bool Away(int event, int period) const;
  // Whether people or lecturer keep the two from being in one period.
  bool Clash(int a, int b) const;

  // The event takes up its place. Only where it Fits.
  void Occupy(int event, const Placement& to);
  void Vacate(int event);
  // What constraints see of an event on its way: the parts that change are kNone.
  void set_at(int event, const Placement& at) { at_[event] = at; }

  void Join(int group, int event);
  void Leave(int group, int event);
  // Whether the group would be free when `event` takes place, if it no more came to `from`.
  bool CanJoin(int group, int event, int from) const;

 private:
  // Whether the event is there, or on, in the period.
  bool Covers(int event, int period) const {
    const int start = at_[event].period;
    return start != kNone && period >= start && period < start + instance_.events[event].duration;
  }
  bool SharePeople(int a, int b) const;
  void NoteClashes();
  int LecturerToken(int lecturer) const { return instance_.group_count() + lecturer; }
  void SetOccupied(int event, bool occupied);

  const Instance& instance_;
  const int venues_;
  std::vector<Placement> at_;              // [event]
  std::vector<std::vector<int>> members_;  // [event]
  std::vector<int> heads_;                 // [event]
  std::vector<int> event_of_;              // [group][series]
  std::vector<int> occupant_;              // [period][venue]
  BitTable needs_;                         // [event][group]
  // Whether two events clash, where that never changes: nobody attends by choice, and each event
  // has one lecturer at most.
  bool clashes_known_ = false;
  BitTable clashes_;  // [event][event]
  BitTable away_;     // [period][group, then lecturer]
  BitTable busy_;     // the same: away, or at an event
};

// The inner loop asks these of every proposal.

inline bool Board::GroupsFree(int event, int period, int other) const {
  const int words = needs_.words();
  const uint64_t* need = needs_.Row(event);
  for (int p = period; p < period + instance_.events[event].duration; ++p) {
    // Where the event is already, its people are there for it; where `other` is, they go with it.
    if (Covers(event, p)) continue;
    const uint64_t* busy = busy_.Row(p);
    uint64_t clash = 0;
    if (other != kNone && Covers(other, p)) {
      const uint64_t* freed = needs_.Row(other);
      for (int w = 0; w < words; ++w) clash |= need[w] & busy[w] & ~freed[w];
    } else {
      for (int w = 0; w < words; ++w) clash |= need[w] & busy[w];
    }
    if (clash != 0) return false;
  }
  return true;
}

inline bool Board::LecturerFree(int lecturer, int event, int period, int other) const {
  for (int p = period; p < period + instance_.events[event].duration; ++p) {
    if (!busy_.at(p, LecturerToken(lecturer))) continue;
    const bool here = at_[event].lecturer == lecturer && Covers(event, p);
    const bool freed = other != kNone && at_[other].lecturer == lecturer && Covers(other, p);
    if (!here && !freed) return false;
  }
  return true;
}

inline bool Board::Away(int event, int period) const {
  const uint64_t* need = needs_.Row(event);
  const int lecturer = at_[event].lecturer;
  for (int p = period; p < period + instance_.events[event].duration; ++p) {
    uint64_t away = 0;
    for (int w = 0; w < needs_.words(); ++w) away |= need[w] & away_.Row(p)[w];
    if (away != 0 || (lecturer != kNone && away_.at(p, LecturerToken(lecturer)))) return true;
  }
  return false;
}

inline bool Board::Fits(int event, const Placement& to, int other) const {
  if (!instance_.start_open.at(event, to.period) || !instance_.venue_fits.at(event, to.venue)) {
    return false;
  }
  for (int p = to.period; p < to.period + instance_.events[event].duration; ++p) {
    const int there = occupant(p, to.venue);
    if (there != kNone && there != event && there != other) return false;
  }
  return GroupsFree(event, to.period, other) &&
         (to.lecturer == kNone || LecturerFree(to.lecturer, event, to.period, other));
}

inline bool Board::Clash(int a, int b) const {
  if (clashes_known_) return clashes_.at(a, b);
  return SharePeople(a, b);
}

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_BOARD_H_
